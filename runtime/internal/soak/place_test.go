package soak

import (
	"context"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// place is a server that keeps a fleet's control and its journal.
type place struct {
	name string
	// calls is how many a short run makes, and burst how many keys are written at once near its end.
	calls, burst int
	// open returns what one process has of it, and how it is closed.
	open func(t *testing.T) backend
	// cost counts what the server had to do so far: statements, or rows that it read.
	cost func(t *testing.T) int64
	// measure returns what a run of do in a process of its own costs the server, and what the tables hold afterwards.
	measure func(t *testing.T, do func(ctx context.Context, j journal.Journal)) figures
	// age makes what closed and dead processes left more than a day old, and ageKeys makes unclean keys look as if they had been
	// so for an hour.
	age, ageKeys func(t *testing.T)
	// ahead makes an owner's lease look as if its process' clock had been five minutes ahead, where a lease is of an owner in one
	// process.
	ahead func(t *testing.T, owner string)
	// repeated counts the statements that a session's RetryPolicy was asked about, where there is such a thing.
	repeated func(t *testing.T) int64
	// rest is how long the processes take to look after what others left.
	rest time.Duration
}

type backend struct {
	control control.Control
	journal journal.Journal
	close   func()
}

// figures are named numbers.
type figures map[string]int64
