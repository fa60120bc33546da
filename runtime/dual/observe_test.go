package dual_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
)

// told keeps what an observer is told, a line each.
type told struct {
	mu    sync.Mutex
	lines []string
}

func (o *told) Method(info dual.MethodInfo) dual.MethodObserver { return toldOf{o, info.Name} }

func (o *told) take() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	lines := o.lines
	o.lines = nil
	return lines
}

type toldOf struct {
	*told
	name string
}

func (o toldOf) add(line string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.lines = append(o.lines, line)
}

func (o toldOf) ObserveCall(_ context.Context, took time.Duration, class dual.ErrorClass) {
	o.add(fmt.Sprintf("%s %v %v", o.name, took, class))
}

func (o toldOf) ObserveStore(_ context.Context, took time.Duration, store dual.Store, role dual.Role, class dual.ErrorClass) {
	o.add(fmt.Sprintf("%v %v %v %v", store, role, took, class))
}

// observed is a ground whose old store takes a second and whose new store takes two.
func observed(t *testing.T) (*ground, *told) {
	o := new(told)
	g := newGround(t, func(c *dual.Config) { c.Observer = o })
	g.old.fail(func(context.Context, string) error { time.Sleep(time.Second); return nil })
	g.new.fail(func(context.Context, string) error { time.Sleep(2 * time.Second); return nil })
	return g, o
}

// In each phase, who is told what of a read and of a write.
func TestObserverByPhase(t *testing.T) {
	both := func(primary, mirror string) []string {
		return []string{primary, mirror, "notes.Put 3s none"}
	}
	oldThenNew := both("old primary 1s none", "new mirror 2s none")
	newThenOld := both("new primary 2s none", "old mirror 1s none")
	for phase, want := range map[dual.Phase][]string{
		dual.OldOnly:    {"old primary 1s none", "notes.Put 1s none"},
		dual.OldPrimary: oldThenNew, dual.OldGuarded: oldThenNew,
		dual.NewGuarded: newThenOld, dual.NewPrimary: newThenOld,
		dual.NewOnly: {"new primary 2s none", "notes.Put 2s none"},
	} {
		t.Run(phase.String(), bubble(func(t *testing.T) {
			g, o := observed(t)
			g.set(phase, dual.Settings{})
			require.NoError(t, g.notes.Put(t.Context(), note{ID: "1"}))
			require.Equal(t, want, o.take())
			_, err := g.notes.Get(t.Context(), "1")
			require.NoError(t, err)
			read := []string{"old primary 1s none", "notes.Get 1s none"}
			if phase >= dual.NewGuarded {
				read = []string{"new primary 2s none", "notes.Get 2s none"}
			}
			require.Equal(t, read, o.take())
		}))
	}
}

// Every way of a write: beside the primary, after the answer, by a copy, of many keys, under a key that the store makes.
func TestObserverByMirror(t *testing.T) {
	tests := []struct {
		name     string
		settings dual.Settings
		call     func(ctx context.Context, d *dualNotes) error
		want     []string
	}{
		{"beside", dual.Settings{Mirror: dual.Parallel}, func(ctx context.Context, d *dualNotes) error { return d.Put(ctx, note{ID: "1"}) },
			[]string{"old primary 1s none", "new mirror 2s none", "notes.Put 2s none"}},
		{"later", dual.Settings{Mirror: dual.Async}, func(ctx context.Context, d *dualNotes) error { return d.Put(ctx, note{ID: "1"}) },
			[]string{"old primary 1s none", "notes.Put 1s none", "new mirror 2s none"}},
		{"many", dual.Settings{}, func(ctx context.Context, d *dualNotes) error {
			_, err := d.PutAll(ctx, []note{{ID: "1"}, {ID: "2"}})
			return err
		}, []string{"old primary 1s none", "new mirror 2s none", "notes.PutAll 3s none"}},
		{"many beside", dual.Settings{Mirror: dual.Parallel}, func(ctx context.Context, d *dualNotes) error {
			_, err := d.PutAll(ctx, []note{{ID: "1"}, {ID: "2"}})
			return err
		}, []string{"old primary 1s none", "new mirror 2s none", "notes.PutAll 2s none"}},
		{"copy", dual.Settings{}, func(ctx context.Context, d *dualNotes) error { _, err := d.Append(ctx, "1", "a"); return err },
			[]string{"old primary 1s none", "new mirror 5s none", "notes.Append 6s none"}}, // a read of old, a put and a read of new
		{"made", dual.Settings{}, func(ctx context.Context, d *dualNotes) error { _, err := d.Create(ctx, "a"); return err },
			[]string{"old primary 1s none", "new mirror 5s none", "notes.Create 7s none"}}, // and a look beforehand
		{"compared", dual.Settings{Compare: 1}, func(ctx context.Context, d *dualNotes) error { _, _ = d.Get(ctx, "1"); return nil },
			[]string{"old primary 1s none", "notes.Get 1s none", "new mirror 2s none"}},
	}
	for _, test := range tests {
		t.Run(test.name, bubble(func(t *testing.T) {
			g, o := observed(t)
			g.set(dual.OldPrimary, test.settings)
			require.NoError(t, test.call(t.Context(), g.notes))
			time.Sleep(10 * time.Second)
			require.Equal(t, test.want, o.take())
		}))
	}
}

