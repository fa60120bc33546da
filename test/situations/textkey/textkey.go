// Package textkey has stores whose create makes a text as the key of what has none, and keeps one that is there.
package textkey

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such guest")

type Guest struct {
	ID   string
	Name string
}

//go:generate go tool dualgen
type Guests interface {
	FindGuest(ctx context.Context, id string) (*Guest, error)
	// CreateGuest stores a new guest. One without an ID is given one.
	CreateGuest(ctx context.Context, guest *Guest) error
	UpdateGuest(ctx context.Context, guest *Guest) error
	DeleteGuest(ctx context.Context, id string) error
	ListGuests(ctx context.Context) ([]*Guest, error)
}

// Book is a store.
type Book struct {
	guests rows.Table[string, Guest]
	// House begins the IDs that are made.
	House string
	made  int
}

func (b *Book) FindGuest(_ context.Context, id string) (*Guest, error) {
	guest, err := b.guests.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &guest, nil
}

func (b *Book) CreateGuest(_ context.Context, guest *Guest) error {
	id := guest.ID
	if id == "" {
		b.made++
		id = fmt.Sprintf("%s-%d", b.House, b.made)
	}
	if err := b.guests.Insert(id, Guest{ID: id, Name: guest.Name}); err != nil {
		return err
	}
	guest.ID = id
	return nil
}

func (b *Book) UpdateGuest(_ context.Context, guest *Guest) error {
	return b.guests.Change(guest.ID, func(g *Guest) { *g = *guest })
}

func (b *Book) DeleteGuest(_ context.Context, id string) error { return b.guests.Remove(id) }

func (b *Book) ListGuests(context.Context) ([]*Guest, error) {
	return rows.Pointers(b.guests.All()), nil
}
