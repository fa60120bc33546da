// Package feed is the new store of zones, which keeps times as they are.
package feed

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("none")

type Bus struct {
	Line        string
	Day, Leaves time.Time
	Changed     *time.Time
}

// Buses is a store.
type Buses struct{ buses rows.Table[string, Bus] }

func (b *Buses) Get(_ context.Context, line string) (Bus, error) {
	bus, err := b.buses.Find(line)
	if err != nil {
		return bus, ErrNone
	}
	return bus, nil
}

func (b *Buses) Save(_ context.Context, bus Bus) error       { return b.buses.Upsert(bus.Line, bus) }
func (b *Buses) Delete(_ context.Context, line string) error { return b.buses.Remove(line) }
func (b *Buses) List(context.Context) ([]Bus, error)         { return b.buses.All(), nil }
