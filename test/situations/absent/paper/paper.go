// Package paper is the old store of absent.
package paper

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrBlank is what Lookup returns where there is nothing.
var ErrBlank = errors.New("blank page")

type Word struct{ Text, Meaning string }

// Words is a store.
type Words struct{ words rows.Table[string, Word] }

func (w *Words) Lookup(_ context.Context, text string) (Word, error) {
	word, err := w.words.Find(text)
	if err != nil {
		return word, ErrBlank
	}
	return word, nil
}

func (w *Words) Save(_ context.Context, word Word) error     { return w.words.Upsert(word.Text, word) }
func (w *Words) Delete(_ context.Context, text string) error { return w.words.Remove(text) }
func (w *Words) List(context.Context) ([]Word, error)        { return w.words.All(), nil }
