package sqlcontrol

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
)

// opener of backends for other migrations in one set of tables.
func (p place) migrations() func(t *testing.T, options Options) *Backend {
	var n atomic.Int64
	return func(t *testing.T, options Options) *Backend {
		options.Migration = fmt.Sprint("m", n.Add(1))
		return p.open(t, options)
	}
}

func TestJournal(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		open := p.migrations()
		journaltest.Run(t, func(t *testing.T) journal.Journal { return open(t, Options{}).Journal() })
	})
}

func TestControl(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		open := p.migrations()
		controltest.Run(t, func(t *testing.T) control.Control { return open(t, Options{}).Control() })
	})
}

func TestNeighbours(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		open := p.migrations()
		controltest.Neighbours(t, open(t, Options{}).Control(), open(t, Options{}).Control())
	})
}
