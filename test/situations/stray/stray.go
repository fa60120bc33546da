// Package stray has stores that number whatever they create, and tell which number they made: a copy of a row that is not there comes under
// another key.
package stray

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such ticket")

type Ticket struct {
	ID    int64
	Title string
}

//go:generate go tool dualgen
type Tickets interface {
	GetTicket(ctx context.Context, id int64) (*Ticket, error)
	CreateTicket(ctx context.Context, ticket *Ticket) error
	UpdateTicket(ctx context.Context, ticket *Ticket) error
	DeleteTicket(ctx context.Context, id int64) error
	ListTickets(ctx context.Context) ([]*Ticket, error)
}

// Desk is a store, as one of INSERT … RETURNING id is that leaves the column out.
type Desk struct {
	tickets rows.Table[int64, Ticket]
	// Last is the last number that was made.
	Last int64
}

func (d *Desk) GetTicket(_ context.Context, id int64) (*Ticket, error) {
	ticket, err := d.tickets.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &ticket, nil
}

func (d *Desk) CreateTicket(_ context.Context, ticket *Ticket) error {
	d.Last++
	ticket.ID = d.Last
	return d.tickets.Insert(ticket.ID, *ticket)
}

func (d *Desk) UpdateTicket(_ context.Context, ticket *Ticket) error {
	err := d.tickets.Change(ticket.ID, func(have *Ticket) { *have = *ticket })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (d *Desk) DeleteTicket(_ context.Context, id int64) error { return d.tickets.Remove(id) }
func (d *Desk) ListTickets(context.Context) ([]*Ticket, error) {
	return rows.Pointers(d.tickets.All()), nil
}
