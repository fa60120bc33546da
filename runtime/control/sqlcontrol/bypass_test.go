package sqlcontrol

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

var mirrored = []phase.Phase{phase.OldPrimary, phase.OldGuarded, phase.NewGuarded, phase.NewPrimary}

// What a plain connection writes to the primary is copied, in each phase, and what it writes to the mirror is overwritten.
func TestBypassReachesTheMirror(t *testing.T) {
	b := newBypassed(t, throughDSN)
	for _, p := range mirrored {
		t.Run(p.String(), func(t *testing.T) {
			b.t = t
			b.enter(p)
			primary, mirror := b.stores[p.Primary()].table, b.stores[p.Primary().Other()].table
			b.exec(`DELETE FROM ` + primary)
			b.exec(`INSERT INTO ` + primary + ` SELECT 'a/b', n, 'inserted' FROM generate_series(-2, 4) n`)
			b.reconcile()
			require.Len(t, b.rows(p.Primary()), 7)
			require.Equal(t, b.rows(p.Primary()), b.rows(p.Primary().Other()))

			b.exec(`UPDATE ` + primary + ` SET name = 'updated' WHERE no < 1`)
			b.exec(`UPDATE ` + primary + ` SET no = 10 WHERE no = 1`)
			b.exec(`DELETE FROM ` + primary + ` WHERE no = 2`)
			require.ElementsMatch(t, []string{"a%2Fb/-2", "a%2Fb/-1", "a%2Fb/0", "a%2Fb/1", "a%2Fb/10", "a%2Fb/2"}, b.marked(p.Primary()))
			b.reconcile()
			require.Len(t, b.rows(p.Primary()), 6)
			require.Equal(t, b.rows(p.Primary()), b.rows(p.Primary().Other()))

			right := b.rows(p.Primary())
			b.exec(`UPDATE ` + mirror + ` SET name = 'wrong'`)
			b.exec(`INSERT INTO ` + mirror + ` VALUES ('wrong', 1, '')`)
			b.reconcile()
			require.Equal(t, right, b.rows(p.Primary()))
			require.Equal(t, right, b.rows(p.Primary().Other()))
		})
	}
}

// marked are the keys that are dirty, with that primary and without a token.
func (b *bypassed) marked(primary phase.Store) []string {
	b.t.Helper()
	var ids []string
	for _, entry := range b.unclean() {
		require.True(b.t, entry.Dirty && entry.Active == 0 && entry.Primary == primary, "%+v", entry)
		ids = append(ids, entry.Key.ID)
	}
	return ids
}

// Without the trigger nobody hears of the write, and where one store alone is written nobody has to.
func TestBypassUnmarked(t *testing.T) {
	b := newBypassed(t, throughDSN)
	insert := `INSERT INTO members_old VALUES ('a', $1, 'x')`
	for i, p := range []phase.Phase{phase.OldOnly, phase.NewOnly} {
		b.enter(p)
		b.exec(insert, i)
		require.Empty(t, b.unclean(), p)
	}
	b.enter(phase.OldPrimary)
	b.exec(insert, 2)
	require.Equal(t, []string{"a/2"}, b.marked(phase.Old))
	b.reconcile()
	require.NoError(t, b.backend.DropBypass(t.Context(), watched("members_old")))
	b.exec(insert, 3)
	require.Empty(t, b.unclean())
	require.Equal(t, []member{{"a", 2, "x"}}, b.rows(phase.New))
}

// The wrapper's own writes mark nothing where their connections say whose they are; else each is copied once more.
func TestBypassIsNotTheWrapper(t *testing.T) {
	for name, c := range map[string]struct {
		through string
		copies  int
	}{"setting": {throughDSN, 0}, "no setting": {"", 1}} {
		t.Run(name, func(t *testing.T) {
			b := newBypassed(t, c.through)
			b.enter(phase.OldPrimary)
			require.NoError(t, b.backend.DropBypass(t.Context(), watched("members_new")), "a copy marks nothing")
			require.NoError(t, b.put(t.Context(), member{"a", 1, "x"}))
			require.Len(t, b.unclean(), c.copies)
			require.Equal(t, c.copies, b.reconcile())
			require.Equal(t, b.rows(phase.Old), b.rows(phase.New))
		})
	}
}

