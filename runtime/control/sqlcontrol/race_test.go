package sqlcontrol

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control/internal/journalrace"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Several processes' worth of connections race over real databases.
func TestRace(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		for name, options := range map[string]struct{ guarded, lazy bool }{"agreed": {}, "lazy": {lazy: true}, "guarded": {guarded: true}} {
			t.Run(name, func(t *testing.T) {
				var journals []journal.Journal
				for range 3 {
					b := p.open(t, Options{Migration: name, LazyEnd: options.lazy, Sweep: 50 * time.Millisecond})
					journals = append(journals, b.Journal())
				}
				require.NoError(t, journalrace.Run(t.Context(), journalrace.Options{
					Journals: journals, Writers: 4, Writes: 40, Keys: 6, Makes: 0.1, Sweeps: 0.05, Guarded: options.guarded, Lease: 300 * time.Millisecond,
				}))
			})
		}
	})
}
