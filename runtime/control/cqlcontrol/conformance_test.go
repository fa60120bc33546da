package cqlcontrol

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
	"github.com/dualgen/dualgen/runtime/control/internal/journaldiff"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
)

// opener of backends for other migrations in one keyspace.
func (p place) migrations() func(t *testing.T, options Options) *Backend {
	var n atomic.Int64
	return func(t *testing.T, options Options) *Backend {
		options.Migration = fmt.Sprint("m", n.Add(1))
		return p.open(t, options)
	}
}

func TestConformance(t *testing.T) {
	open := newPlace(t).migrations()
	t.Run("journal", func(t *testing.T) {
		journaltest.Run(t, func(t *testing.T) journal.Journal { return open(t, Options{}).Journal() })
	})
	t.Run("control", func(t *testing.T) {
		controltest.Run(t, func(t *testing.T) control.Control { return open(t, Options{}).Control() })
	})
	t.Run("neighbours", func(t *testing.T) {
		controltest.Neighbours(t, open(t, Options{}).Control(), open(t, Options{}).Control())
	})
	t.Run("as in memory", func(t *testing.T) {
		journaldiff.Run(t, open(t, Options{}).Journal(), journaldiff.Options{Steps: 70, Seed: 1, Superset: true})
	})
}