// slow is an error as net.Error knows it.
type slow struct{}

func (slow) Error() string { return "i/o" }
func (slow) Timeout() bool { return true }

// What an error is called: an entity that is not there is none, and the store's own refusal is no failure of it.
func TestObserverErrors(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{errNotFound, "other"}, // a write: its method does not say what Absent is
		{errors.New("down"), "other"},
		{fmt.Errorf("put: %w", context.DeadlineExceeded), "timeout"},
		{fmt.Errorf("put: %w", slow{}), "timeout"},
		{fmt.Errorf("put: %w", context.Canceled), "canceled"},
		{errors.New("UNIQUE constraint failed: notes.id"), "refused"},
	} {
		t.Run(test.err.Error(), bubble(func(t *testing.T) {
			g, o := observed(t)
			fail := func(context.Context, string) error { return test.err }
			g.old.fail(fail)
			require.ErrorIs(t, g.notes.Put(t.Context(), note{ID: "1"}), test.err)
			require.Equal(t, []string{"old primary 0s " + test.want, "notes.Put 0s " + test.want}, o.take())
			g.set(dual.OldPrimary, dual.Settings{})
			g.old.fail(nil)
			g.new.fail(fail)
			require.NoError(t, g.notes.Put(t.Context(), note{ID: "1"}))
			require.Equal(t, []string{"old primary 0s none", "new mirror 0s " + test.want, "notes.Put 0s none"}, o.take())
		}))
	}
	t.Run("absent", bubble(func(t *testing.T) {
		g, o := observed(t)
		_, err := g.notes.Get(t.Context(), "none")
		require.ErrorIs(t, err, errNotFound)
		require.ErrorIs(t, g.notes.Delete(t.Context(), "none"), errNotFound)
		require.Equal(t, []string{"old primary 1s none", "notes.Get 1s none", "old primary 1s none", "notes.Delete 1s none"}, o.take())
	}))
	t.Run("of the runtime", bubble(func(t *testing.T) {
		o := new(told)
		j := &faultyJournal{Journal: journal.NewMemory()}
		g := newGround(t, func(c *dual.Config) { c.Observer, c.Journal = o, j })
		g.set(dual.OldGuarded, dual.Settings{})
		j.begin.Store(true)
		j.lookup.Store(true)
		require.ErrorIs(t, g.notes.Put(t.Context(), note{ID: "1"}), dual.ErrJournalUnavailable)
		_, err := g.notes.Get(t.Context(), "1")
		require.ErrorIs(t, err, dual.ErrJournalUnavailable)
		require.Equal(t, []string{"notes.Put 0s protocol", "notes.Get 0s protocol"}, o.take(), "no store was asked")
		j.begin.Store(false)
		j.lookup.Store(false)
		g.set(dual.OldGuarded, dual.Settings{Freeze: dual.FreezeWrites})
		require.ErrorIs(t, g.notes.Put(t.Context(), note{ID: "1"}), dual.ErrReadOnly)
		require.Empty(t, o.take(), "Begin refused it, which Stats counts")
	}))
}

// summed is an observer as cheap as one can be.
type summed struct{ calls, stores atomic.Int64 }

func (o *summed) Method(dual.MethodInfo) dual.MethodObserver { return o }

func (o *summed) ObserveCall(_ context.Context, took time.Duration, _ dual.ErrorClass) {
	o.calls.Add(int64(took))
}

func (o *summed) ObserveStore(_ context.Context, took time.Duration, _ dual.Store, _ dual.Role, _ dual.ErrorClass) {
	o.stores.Add(int64(took))
}

func TestObserverAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		t.Run(p.String(), func(t *testing.T) {
			g := newGround(t, func(c *dual.Config) { c.Observer = new(summed) })
			g.set(p, dual.Settings{})
			d := newDualNotes(still{}, still{}, g.migration)
			assert.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = d.Get(ctx, "42") }), "a read")
			assert.Zero(t, testing.AllocsPerRun(1000, func() { _ = d.Put(ctx, note{ID: "42"}) }), "a write")
		})
	}
}

// BenchmarkObserver shows what an observer costs beside none, in one run.
func BenchmarkObserver(b *testing.B) {
	ctx := context.Background()
	for _, p := range []dual.Phase{dual.OldOnly, dual.OldPrimary, dual.OldGuarded} {
		for _, o := range []struct {
			name     string
			observer dual.Observer
		}{{"nil", nil}, {"summed", new(summed)}} {
			g := newGround(&testing.T{}, func(c *dual.Config) { c.Observer = o.observer })
			g.set(p, dual.Settings{})
			d := newDualNotes(still{}, still{}, g.migration)
			b.Run(fmt.Sprintf("%v/Get/%s", p, o.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_, _ = d.Get(ctx, "42")
				}
			})
			b.Run(fmt.Sprintf("%v/Put/%s", p, o.name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					_ = d.Put(ctx, note{ID: "42"})
				}
			})
		}
	}
}
