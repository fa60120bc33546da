// Package docevents is the new store of jsontext, with documents as bytes.
package docevents

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNoDocument is what Get returns where there is nothing.
var ErrNoDocument = errors.New("no document")

type Document struct {
	ID         string
	Data, Site []byte
}

// Events is a store.
type Events struct{ documents rows.Table[string, Document] }

func (e *Events) Get(_ context.Context, id string) (Document, error) {
	document, err := e.documents.Find(id)
	if err != nil {
		return document, ErrNoDocument
	}
	return document, nil
}

func (e *Events) Save(_ context.Context, d Document) error  { return e.documents.Upsert(d.ID, d) }
func (e *Events) Delete(_ context.Context, id string) error { return e.documents.Remove(id) }
func (e *Events) List(context.Context) ([]Document, error)  { return e.documents.All(), nil }
