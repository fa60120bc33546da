// Package unlisted has coupons that nothing lists, and transactions over them.
package unlisted

import (
	"context"
	"errors"
	"maps"
)

var ErrNotFound = errors.New("no such coupon")

// Coupon is good for a number of uses.
type Coupon struct {
	Code string
	Uses int
}

//go:generate go tool dualgen
//dualgen:entity Coupon scan=none
type Coupons interface {
	Get(ctx context.Context, code string) (Coupon, error)
	Save(ctx context.Context, coupon Coupon) error
	Delete(ctx context.Context, code string) error
	// InTx runs f in a transaction, which is rolled back if f fails.
	InTx(ctx context.Context, f func(Coupons) error) error
}

// Till is a store. The zero Till is empty.
type Till struct {
	coupons map[string]Coupon
	// inTx takes the place of InTx, if it is set.
	inTx func(t *Till, f func(Coupons) error) error
}

func (t *Till) Get(_ context.Context, code string) (Coupon, error) {
	coupon, ok := t.coupons[code]
	if !ok {
		return Coupon{}, ErrNotFound
	}
	return coupon, nil
}

func (t *Till) Save(_ context.Context, coupon Coupon) error {
	if t.coupons == nil {
		t.coupons = map[string]Coupon{}
	}
	t.coupons[coupon.Code] = coupon
	return nil
}

func (t *Till) Delete(_ context.Context, code string) error {
	delete(t.coupons, code)
	return nil
}

// InTx runs f on a copy, which takes the till's place if f succeeds.
func (t *Till) InTx(_ context.Context, f func(Coupons) error) error {
	if t.inTx != nil {
		return t.inTx(t, f)
	}
	tx := &Till{coupons: maps.Clone(t.coupons)}
	if err := f(tx); err != nil {
		return err
	}
	t.coupons = tx.coupons
	return nil
}
