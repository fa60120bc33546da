package cqlcontrol

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control/internal/journalrace"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Several processes race over real Cassandra, on the fast path beside lightweight transactions, and in the guarded phases.
func TestRace(t *testing.T) {
	p := newPlace(t)
	for name, guarded := range map[string]bool{"agreed": false, "guarded": true} {
		t.Run(name, func(t *testing.T) {
			p.migration = name
			var journals []journal.Journal
			for range 3 {
				journals = append(journals, p.open(t, Options{Skew: -1}).Journal())
			}
			require.NoError(t, journalrace.Run(t.Context(), journalrace.Options{
				Journals: journals, Writers: 4, Writes: 32, Keys: 6, Makes: 0.1, Sweeps: 0.05, Guarded: guarded, Lease: 300 * time.Millisecond,
			}))
		})
	}
}