// A write that bypasses the wrapper while a copy of its key is under way leaves the key dirty, whenever it commits.
func TestBypassDuringACopy(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldPrimary)
	ctx, j, key := t.Context(), b.backend.journal, member{Team: "a", No: 1}.key()
	require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	token, ok, err := j.BeginCopy(ctx, "copy", key, 0)
	require.NoError(t, err)
	require.True(t, ok)
	b.exec(`INSERT INTO members_old VALUES ('a', 1, 'x')`)
	require.NoError(t, j.End(ctx, key, token, true))
	require.Equal(t, []string{"a/1"}, b.marked(phase.Old))

	tx := b.psql.MustBegin()
	_, err = tx.Exec(`UPDATE members_old SET name = 'y'; SET CONSTRAINTS ALL IMMEDIATE`)
	require.NoError(t, err)
	claimed := make(chan string, 1)
	go func() { // it has to wait for the commit, and so reads what was written
		if _, ok, err := j.BeginCopy(ctx, "copy", key, 0); err != nil || !ok {
			claimed <- fmt.Sprint("no claim: ", err)
		}
		m, _, err := b.stores[phase.Old].get(ctx, "a", 1)
		claimed <- fmt.Sprint(m.Name, err)
	}()
	select {
	case early := <-claimed:
		require.Fail(t, "a copy began before the commit", early)
	case <-time.After(100 * time.Millisecond):
	}
	require.NoError(t, tx.Commit())
	require.Equal(t, "y<nil>", <-claimed)
}

// Writes that bypass the wrapper, writes through it, copies and changes of the phase, all on a few keys, end with equal stores.
func TestBypassRace(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldGuarded)
	ctx, stop := context.WithCancel(context.Background())
	var copier, workers sync.WaitGroup
	defer copier.Wait()
	defer stop()
	copier.Go(func() {
		reconcile.Run(ctx, b.migration, reconcile.Config{Interval: time.Millisecond, Rate: -1, Backoff: time.Millisecond})
	})
	var puts, bypasses atomic.Int64
	var enough atomic.Bool
	for range 3 {
		workers.Go(func() {
			for !enough.Load() && assert.NoError(t, b.put(ctx, member{"a", rand.Int64N(20), fmt.Sprint("through ", rand.Int())})) {
				puts.Add(1)
			}
		})
		workers.Go(func() {
			for !enough.Load() {
				bypasses.Add(b.bypass(ctx, rand.Int64N(20)))
			}
		})
	}
	const each = 150
	for range 100 {
		b.enter(phase.NewGuarded)
		b.enter(phase.OldGuarded)
		if puts.Load() >= each && bypasses.Load() >= each {
			break
		}
	}
	enough.Store(true)
	workers.Wait()
	stop()
	copier.Wait()
	b.reconcile()
	require.Equal(t, b.rows(phase.Old), b.rows(phase.New))
	require.GreaterOrEqual(t, puts.Load(), int64(each))
	require.GreaterOrEqual(t, bypasses.Load(), int64(each))
}

// bypass changes a row of either table as a person would, and returns how many rows it changed.
func (b *bypassed) bypass(ctx context.Context, no int64) int64 {
	table := b.stores[rand.IntN(2)].table
	statements := []string{
		`INSERT INTO ` + table + ` VALUES ('a', $1, 'past ' || random()) ON CONFLICT (team, no) DO UPDATE SET name = excluded.name`,
		`DELETE FROM ` + table + ` WHERE no = $1`,
	}
	result, err := b.psql.ExecContext(ctx, statements[min(rand.IntN(4), 1)^1], no)
	if sqlState(err) == "40P01" {
		return 0
	}
	if !assert.NoError(b.t, err) {
		return 0
	}
	changed, err := result.RowsAffected()
	assert.NoError(b.t, err)
	return changed
}

