// Package belowzero has pages that begin after a key, and keys at and below the zero value: floors, and codes that may be "".
package belowzero

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such room")

type Floor struct {
	Level int32
	Name  string
}

//go:generate go tool dualgen
type Floors interface {
	Get(ctx context.Context, level int32) (Floor, error)
	Save(ctx context.Context, floor Floor) error
	Delete(ctx context.Context, level int32) error
	// List returns the first floors above one.
	List(ctx context.Context, after int32, limit int) ([]Floor, error)
}

// House is a store of floors.
type House struct{ floors rows.Table[int32, Floor] }

func (h *House) Get(_ context.Context, level int32) (Floor, error) {
	floor, err := h.floors.Find(level)
	if err != nil {
		return floor, ErrNotFound
	}
	return floor, nil
}

func (h *House) Save(_ context.Context, f Floor) error       { return h.floors.Upsert(f.Level, f) }
func (h *House) Delete(_ context.Context, level int32) error { return h.floors.Remove(level) }

func (h *House) List(_ context.Context, after int32, limit int) ([]Floor, error) {
	return h.floors.After(after, limit), nil
}

type Room struct {
	Code string
	Beds int
}

//go:generate go tool dualgen
//dualgen:entity Room key=Code
type Rooms interface {
	Get(ctx context.Context, code string) (Room, error)
	Save(ctx context.Context, room Room) error
	Delete(ctx context.Context, code string) error
	// List returns the first rooms above one.
	List(ctx context.Context, after string, limit int) ([]Room, error)
}

// Hotel is a store of rooms.
type Hotel struct{ rooms rows.Table[string, Room] }

func (h *Hotel) Get(_ context.Context, code string) (Room, error) {
	room, err := h.rooms.Find(code)
	if err != nil {
		return room, ErrNotFound
	}
	return room, nil
}

func (h *Hotel) Save(_ context.Context, r Room) error        { return h.rooms.Upsert(r.Code, r) }
func (h *Hotel) Delete(_ context.Context, code string) error { return h.rooms.Remove(code) }

func (h *Hotel) List(_ context.Context, after string, limit int) ([]Room, error) {
	return h.rooms.After(after, limit), nil
}
