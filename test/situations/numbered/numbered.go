// Package numbered has stores that number a receipt which has no number, and store one that has under it.
package numbered

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such receipt")

type Receipt struct {
	ID  int64
	Sum int
}

// Receipts are kept for good.
//
//dualgen:entity Receipt key=ID get=Get put=Save delete=Delete scan=List
//go:generate go tool dualgen
type Receipts interface {
	Get(ctx context.Context, id int64) (*Receipt, error)
	// Save stores a receipt. One without an ID is given the next.
	Save(ctx context.Context, receipt *Receipt) error
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context) ([]*Receipt, error)
}

// Till is a store.
type Till struct {
	receipts rows.Table[int64, Receipt]
	// Next is the number that is made next, and every other one after it.
	Next int64
}

func (t *Till) Get(_ context.Context, id int64) (*Receipt, error) {
	receipt, err := t.receipts.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &receipt, nil
}

func (t *Till) Save(_ context.Context, receipt *Receipt) error {
	id := receipt.ID
	if id == 0 {
		id = t.Next
		t.Next += 2
	}
	if err := t.receipts.Upsert(id, Receipt{ID: id, Sum: receipt.Sum}); err != nil {
		return err
	}
	receipt.ID = id
	return nil
}

func (t *Till) Delete(_ context.Context, id int64) error { return t.receipts.Remove(id) }
func (t *Till) List(context.Context) ([]*Receipt, error) { return rows.Pointers(t.receipts.All()), nil }
