package dual_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// hotFleet is four instances that write one note every 10 ms, each over the same two stores, with a reconciler in each.
type hotFleet struct {
	t       *testing.T
	journal *watchedJournal
	old     *store
	new     *store
	down    atomic.Bool           // the mirror fails
	longest atomic.Int64          // of the writes
	stop    [2]context.CancelFunc // of the writers and the reconcilers
	running [2]sync.WaitGroup
}

// watchedJournal counts how often an End leaves a key without an entry.
type watchedJournal struct {
	*journal.Memory
	cleaned atomic.Int64
}

func (j *watchedJournal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	err := j.Memory.End(ctx, key, token, clean)
	if _, unclean, _ := j.Lookup(ctx, key); !unclean {
		j.cleaned.Add(1)
	}
	return err
}

const (
	hotSettle = 10 * time.Second
	hotStore  = 20 * time.Millisecond // of each call of a store: two calls of four instances nearly always overlap
)

func startHotFleet(t *testing.T, p dual.Phase, off hooks.Rules) *hotFleet {
	return startHotFleetWith(t, p, off, func(_ int, j *watchedJournal) journal.Journal { return j })
}

func startHotFleetWith(t *testing.T, p dual.Phase, off hooks.Rules, of func(instance int, j *watchedJournal) journal.Journal) *hotFleet {
	f := &hotFleet{t: t, journal: &watchedJournal{Memory: journal.NewMemory(journal.WithRules(off))}, old: newStore("old"), new: newStore("new")}
	record := control.NewMemory()
	require.NoError(t, record.Swap(t.Context(), 0, control.Record{
		Revision: 1, Epoch: 1, Phase: p, MirroredSince: 1, MirroredFrom: p.Primary(), Kinds: []string{"note"},
	}))
	slow := func(mirror bool) func(context.Context, string) error {
		return func(context.Context, string) error {
			time.Sleep(hotStore)
			if mirror && f.down.Load() {
				return errors.New("down")
			}
			return nil
		}
	}
	f.old.fail(slow(p.Primary() == dual.New))
	f.new.fail(slow(p.Primary() == dual.Old))
	var writing, repairing context.Context
	writing, f.stop[0] = context.WithCancel(t.Context())
	repairing, f.stop[1] = context.WithCancel(t.Context())
	silent := quiet()
	for i := range 4 {
		m, err := dual.NewMigration(dual.Config{
			Control: record, Journal: of(i, f.journal), Settle: hotSettle, Instance: fmt.Sprint("i", i), Logger: silent, Hooks: &hooks.Hooks{Off: off},
		})
		require.NoError(t, err)
		notes := newDualNotes(f.old, f.new, m)
		f.running[1].Go(func() { reconcile.Run(repairing, m, reconcile.Config{Rate: -1, Logger: silent}) })
		f.running[0].Go(func() { f.write(writing, notes, i) })
		t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	}
	return f
}

func (f *hotFleet) write(ctx context.Context, notes notes, instance int) {
	for n := 0; ctx.Err() == nil; n++ {
		began := time.Now()
		if err := notes.Put(context.Background(), note{"hot", fmt.Sprint(instance, n)}); err != nil {
			f.t.Errorf("write %d of %d: %v", n, instance, err)
		}
		f.longest.Store(max(f.longest.Load(), int64(time.Since(began))))
		time.Sleep(10 * time.Millisecond)
	}
}

// end stops the writers, and the reconcilers once these had time for what is left.
func (f *hotFleet) end() {
	f.stop[0]()
	f.running[0].Wait()
	time.Sleep(time.Minute)
	f.stop[1]()
	f.running[1].Wait()
}

// unclean reports whether the key has an entry in the journal.
func (f *hotFleet) unclean() bool {
	_, unclean, err := f.journal.Lookup(context.Background(), dual.Key{Kind: "note", ID: "hot"})
	require.NoError(f.t, err)
	return unclean
}

// settlesWithin reports whether the key is clean once within a time. The next two writes that overlap make it dirty again, in
// the direction of the phase.
func (f *hotFleet) settlesWithin(limit time.Duration) bool {
	before := f.journal.cleaned.Load()
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if f.journal.cleaned.Load() > before {
			return true
		}
	}
	return false
}

var hotPhases = []dual.Phase{dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary}

