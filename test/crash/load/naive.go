package main

import (
	"context"
	"database/sql"

	"github.com/dualgen/dualgen/test/crash/items"
	"github.com/dualgen/dualgen/test/crash/items/pgnew"
	"github.com/dualgen/dualgen/test/crash/items/pgold"
)

// naive is the red control: it writes the old store, then the new one, and keeps no account.
type naive struct {
	items.Items
	old *pgold.Store
	new *pgnew.Store
}

func oldRow(item items.Item) pgold.Row {
	row := pgold.Row{ID: item.ID, Value: item.Value}
	if item.Note != nil {
		row.Note = sql.NullString{String: *item.Note, Valid: true}
	}
	return row
}

func newRecord(item items.Item) pgnew.Record {
	return pgnew.Record{Key: item.ID, Amount: item.Value, Remark: item.Note}
}

// Put writes both stores.
func (n naive) Put(ctx context.Context, item items.Item) error {
	return n.PutMany(ctx, []items.Item{item})
}

// PutMany writes both stores.
func (n naive) PutMany(ctx context.Context, many []items.Item) error {
	rows, records := make([]pgold.Row, len(many)), make([]pgnew.Record, len(many))
	for i, item := range many {
		rows[i], records[i] = oldRow(item), newRecord(item)
	}
	if err := n.old.PutMany(ctx, rows); err != nil {
		return err
	}
	return n.new.PutMany(ctx, records)
}

// SetNote writes both stores.
func (n naive) SetNote(ctx context.Context, id, note string) error {
	if err := n.old.SetNote(ctx, id, note); err != nil {
		return err
	}
	return n.new.SetNote(ctx, id, note)
}

// Delete writes both stores.
func (n naive) Delete(ctx context.Context, id string) error {
	if err := n.old.Delete(ctx, id); err != nil {
		return err
	}
	return n.new.Delete(ctx, id)
}
