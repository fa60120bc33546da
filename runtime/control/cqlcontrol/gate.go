package cqlcontrol

import (
	"context"
	"sync/atomic"

	"github.com/gocql/gocql"
)

// inFlight is how many statements of a process' journal are under way at once. Nodes answer in the order in which they were asked: what
// ten thousand calls send at once would be before a lease that has to be renewed. Control and leases do not pass the gate.
const inFlight = 512

// gate lets so many statements through at once.
type gate struct {
	slots   chan struct{}
	waiting atomic.Int64
}

func newGate(n int) *gate { return &gate{slots: make(chan struct{}, n)} }

// enter returns once there is room, or ctx has ended: then the driver says so.
func (g *gate) enter(ctx context.Context) (leave func()) {
	if g == nil {
		return func() {}
	}
	g.waiting.Add(1)
	defer g.waiting.Add(-1)
	select {
	case g.slots <- struct{}{}:
		return func() { <-g.slots }
	case <-ctx.Done():
		return func() {}
	}
}

// gated is a statement that is sent once the gate lets it through.
type gated struct {
	ctx   context.Context
	query Query
	gate  *gate // nil: at once
}

func (g gated) Consistency(c gocql.Consistency) gated {
	g.query.Consistency(c)
	return g
}

func (g gated) WithTimestamp(stamp int64) gated {
	g.query.Timestamp(stamp)
	return g
}

func (g gated) Exec() error {
	defer g.gate.enter(g.ctx)()
	return g.query.Exec()
}

func (g gated) Scan(dest ...any) error {
	defer g.gate.enter(g.ctx)()
	return g.query.Scan(dest...)
}

func (g gated) Iter() Rows {
	defer g.gate.enter(g.ctx)()
	return g.query.Rows()
}

// apply runs a lightweight transaction, and reports whether it was applied. An error leaves that open.
func (g gated) apply(serial gocql.SerialConsistency) (bool, error) {
	defer g.gate.enter(g.ctx)()
	return g.query.Apply(serial)
}
