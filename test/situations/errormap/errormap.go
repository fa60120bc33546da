// Package errormap promises ErrTaken to its callers. Each store has its own way of saying so.
package errormap

import (
	"context"
	"errors"
)

var (
	ErrNotFound = errors.New("no such seat")
	// ErrTaken is what Create returns for a seat that somebody has.
	ErrTaken = errors.New("the seat is taken")
)

type Seat struct{ Number, Guest string }

//go:generate go tool dualgen -old ./sqlseats.Seats -new ./kvseats.Seats
//dualgen:entity Seat put=Save
//dualgen:notfound ErrNotFound old=sqlseats.ErrNoRow new=kvseats.ErrNoKey
//dualgen:error ErrTaken old=sqlseats.IsDuplicate new=kvseats.ErrKeyExists
type Seats interface {
	Get(ctx context.Context, number string) (Seat, error)
	Create(ctx context.Context, seat Seat) error
	Save(ctx context.Context, seat Seat) error
	Delete(ctx context.Context, number string) error
	List(ctx context.Context) ([]Seat, error)
}
