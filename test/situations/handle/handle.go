// Package handle has a read that returns a cursor, which its caller closes.
package handle

import (
	"context"
	"errors"
	"sync/atomic"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such reading")

type Reading struct {
	ID    int64
	Value float64
}

// Cursor goes through readings. Whoever is given one closes it.
type Cursor struct {
	readings []Reading
	open     *atomic.Int64
	closed   bool
}

// Next returns the next reading, if there is one.
func (c *Cursor) Next() (reading Reading, ok bool) {
	if len(c.readings) == 0 {
		return reading, false
	}
	reading, c.readings = c.readings[0], c.readings[1:]
	return reading, true
}

// Close gives the cursor back.
func (c *Cursor) Close() error {
	if c.closed {
		return errors.New("closed twice")
	}
	c.closed = true
	c.open.Add(-1)
	return nil
}

//go:generate go tool dualgen
type Readings interface {
	Get(ctx context.Context, id int64) (Reading, error)
	Save(ctx context.Context, reading Reading) error
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context) ([]Reading, error)
	// Query returns a cursor over what is at least a value.
	Query(ctx context.Context, least float64) (*Cursor, error)
}

// Sensor is a store that counts its open cursors, and those that it ever opened.
type Sensor struct {
	readings     rows.Table[int64, Reading]
	Open, Opened atomic.Int64
}

func (s *Sensor) Get(_ context.Context, id int64) (Reading, error) {
	reading, err := s.readings.Find(id)
	if err != nil {
		return reading, ErrNotFound
	}
	return reading, nil
}

func (s *Sensor) Save(_ context.Context, r Reading) error  { return s.readings.Upsert(r.ID, r) }
func (s *Sensor) Delete(_ context.Context, id int64) error { return s.readings.Remove(id) }
func (s *Sensor) List(context.Context) ([]Reading, error)  { return s.readings.All(), nil }

func (s *Sensor) Query(_ context.Context, least float64) (*Cursor, error) {
	s.Open.Add(1)
	s.Opened.Add(1)
	return &Cursor{readings: s.readings.Where(func(r Reading) bool { return r.Value >= least }), open: &s.Open}, nil
}
