// Package rounding has a time that one store keeps to the millisecond. Some databases round, others cut.
package rounding

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such lap")

type Lap struct {
	Runner  string
	Started time.Time
	Splits  []time.Time
}

//go:generate go tool dualgen
//dualgen:entity Lap key=Runner
//dualgen:compare round=Started:1ms,Splits:1ms
type Laps interface {
	Get(ctx context.Context, runner string) (Lap, error)
	Save(ctx context.Context, lap Lap) error
	Delete(ctx context.Context, runner string) error
	List(ctx context.Context) ([]Lap, error)
}

// Clock is a store that keeps what Keep makes of a time.
type Clock struct {
	laps rows.Table[string, Lap]
	Keep func(time.Time) time.Time
}

func (c *Clock) Get(_ context.Context, runner string) (Lap, error) {
	lap, err := c.laps.Find(runner)
	if err != nil {
		return lap, ErrNotFound
	}
	return lap, nil
}

func (c *Clock) Save(_ context.Context, lap Lap) error {
	if c.Keep != nil {
		lap.Started = c.Keep(lap.Started)
		splits := make([]time.Time, len(lap.Splits))
		for i, split := range lap.Splits {
			splits[i] = c.Keep(split)
		}
		lap.Splits = splits
	}
	return c.laps.Upsert(lap.Runner, lap)
}

func (c *Clock) Delete(_ context.Context, runner string) error { return c.laps.Remove(runner) }
func (c *Clock) List(context.Context) ([]Lap, error)           { return c.laps.All(), nil }
