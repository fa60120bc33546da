// Package kvseats is the new store of errormap.
package kvseats

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var (
	// ErrNoKey is what Get returns where there is nothing.
	ErrNoKey = errors.New("no key")
	// ErrKeyExists is what Create returns for a key that is there.
	ErrKeyExists = errors.New("key exists")
)

type Seat struct{ Number, Guest string }

// Seats is a store.
type Seats struct{ seats rows.Table[string, Seat] }

func (s *Seats) Get(_ context.Context, number string) (Seat, error) {
	seat, err := s.seats.Find(number)
	if err != nil {
		return seat, ErrNoKey
	}
	return seat, nil
}

func (s *Seats) Create(_ context.Context, seat Seat) error {
	err := s.seats.Insert(seat.Number, seat)
	if errors.Is(err, rows.ErrTaken) {
		return ErrKeyExists
	}
	return err
}

func (s *Seats) Save(_ context.Context, seat Seat) error       { return s.seats.Upsert(seat.Number, seat) }
func (s *Seats) Delete(_ context.Context, number string) error { return s.seats.Remove(number) }
func (s *Seats) List(context.Context) ([]Seat, error)          { return s.seats.All(), nil }
