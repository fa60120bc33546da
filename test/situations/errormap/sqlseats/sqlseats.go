// Package sqlseats is the old store of errormap.
package sqlseats

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNoRow is what Get returns where there is nothing.
var ErrNoRow = errors.New("no row")

// Violation is what a statement returns that breaks a constraint.
type Violation struct{ Constraint string }

func (v Violation) Error() string { return "violates " + v.Constraint }

// IsDuplicate reports whether an error is about a key that is there already.
func IsDuplicate(err error) bool {
	var v Violation
	return errors.As(err, &v) && v.Constraint == "seats_pkey"
}

type Seat struct{ Number, Guest string }

// Seats is a store.
type Seats struct{ seats rows.Table[string, Seat] }

func (s *Seats) Get(_ context.Context, number string) (Seat, error) {
	seat, err := s.seats.Find(number)
	if err != nil {
		return seat, ErrNoRow
	}
	return seat, nil
}

func (s *Seats) Create(_ context.Context, seat Seat) error {
	err := s.seats.Insert(seat.Number, seat)
	if errors.Is(err, rows.ErrTaken) {
		return Violation{"seats_pkey"}
	}
	return err
}

func (s *Seats) Save(_ context.Context, seat Seat) error       { return s.seats.Upsert(seat.Number, seat) }
func (s *Seats) Delete(_ context.Context, number string) error { return s.seats.Remove(number) }
func (s *Seats) List(context.Context) ([]Seat, error)          { return s.seats.All(), nil }
