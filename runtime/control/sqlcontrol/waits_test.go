package sqlcontrol

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// aMoment is how long a test sees that something does not come. It fails nothing that is right, however busy the machine is.
const aMoment = 300 * time.Millisecond

// waits does something in a transaction, and expects that what another process asks for meanwhile ends after it alone.
func waits(t *testing.T, j *Journal, do func(transaction) error, other func() error) {
	t.Helper()
	done := make(chan error, 1)
	early := false
	require.NoError(t, j.inTx(t.Context(), "test", func(held transaction) error {
		if err := do(held); err != nil {
			return err
		}
		go func() { done <- other() }()
		select {
		case err := <-done:
			early = true
			done <- err
		case <-time.After(aMoment):
		}
		return nil
	}))
	require.NoError(t, <-done)
	require.False(t, early, "it did not wait")
}

// A Seq that did not wait for a sweep could be followed by the sweep's forgetting what was written after it: a Track that the sweep did not
// see would miss it.
func TestSeqWaitsForSweep(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		if p.dialect == Postgres {
			return // a sweep is one statement there, on one snapshot
		}
		b, other, ctx := p.open(t, Options{}), p.open(t, Options{}), t.Context()
		waits(t, b.journal, func(held transaction) error {
			if p.dialect == SQLite {
				_, err := held.sweepLite("none", 0, 1)
				return err
			}
			_, err := held.sweepRows(nil)
			return err
		}, func() error {
			_, err := other.journal.Seq(ctx)
			return err
		})
	})
}

// In SQLite, who only reads waits for no writer. Where everyone waits for the one lock, a sweep or a status would fall behind the calls.
func TestReadersWaitForNobody(t *testing.T) {
	file := "file:" + filepath.Join(t.TempDir(), "control.db") + "?_pragma=busy_timeout(10)&_pragma=journal_mode(WAL)&_txlock=immediate"
	b, ctx := place{"sqlite", SQLite, opener("sqlite", file)}.open(t, Options{}), t.Context()
	require.NoError(t, b.journal.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	require.NoError(t, b.inTx(ctx, "write", func(held transaction) error {
		if _, err := held.exec(lockDatabase); err != nil {
			return err
		}
		counts, err := b.journal.Counts(ctx, "")
		assert.NoError(t, err)
		assert.Equal(t, 1, counts.Dirty)
		entries, err := b.journal.Unclean(ctx, journal.Query{Copyable: true})
		assert.NoError(t, err)
		assert.Len(t, entries, 1)
		active, err := b.journal.Activity(ctx, key.Kind, 0)
		assert.NoError(t, err)
		assert.Len(t, active, 1)
		return b.journal.takeStrays(ctx)
	}))
}

// An owner whose lease has run out cannot renew it while its tokens are being taken away, and then believe that they are there.
func TestRenewWaitsForExpire(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b, other, ctx := p.open(t, Options{}), p.open(t, Options{}), t.Context()
		require.NoError(t, other.journal.Renew(ctx, "slow", time.Minute))
		_, err := other.journal.Begin(ctx, "slow", key, phase.Old)
		require.NoError(t, err)
		require.NoError(t, other.journal.Renew(ctx, "slow", -time.Minute)) // it has run out
		waits(t, b.journal, func(held transaction) error {
			taken, err := held.expire()
			require.Equal(t, 1, taken)
			return err
		}, func() error { return other.journal.Renew(ctx, "slow", time.Minute) })
	})
}
