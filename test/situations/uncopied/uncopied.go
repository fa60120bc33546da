// Package uncopied has shops, and visits that are only ever written: nothing reads one back, so nothing can copy one.
package uncopied

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such shop")

type Shop struct{ ID, Name string }

//go:generate go tool dualgen
//dualgen:entity Visit key=token writeonly methods=Visit,Visited
//dualgen:mirror Visit replay
type Shops interface {
	GetShop(ctx context.Context, id string) (Shop, error)
	SaveShop(ctx context.Context, shop Shop) error
	DeleteShop(ctx context.Context, id string) error
	ListShops(ctx context.Context) ([]Shop, error)

	//dualgen:write
	Visit(ctx context.Context, token string, at time.Time) error
	//dualgen:read
	Visited(ctx context.Context, token string) (bool, error)
}

// Town is a store.
type Town struct {
	shops  rows.Table[string, Shop]
	visits rows.Table[string, time.Time]
}

func (t *Town) GetShop(_ context.Context, id string) (Shop, error) {
	shop, err := t.shops.Find(id)
	if err != nil {
		return shop, ErrNotFound
	}
	return shop, nil
}

func (t *Town) SaveShop(_ context.Context, s Shop) error      { return t.shops.Upsert(s.ID, s) }
func (t *Town) DeleteShop(_ context.Context, id string) error { return t.shops.Remove(id) }
func (t *Town) ListShops(context.Context) ([]Shop, error)     { return t.shops.All(), nil }

func (t *Town) Visit(_ context.Context, token string, at time.Time) error {
	return t.visits.Upsert(token, at)
}

func (t *Town) Visited(_ context.Context, token string) (bool, error) {
	return t.visits.Has(token), nil
}