// The phase cannot change while a commit marks its keys, and a transaction that is merely open keeps nobody waiting.
func TestBypassHoldsThePhase(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldGuarded)
	tx := b.psql.MustBegin()
	_, err := tx.Exec(`INSERT INTO members_old VALUES ('a', 1, 'x')`)
	require.NoError(t, err)
	b.enter(phase.NewGuarded)
	b.enter(phase.OldGuarded)
	_, err = tx.Exec(`SET CONSTRAINTS ALL IMMEDIATE`)
	require.NoError(t, err)
	entered := make(chan struct{})
	go func() {
		defer close(entered)
		b.enter(phase.NewGuarded)
	}()
	b.awaitWaiting(1)
	later := make(chan error, 1)
	go func() { // it does not overtake the change of phase, and so a stream of such writes does not keep it waiting
		_, err := b.psql.Exec(`INSERT INTO members_old VALUES ('a', 2, 'x')`)
		later <- err
	}()
	b.awaitWaiting(2)
	require.NoError(t, tx.Commit())
	<-entered
	require.NoError(t, <-later)
	primaries := map[string]phase.Store{}
	for _, entry := range b.unclean() {
		primaries[entry.Key.ID] = entry.Primary
	}
	require.Equal(t, map[string]phase.Store{"a/1": phase.Old, "a/2": phase.New}, primaries)
}

// awaitWaiting waits until so many statements wait for the flag record's table.
func (b *bypassed) awaitWaiting(n int) {
	b.t.Helper()
	const waiting = `SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND relation = 'dualgen_record'::regclass`
	require.Eventually(b.t, func() bool {
		var found int
		return assert.NoError(b.t, b.psql.Get(&found, waiting)) && found >= n
	}, enough, 5*time.Millisecond)
}

// A transaction whose snapshot is older than the phase is refused, to be tried again.
func TestBypassWithAnOldSnapshot(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldGuarded)
	old := b.psql.MustBegin()
	_, err := old.Exec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM members_new`)
	require.NoError(t, err)
	b.enter(phase.NewGuarded)
	_, err = old.Exec(`INSERT INTO members_old VALUES ('a', 2, 'x')`)
	require.NoError(t, err)
	require.Equal(t, "40001", sqlState(old.Commit()))
}

// Whoever may write the table needs no right on the journal, and reaches no table of his own in its place.
func TestBypassByAnotherRole(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldPrimary)
	var schema string
	require.NoError(t, b.psql.Get(&schema, `SELECT current_schema()`))
	role := "cron_" + schema
	b.exec(`CREATE ROLE ` + role)
	defer b.exec(`DROP OWNED BY ` + role + `; DROP ROLE ` + role)
	b.exec(`GRANT USAGE ON SCHEMA ` + schema + ` TO ` + role + `; GRANT INSERT ON members_old TO ` + role)
	tx := b.psql.MustBegin()
	_, err := tx.Exec(`SET LOCAL ROLE ` + role + `; CREATE TEMP TABLE dualgen_entry (x int) ON COMMIT DROP; SET LOCAL search_path = pg_temp, ` + schema)
	require.NoError(t, err)
	_, err = tx.Exec(`SET LOCAL standard_conforming_strings = off; INSERT INTO members_old VALUES ('a', 1, 'x')`)
	require.NoError(t, err)
	require.NoError(t, tx.Commit())
	require.Equal(t, []string{"a/1"}, b.marked(phase.Old))
}

// A key that is longer than an index takes is marked as any other.
func TestBypassLongKey(t *testing.T) {
	b := newBypassed(t, throughDSN)
	b.enter(phase.OldPrimary)
	team := strings.Repeat(`ü\`, maxID/4)
	b.exec(`INSERT INTO members_old VALUES ($1, 1, 'x')`, team)
	marked := b.marked(phase.Old)
	require.Len(t, marked, 1)
	require.True(t, marked[0] == team+"/1", "%.40s...", marked[0])
}