// TestHotKeyTurnsClean: a key that is written all the time turns clean soon after the mirror is back, while the writes go on, in
// each phase. With the turns switched off it stays dirty: each copy meets a writer.
func TestHotKeyTurnsClean(t *testing.T) {
	for _, p := range hotPhases {
		for _, off := range []hooks.Rules{{}, {NoTurns: true}} {
			t.Run(fmt.Sprint(p, off.NoTurns), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					f := startHotFleet(t, p, off)
					defer f.end()
					f.down.Store(true)
					time.Sleep(30 * time.Second)
					require.True(t, f.unclean())
					f.down.Store(false)
					began := time.Now()
					require.Equal(t, !off.NoTurns, f.settlesWithin(3*hotSettle), "clean within 3 × Settle exactly if the writers wait for the copy")
					t.Logf("%v after %v; the longest write took %v", p, time.Since(began), time.Duration(f.longest.Load()))
					require.Less(t, time.Duration(f.longest.Load()), 4*time.Second, "a writer waits a bounded time")
					f.end()
					require.False(t, f.unclean())
					require.Equal(t, f.old.content(), f.new.content())
				})
			})
		}
	}
}

// lateJournal keeps the first look that finds a key waiting for its answer.
type lateJournal struct {
	*watchedJournal
	once sync.Once
	by   time.Duration
}

func (j *lateJournal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	entries, err := j.watchedJournal.Unclean(ctx, query)
	if query.SettledFor > 0 && len(entries) > 0 {
		j.once.Do(func() { time.Sleep(j.by) })
	}
	return entries, err
}

// TestLateLookMeetsTheTurns: an instance that finds a key later than the others, by whatever time, has its turns with theirs, and not
// always between them.
func TestLateLookMeetsTheTurns(t *testing.T) {
	for by := time.Second; by <= 15*time.Second; by += time.Second {
		t.Run(by.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := startHotFleetWith(t, dual.OldPrimary, hooks.Rules{}, func(instance int, j *watchedJournal) journal.Journal {
					if instance == 0 {
						return &lateJournal{watchedJournal: j, by: by}
					}
					return j
				})
				defer f.end()
				f.down.Store(true)
				time.Sleep(9 * time.Second)
				f.down.Store(false)
				began := time.Now()
				require.True(t, f.settlesWithin(3*hotSettle))
				t.Log(time.Since(began))
			})
		})
	}
}

// TestTurnEndsWithTheCopy: writes of other instances that meet right after the copy leave the key unclean, and its turn is over all the same:
// nobody copies it before another settle window.
func TestTurnEndsWithTheCopy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t, func(c *dual.Config) { c.Settle = hotSettle })
		g.set(dual.OldPrimary, dual.Settings{Mirror: phase.Inline})
		g.new.fail(func(context.Context, string) error { return errors.New("down") })
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "0"}))
		g.new.fail(nil)
		var since atomic.Int64 // when the write began that waits
		ended := make(chan time.Duration)
		go func() {
			for n := 0; ; n++ {
				began := time.Now()
				since.Store(began.UnixNano())
				if err := g.notes.Put(t.Context(), note{"k", fmt.Sprint(n)}); err != nil {
					t.Error(err)
				}
				if waited := time.Since(began); waited > 100*time.Millisecond {
					ended <- waited
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
		}()
		for since.Load() == 0 || time.Since(time.Unix(0, since.Load())) < 100*time.Millisecond {
			time.Sleep(time.Millisecond)
		}
		ctx, key := t.Context(), noteKey("k")
		token, claimed, err := g.journal.BeginCopy(ctx, "other", key, 0)
		require.NoError(t, err)
		require.True(t, claimed)
		require.NoError(t, g.journal.End(ctx, key, token, true))
		token, err = g.journal.Begin(ctx, "other", key, phase.Old)
		require.NoError(t, err)
		require.NoError(t, g.journal.End(ctx, key, token, false))
		require.Less(t, <-ended, time.Second)
	})
}

// TestTurnEndsWithItsTime: where nothing copies the key, its writers go on after a while.
func TestTurnEndsWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newGround(t)
		g.set(dual.OldPrimary, dual.Settings{Mirror: phase.Inline})
		g.new.fail(func(context.Context, string) error { return errors.New("down") })
		require.NoError(t, g.notes.Put(t.Context(), note{"k", "0"}))
		g.new.fail(nil)
		waited := time.Duration(0)
		for n := range 3000 {
			began := time.Now()
			require.NoError(t, g.notes.Put(t.Context(), note{"k", fmt.Sprint(n)}))
			waited = max(waited, time.Since(began))
			time.Sleep(10 * time.Millisecond)
		}
		require.NotZero(t, waited, "there was a turn")
		require.Less(t, waited, 5*time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		for ctx.Err() == nil { // a caller that goes away while it waits wrote nothing
			short, end := context.WithTimeout(ctx, 10*time.Millisecond)
			if err := g.notes.Put(short, note{"k", "gone"}); err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.NotEqual(t, "gone", g.old.content()["k"].Text)
				end()
				return
			}
			end()
			require.NoError(t, g.notes.Put(ctx, note{"k", "again"}))
			time.Sleep(10 * time.Millisecond)
		}
		t.Fatal("no call met a turn")
	})
}
