// Package createonly has lockers that are rented, and an update that changes the code alone: nothing stores a whole locker
// whether it is there or not.
package createonly

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such locker")

type Locker struct {
	Number int
	Tenant string
	Code   string
}

//go:generate go tool dualgen
//dualgen:entity Locker key=Number get=FindLocker put=putLocker delete=DeleteLocker scan=ListLockers
type Lockers interface {
	FindLocker(ctx context.Context, number int) (*Locker, error)
	CreateLocker(ctx context.Context, locker *Locker) error
	// UpdateLockerCode stores the locker's code.
	UpdateLockerCode(ctx context.Context, locker *Locker) error
	DeleteLocker(ctx context.Context, number int) error
	ListLockers(ctx context.Context) ([]*Locker, error)
}

// Hall is a store.
type Hall struct{ lockers rows.Table[int, Locker] }

func (h *Hall) FindLocker(_ context.Context, number int) (*Locker, error) {
	locker, err := h.lockers.Find(number)
	if err != nil {
		return nil, ErrNotFound
	}
	return &locker, nil
}

func (h *Hall) CreateLocker(_ context.Context, l *Locker) error {
	return h.lockers.Insert(l.Number, *l)
}

func (h *Hall) UpdateLockerCode(_ context.Context, locker *Locker) error {
	err := h.lockers.Change(locker.Number, func(have *Locker) { have.Code = locker.Code })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (h *Hall) DeleteLocker(_ context.Context, number int) error { return h.lockers.Remove(number) }

func (h *Hall) ListLockers(context.Context) ([]*Locker, error) {
	return rows.Pointers(h.lockers.All()), nil
}

// putLocker stores a locker, whether it is there or not.
func putLocker(ctx context.Context, store Lockers, locker Locker) error {
	if err := store.DeleteLocker(ctx, locker.Number); err != nil {
		return err
	}
	return store.CreateLocker(ctx, &locker)
}
