package sqlcontrol

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
	"github.com/dualgen/dualgen/runtime/control/internal/journalrace"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/journal/journaltest"
	"github.com/dualgen/dualgen/runtime/phase"
)

// unprepared is the setting of pgx that PgBouncer's transaction mode needs.
const unprepared = "&default_query_exec_mode=exec"

// Control and journal work behind a real PgBouncer in transaction mode, whose connections change with each transaction.
func TestPgBouncer(t *testing.T) {
	p := place{"pgbouncer", Postgres, opener("pgx", servertest.PgBouncer(t, 6)+unprepared)}
	open := p.migrations()
	controltest.Run(t, func(t *testing.T) control.Control { return open(t, Options{}).Control() })
	t.Run("journal", func(t *testing.T) {
		journaltest.Run(t, func(t *testing.T) journal.Journal { return open(t, Options{}).Journal() })
	})
	t.Run("race", func(t *testing.T) {
		var journals []journal.Journal
		for range 3 {
			b := p.open(t, Options{Migration: "race", Sweep: 50 * time.Millisecond})
			journals = append(journals, b.Journal())
		}
		require.NoError(t, journalrace.Run(t.Context(), journalrace.Options{
			Journals: journals, Writers: 4, Writes: 40, Keys: 6, Makes: 0.1, Sweeps: 0.05, Guarded: true, Lease: 300 * time.Millisecond,
		}))
	})
}

// Without the setting, the error names it.
func TestPgBouncerWithPreparedStatements(t *testing.T) {
	p := place{"pgbouncer", Postgres, opener("pgx", servertest.PgBouncer(t, 6))}
	b, err := Open(p.reach(t), Options{Dialect: Postgres, Migration: "pooled", Connections: 15})
	require.NoError(t, err)
	t.Cleanup(func() { _ = b.Close(t.Context()) })
	err = b.Migrate(t.Context())
	for n := 0; err == nil && n < 100; n++ {
		var calls errgroup.Group
		for i := range 8 {
			calls.Go(func() error {
				key := journal.Key{Kind: "User", ID: fmt.Sprint(i)}
				token, err := b.journal.Begin(t.Context(), "me", key, phase.Old)
				if err != nil {
					return err
				}
				return b.journal.End(t.Context(), key, token, true)
			})
		}
		err = calls.Wait()
	}
	require.ErrorContains(t, err, "default_query_exec_mode=exec")
}
