// Package cloud is the new store of absent.
package cloud

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// Status is an answer that is no success.
type Status struct{ Code int }

func (s Status) Error() string { return fmt.Sprint("status ", s.Code) }

// IsMissing reports whether an answer says that there is nothing.
func IsMissing(err error) bool {
	var s Status
	return errors.As(err, &s) && s.Code == 404
}

type Word struct{ Text, Meaning string }

// Words is a store.
type Words struct{ words rows.Table[string, Word] }

func (w *Words) Lookup(_ context.Context, text string) (Word, error) {
	word, err := w.words.Find(text)
	if err != nil {
		return word, Status{404}
	}
	return word, nil
}

func (w *Words) Save(_ context.Context, word Word) error     { return w.words.Upsert(word.Text, word) }
func (w *Words) Delete(_ context.Context, text string) error { return w.words.Remove(text) }
func (w *Words) List(context.Context) ([]Word, error)        { return w.words.All(), nil }
