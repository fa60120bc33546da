// Package sqlevents is the old store of jsontext, with columns of text.
package sqlevents

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNoRow is what Get returns where there is nothing.
var ErrNoRow = errors.New("no row")

type Row struct{ ID, Data, Site string }

// Events is a store.
type Events struct{ rows rows.Table[string, Row] }

func (e *Events) Get(_ context.Context, id string) (Row, error) {
	row, err := e.rows.Find(id)
	if err != nil {
		return row, ErrNoRow
	}
	return row, nil
}

func (e *Events) Save(_ context.Context, row Row) error     { return e.rows.Upsert(row.ID, row) }
func (e *Events) Delete(_ context.Context, id string) error { return e.rows.Remove(id) }
func (e *Events) List(context.Context) ([]Row, error)       { return e.rows.All(), nil }
