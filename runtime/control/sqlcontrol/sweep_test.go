package sqlcontrol

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// One tidying sweeps all that is due, however much it is, and leaves what is under a call, dirty, or younger. Several instances may sweep
// at once.
func TestSweepAll(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b, ctx := p.open(t, Options{}), t.Context()
		step := sweepBatch
		if p.dialect == SQLite {
			step = liteBatch
		}
		var keys []journal.Key
		for i := range 2*step + 10 {
			keys = append(keys, journal.Key{Kind: "User", ID: fmt.Sprint(i)})
		}
		require.NoError(t, b.journal.MarkDirty(ctx, keys, phase.Old)) // dirty keys are copied in bulk
		for i := 0; i < len(keys); i += batch {
			some := keys[i:min(i+batch, len(keys))]
			tokens, err := b.journal.BeginCopies(ctx, "copier", some, 0)
			require.NoError(t, err)
			require.NoError(t, b.journal.EndMany(ctx, some, tokens, true))
		}
		held, err := b.journal.Begin(ctx, "x", keys[3], phase.Old)
		require.NoError(t, err)
		require.NoError(t, b.journal.MarkDirty(ctx, keys[5:6], phase.Old))
		count := func() (rows int) {
			require.NoError(t, b.get(ctx, "count", &rows, `SELECT count(*) FROM {entry} WHERE migration = {m} AND whole = 0`))
			return rows
		}
		require.NoError(t, b.journal.sweep(ctx, time.Hour))
		require.Equal(t, len(keys), count(), "they came just now")
		others := []*Journal{b.journal, p.open(t, Options{}).journal, p.open(t, Options{}).journal}
		var sweeps sync.WaitGroup
		for _, j := range others {
			sweeps.Go(func() { assert.NoError(t, j.sweep(ctx, -time.Hour)) })
		}
		sweeps.Wait()
		require.NoError(t, b.journal.sweep(ctx, -time.Hour))
		require.Equal(t, 2, count())
		require.NoError(t, b.journal.End(ctx, keys[3], held, true))
	})
}

// A row that changed after a sweep listed it stays, though it is clean again: its last call may have ended after a Track.
func TestSweepLeavesWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		if p.dialect == SQLite {
			return // lists and deletes in one transaction, with the database to itself
		}
		b, ctx := p.open(t, Options{}), t.Context()
		write := func() {
			token, err := b.journal.Begin(ctx, "x", key, phase.Old)
			require.NoError(t, err)
			require.NoError(t, b.journal.End(ctx, key, token, true))
		}
		list := func() (rows []sweptRow) {
			require.NoError(t, b.query(ctx, "list", &rows, listClean, "m/clean/User", int64(1)<<60, 10))
			return rows
		}
		write()
		listed := list()
		require.Len(t, listed, 1)
		write()
		gone, err := b.journal.sweepRows(ctx, listed)
		require.NoError(t, err)
		require.Zero(t, gone)
		require.Len(t, list(), 1)
		gone, err = b.journal.sweepRows(ctx, list())
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
	})
}

// What is swept while somebody tracks is remembered.
func TestSweepRemembers(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b, ctx := p.open(t, Options{}), t.Context()
		since, err := b.journal.Track(ctx, "track")
		require.NoError(t, err)
		token, err := b.journal.Begin(ctx, "x", key, phase.Old)
		require.NoError(t, err)
		require.NoError(t, b.journal.End(ctx, key, token, true))
		require.NoError(t, b.journal.sweep(ctx, -time.Hour))
		active, err := b.journal.Activity(ctx, key.Kind, since)
		require.NoError(t, err)
		require.Contains(t, active, key)
	})
}

// A sweep passes over a row that somebody has locked: else it could hold rows that a transaction of the service wants next, and the server
// would end that one as a deadlock.
func TestSweepWaitsForNobody(t *testing.T) {
	for _, p := range places(t) {
		if p.dialect != Postgres {
			continue // elsewhere a sweep's rows are locked in the order of their keys
		}
		b, ctx := p.open(t, Options{}), t.Context()
		other := journal.Key{Kind: key.Kind, ID: "other"}
		for _, k := range []journal.Key{key, other} {
			token, err := b.journal.Begin(ctx, "x", k, phase.Old)
			require.NoError(t, err)
			require.NoError(t, b.journal.End(ctx, k, token, true))
		}
		var rows []sweptRow
		require.NoError(t, b.query(ctx, "list", &rows, listClean, "m/clean/User", int64(1)<<60, 10))
		require.Len(t, rows, 2)
		tx, err := p.reach(t).BeginTxx(ctx, nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, `SELECT 1 FROM dualgen_entry WHERE migration = 'm' AND kind = $1 AND id = $2 FOR UPDATE`, key.Kind, key.ID)
		require.NoError(t, err)
		gone, err := b.journal.sweepRows(ctx, rows) // a sweep that waits does so for ever
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
		require.NoError(t, tx.Rollback())
		gone, err = b.journal.sweepRows(ctx, rows)
		require.NoError(t, err)
		require.EqualValues(t, 1, gone)
	}
}
