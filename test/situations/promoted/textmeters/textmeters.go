// Package textmeters is the old store of promoted.
package textmeters

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("none")

type Row struct {
	ID     string
	Budget string
	Net    string
	Start  []byte
}

// Meters is a store.
type Meters struct{ rows rows.Table[string, Row] }

func (m *Meters) Get(_ context.Context, id string) (Row, error) {
	row, err := m.rows.Find(id)
	if err != nil {
		return row, ErrNone
	}
	return row, nil
}

func (m *Meters) Save(_ context.Context, row Row) error     { return m.rows.Upsert(row.ID, row) }
func (m *Meters) Delete(_ context.Context, id string) error { return m.rows.Remove(id) }
func (m *Meters) List(context.Context) ([]Row, error)       { return m.rows.All(), nil }
