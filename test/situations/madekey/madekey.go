// Package madekey has stores that number what they are given without a number.
package madekey

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such ticket")

type Ticket struct {
	ID   int64
	Text string
}

//go:generate go tool dualgen
type Tickets interface {
	Get(ctx context.Context, id int64) (*Ticket, error)
	// Upsert stores a ticket. One without an ID is given the next.
	Upsert(ctx context.Context, ticket *Ticket) error
	// Store stores a ticket, and returns its ID.
	//dualgen:key result
	Store(ctx context.Context, ticket Ticket) (int64, error)
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context) ([]*Ticket, error)
}

// Desk is a store.
type Desk struct {
	tickets rows.Table[int64, Ticket]
	// Last is the last ID that was given.
	Last int64
}

func (d *Desk) Get(_ context.Context, id int64) (*Ticket, error) {
	ticket, err := d.tickets.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &ticket, nil
}

func (d *Desk) Upsert(ctx context.Context, ticket *Ticket) error {
	id, err := d.Store(ctx, *ticket)
	if err != nil {
		return err
	}
	ticket.ID = id
	return nil
}

func (d *Desk) Store(_ context.Context, ticket Ticket) (int64, error) {
	if ticket.ID == 0 {
		d.Last++
		ticket.ID = d.Last
	}
	return ticket.ID, d.tickets.Upsert(ticket.ID, ticket)
}

func (d *Desk) Delete(_ context.Context, id int64) error { return d.tickets.Remove(id) }
func (d *Desk) List(context.Context) ([]*Ticket, error)  { return rows.Pointers(d.tickets.All()), nil }
