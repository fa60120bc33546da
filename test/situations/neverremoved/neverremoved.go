// Package neverremoved has receipts, which nobody removes.
package neverremoved

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such receipt")

type Receipt struct {
	Number int64
	Cents  int64
}

//go:generate go tool dualgen
//dualgen:entity Receipt appendonly
type Receipts interface {
	GetReceipt(ctx context.Context, number int64) (Receipt, error)
	PutReceipt(ctx context.Context, receipt Receipt) error
	ListReceipts(ctx context.Context) ([]Receipt, error)
}

// Till is a store.
type Till struct{ receipts rows.Table[int64, Receipt] }

func (t *Till) GetReceipt(_ context.Context, number int64) (Receipt, error) {
	receipt, err := t.receipts.Find(number)
	if err != nil {
		return receipt, ErrNotFound
	}
	return receipt, nil
}

func (t *Till) PutReceipt(_ context.Context, r Receipt) error   { return t.receipts.Upsert(r.Number, r) }
func (t *Till) ListReceipts(context.Context) ([]Receipt, error) { return t.receipts.All(), nil }
