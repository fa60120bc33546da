// Package listing has interfaces without a listing. A function over a store lists, in each form that a method may have.
package listing

import (
	"context"
	"errors"
	"iter"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such coin")

type Coin struct {
	Code  string
	Cents int
}

// Coins has what every interface here has.
type Coins interface {
	Get(ctx context.Context, code string) (Coin, error)
	Save(ctx context.Context, coin Coin) error
	Delete(ctx context.Context, code string) error
}

//go:generate go tool dualgen
//dualgen:entity Coin key=Code scan=all
type Whole interface{ Coins }

func all(_ context.Context, store Whole) ([]Coin, error) { return store.(*Purse).coins.All(), nil }

//go:generate go tool dualgen
//dualgen:entity Coin key=Code scan=after
type Paged interface{ Coins }

func after(_ context.Context, store Paged, afterCode string, limit int) ([]Coin, error) {
	return store.(*Purse).coins.After(afterCode, limit), nil
}

//go:generate go tool dualgen
//dualgen:entity Coin key=Code scan=sequence
type Streamed interface{ Coins }

func sequence(_ context.Context, store Streamed) iter.Seq2[Coin, error] {
	return func(yield func(Coin, error) bool) {
		for _, coin := range store.(*Purse).coins.All() {
			if !yield(coin, nil) {
				return
			}
		}
	}
}

//go:generate go tool dualgen
//dualgen:entity Coin key=Code scan=visit
type Visited interface{ Coins }

func visit(_ context.Context, store Visited, each func(Coin) error) error {
	for _, coin := range store.(*Purse).coins.All() {
		if err := each(coin); err != nil {
			return err
		}
	}
	return nil
}

// Purse is a store.
type Purse struct{ coins rows.Table[string, Coin] }

func (p *Purse) Get(_ context.Context, code string) (Coin, error) {
	coin, err := p.coins.Find(code)
	if err != nil {
		return coin, ErrNotFound
	}
	return coin, nil
}

func (p *Purse) Save(_ context.Context, c Coin) error        { return p.coins.Upsert(c.Code, c) }
func (p *Purse) Delete(_ context.Context, code string) error { return p.coins.Remove(code) }
