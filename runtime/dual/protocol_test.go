package dual_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var errBroken = errors.New("broken")

// fault is what goes wrong in one store during a write.
type fault struct {
	name    string
	primary bool // in the primary, else in the mirror
	hook    func(ctx context.Context, call string) error
	after   bool // the fault comes after the effect
}

func faults() []fault {
	fail := func(context.Context, string) error { return errBroken }
	panics := func(context.Context, string) error { panic("a store panics") }
	return []fault{
		{name: "none"},
		{name: "primary fails", primary: true, hook: fail},
		{name: "primary fails after its effect", primary: true, hook: fail, after: true},
		{name: "primary panics", primary: true, hook: panics},
		{name: "mirror fails", hook: fail},
		{name: "mirror fails after its effect", hook: fail, after: true},
		{name: "mirror panics", hook: panics},
	}
}

// write is one method of the wrapper, on the note "k".
type write struct {
	name   string
	copies bool
	call   func(ctx context.Context, d *dualNotes) error
	want   string // the note's text afterwards; "" for none
}

func writes() []write {
	return []write{
		{"Put", false, func(ctx context.Context, d *dualNotes) error { return d.Put(ctx, note{"k", "put"}) }, "put"},
		{"PutAll", false, func(ctx context.Context, d *dualNotes) error {
			n, err := d.PutAll(ctx, []note{{"k", "all"}, {"l", "all"}, {"k", "all"}})
			if err == nil && n != 3 {
				return fmt.Errorf("PutAll returns %d", n)
			}
			return err
		}, "all"},
		{"Append", true, func(ctx context.Context, d *dualNotes) error { _, err := d.Append(ctx, "k", "+"); return err }, "before+"},
		{"Delete", false, func(ctx context.Context, d *dualNotes) error { return d.Delete(ctx, "k") }, ""},
	}
}

// Every write, in every phase, by every way of mirroring, with every fault: the primary alone decides what the caller
// sees, and the key is clean afterwards if and only if both stores are known to agree.
func TestWriteProtocol(t *testing.T) {
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		for _, mode := range []phase.Mirror{phase.Inline, phase.Parallel, phase.AsyncGuarded} {
			settings := dual.Settings{Mirror: mode}
			if settings.Validate(p) != nil {
				continue
			}
			t.Run(fmt.Sprint(p, " ", mode), func(t *testing.T) {
				g := newGround(t)
				g.set(p, settings)
				for _, w := range writes() {
					for _, f := range faults() {
						t.Run(w.name+" "+f.name, func(t *testing.T) { checkWrite(t, g, p, w, f) })
					}
				}
			})
		}
	}
}

func checkWrite(t *testing.T, g *ground, p dual.Phase, w write, f fault) {
	stores := [2]*store{g.old, g.new}
	primary, mirror := stores[p.Primary()], stores[p.Primary().Other()]
	for _, s := range stores {
		s.reset(map[string]note{"k": {"k", "before"}})
	}
	faulty := mirror
	if f.primary {
		faulty = primary
	}
	if f.after {
		faulty.failAfter(f.hook)
	} else {
		faulty.fail(f.hook)
	}
	err, panicked := call(func() error { return w.call(context.Background(), g.notes) })
	g.settle(t)
	for _, s := range stores {
		s.fail(nil)
		s.failAfter(nil)
	}

	broken := f.hook != nil
	assert.Equal(t, broken && f.primary && f.name == "primary panics", panicked, "a panic of the primary reaches the caller, one of the mirror never does")
	if broken && f.primary && !panicked {
		assert.ErrorIs(t, err, errBroken)
	} else {
		assert.NoError(t, err)
	}
	if !broken || !f.primary || f.after {
		assert.Equal(t, w.want, primary.content()["k"].Text, "the primary")
	}
	unclean := g.unclean()
	switch {
	case !p.Mirrored():
		assert.Empty(t, mirror.called(), "nobody calls the other store in %v", p)
		assert.Empty(t, unclean)
	case !broken:
		assert.Empty(t, unclean)
		assert.Equal(t, primary.content(), mirror.content())
	default:
		require.NotEmpty(t, unclean, "a write that did not reach both stores leaves its key dirty")
		for _, e := range unclean {
			assert.True(t, e.Dirty, "%+v", e)
			assert.Zero(t, e.Active, "no token is left: %+v", e)
			assert.Equal(t, p.Primary(), e.Primary)
		}
	}
	g.repair(t)
	if p.Mirrored() {
		assert.Equal(t, primary.content(), mirror.content(), "after a copy of what is unclean")
	}
}

// call runs f and says whether it panicked.
func call(f func() error) (err error, panicked bool) {
	defer func() {
		if recover() != nil {
			panicked = true
		}
	}()
	return f(), false
}

// settle waits for asynchronous mirrors.
func (g *ground) settle(t *testing.T) {
	t.Helper()
	require.Eventually(t, func() bool { return g.migration.Stats().InFlight == 0 }, enough, 100*time.Microsecond)
}

// repair copies every unclean key, as a reconciler does.
func (g *ground) repair(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	for _, e := range g.unclean() {
		token, ok, err := g.journal.BeginCopy(ctx, "test", e.Key, 0)
		require.NoError(t, err)
		require.True(t, ok, "%+v can be copied", e)
		if !e.Key.Whole {
			require.NoError(t, g.migration.Copiers()[0].Copy(ctx, e.Key, token.Primary))
		}
		require.NoError(t, g.journal.End(ctx, e.Key, token, true))
	}
	require.Empty(t, g.unclean())
}

func (s *store) reset(notes map[string]note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notes, s.calls = make(map[string]note), nil
	for id, n := range notes {
		s.notes[id] = n
	}
}

func (s *store) failAfter(hook func(ctx context.Context, call string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.after = hook
}

func TestWhoIsCalledAndInWhichOrder(t *testing.T) {
	var order []string
	record := func(name string) func(context.Context, string) error {
		return func(_ context.Context, call string) error { order = append(order, name+"."+call); return nil }
	}
	for _, test := range []struct {
		phase dual.Phase
		want  []string
	}{
		{dual.OldOnly, []string{"old.Put", "old.Get"}},
		{dual.OldPrimary, []string{"old.Put", "new.Put", "old.Get"}},
		{dual.OldGuarded, []string{"old.Put", "new.Put", "old.Get"}},
		{dual.NewGuarded, []string{"new.Put", "old.Put", "new.Get"}},
		{dual.NewPrimary, []string{"new.Put", "old.Put", "new.Get"}},
		{dual.NewOnly, []string{"new.Put", "new.Get"}},
	} {
		t.Run(test.phase.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(test.phase, dual.Settings{})
			order = nil
			g.old.fail(record("old"))
			g.new.fail(record("new"))
			require.NoError(t, g.notes.Put(context.Background(), note{"k", "text"}))
			_, err := g.notes.Get(context.Background(), "k")
			require.NoError(t, err)
			assert.Equal(t, test.want, order)
		})
	}
}

// In the guarded phases, an unclean key is read from its entry's primary, and written there first.
func TestGuardedPhasesFollowTheEntry(t *testing.T) {
	ctx := context.Background()
	for _, p := range []dual.Phase{dual.OldGuarded, dual.NewGuarded} {
		for _, entry := range []dual.Store{dual.Old, dual.New} {
			t.Run(fmt.Sprint(p, " ", entry), func(t *testing.T) {
				g := newGround(t)
				g.set(p, dual.Settings{})
				g.old.reset(map[string]note{"k": {"k", "old"}, "other": {"other", "old"}})
				g.new.reset(map[string]note{"k": {"k", "new"}, "other": {"other", "new"}})
				require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{noteKey("k")}, entry))
				n, err := g.notes.Get(ctx, "k")
				require.NoError(t, err)
				assert.Equal(t, entry.String(), n.Text)
				n, err = g.notes.Get(ctx, "other")
				require.NoError(t, err)
				assert.Equal(t, p.Primary().String(), n.Text, "a clean key is read from the phase's primary")
				written, err := g.notes.Append(ctx, "k", "+")
				require.NoError(t, err)
				assert.Equal(t, entry.String()+"+", written.Text, "the write adopts the entry's primary")
				assert.Equal(t, g.old.content()["k"], g.new.content()["k"])
			})
		}
	}
}

func TestOverlappingWritesLeaveTheKeyDirty(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{})
	entered, leave := make(chan struct{}), make(chan struct{})
	g.new.fail(func(context.Context, string) error {
		entered <- struct{}{}
		<-leave
		return nil
	})
	done := make(chan error)
	for _, text := range []string{"one", "two"} {
		go func() { done <- g.notes.Put(context.Background(), note{"k", text}) }()
		<-entered
	}
	close(leave)
	require.NoError(t, <-done)
	require.NoError(t, <-done)
	g.new.fail(nil)
	require.Len(t, g.unclean(), 1)
	g.repair(t)
	assert.Equal(t, g.old.content(), g.new.content())
}

// A caller that gives up after the primary committed does not keep the mirror from being written.
func TestCancellationAfterCommit(t *testing.T) {
	type traced struct{}
	for _, mode := range []phase.Mirror{phase.Inline, phase.Parallel, phase.AsyncGuarded} {
		t.Run(mode.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
			ctx, cancel := context.WithCancel(context.WithValue(context.Background(), traced{}, "trace"))
			g.old.failAfter(func(context.Context, string) error { cancel(); return nil })
			g.new.fail(func(ctx context.Context, _ string) error {
				if _, ok := ctx.Deadline(); !ok {
					return errors.New("the mirror has no deadline")
				}
				if ctx.Value(traced{}) != "trace" {
					return errors.New("the caller's values are lost")
				}
				return ctx.Err()
			})
			require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
			g.settle(t)
			assert.Equal(t, g.old.content(), g.new.content())
			assert.Empty(t, g.unclean())
		})
	}
}

// A mirror that hangs is given up after the mirror timeout, and by the shared deadline that is current when it begins.
func TestMirrorTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 8 * time.Second
		g := newGround(t, func(c *dual.Config) { c.MirrorTimeout = timeout })
		g.step(dual.OldPrimary)
		g.new.fail(func(ctx context.Context, _ string) error { <-ctx.Done(); return ctx.Err() })
		for i := range 5 {
			time.Sleep(time.Duration(i) * 300 * time.Millisecond)
			began := time.Now()
			require.NoError(t, g.notes.Put(context.Background(), note{"k", "text"}))
			assert.GreaterOrEqual(t, time.Since(began), timeout)
			assert.LessOrEqual(t, time.Since(began), timeout*9/8)
		}
		assert.Len(t, g.unclean(), 1)
		assert.EqualValues(t, 5, g.migration.Stats().MirrorFailed)
	})
}

// A mirror that hangs again and again is not waited for, but tried from time to time; its keys are left to the reconciler.
func TestMirrorThatHangsIsLeftAlone(t *testing.T) {
	for _, mode := range []phase.Mirror{phase.Inline, phase.AsyncGuarded} {
		synctest.Test(t, func(t *testing.T) {
			const timeout = 8 * time.Second
			g := newGround(t, func(c *dual.Config) { c.MirrorTimeout, c.MirrorPatience, c.Workers = timeout, 3, 1 })
			g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
			hangs, asked := true, 0
			g.new.fail(func(ctx context.Context, _ string) error {
				asked++
				if !hangs {
					return nil
				}
				<-ctx.Done()
				return ctx.Err()
			})
			put := func() time.Duration {
				began := time.Now()
				require.NoError(t, g.notes.Put(context.Background(), note{"k", "text"}))
				synctest.Wait()
				if mode == phase.AsyncGuarded {
					for g.migration.Stats().InFlight > 0 {
						time.Sleep(time.Millisecond)
					}
				}
				return time.Since(began)
			}
			for range 3 {
				assert.GreaterOrEqual(t, put(), timeout)
			}
			for range 100 {
				assert.Zero(t, put())
			}
			assert.Equal(t, 3, asked, "nobody waits")
			time.Sleep(timeout)
			assert.GreaterOrEqual(t, put(), timeout, "one tries")
			assert.Zero(t, put())
			time.Sleep(timeout)
			hangs = false
			for range 3 {
				assert.Zero(t, put())
			}
			assert.Equal(t, 7, asked)
			assert.EqualValues(t, 105, g.migration.Stats().MirrorFailed)
			assert.Len(t, g.unclean(), 1)
		})
	}
}

// A store that ends the goroutine leaks no token.
func TestGoexit(t *testing.T) {
	for _, mode := range []phase.Mirror{phase.Inline, phase.AsyncGuarded, phase.Parallel} {
		t.Run(mode.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
			g.new.fail(func(context.Context, string) error { runtime.Goexit(); return nil })
			done := make(chan struct{})
			go func() {
				defer close(done)
				_ = g.notes.Put(context.Background(), note{"k", "text"})
			}()
			<-done
			g.settle(t)
			g.new.fail(nil)
			require.Len(t, g.unclean(), 1)
			assert.Zero(t, g.unclean()[0].Active)
			assert.Zero(t, g.migration.Stats().InFlight)
		})
	}
}

func TestWholeKind(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldGuarded, dual.Settings{})
	g.old.reset(map[string]note{"k": {"k", "old"}})
	g.new.reset(map[string]note{"k": {"k", "new"}})
	require.NoError(t, g.notes.Clear(ctx))
	assert.Empty(t, g.new.content(), "the call is repeated on the mirror")
	whole := dual.Key{Kind: "note", Whole: true}
	e, ok, err := g.journal.Lookup(ctx, whole)
	require.NoError(t, err)
	require.True(t, ok, "the kind is unclean until a verify pass")
	assert.True(t, e.Dirty)
	g.set(dual.NewGuarded, dual.Settings{})
	g.old.reset(map[string]note{"k": {"k", "old"}})
	n, err := g.notes.Get(ctx, "k")
	require.NoError(t, err)
	assert.Equal(t, "old", n.Text, "a key of an unclean kind is read from the kind's primary")
}

func TestKeysThatThePrimaryMakes(t *testing.T) {
	ctx := context.Background()
	whole := dual.Key{Kind: "note", Whole: true}
	for _, mode := range []phase.Mirror{phase.Inline, phase.AsyncGuarded} {
		t.Run(mode.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
			n, err := g.notes.Create(ctx, "text")
			require.NoError(t, err)
			assert.Equal(t, "old1", n.ID)
			g.settle(t)
			assert.Equal(t, g.old.content(), g.new.content(), "copied under the key that the primary made")
			_, ok, err := g.journal.Lookup(ctx, whole)
			require.NoError(t, err)
			assert.False(t, ok, "the kind's token was given up clean")
			g.repair(t)

			g.old.failAfter(func(context.Context, string) error { return errBroken })
			_, err = g.notes.Create(ctx, "lost")
			require.ErrorIs(t, err, errBroken)
			e, ok, err := g.journal.Lookup(ctx, whole)
			require.NoError(t, err)
			require.True(t, ok, "an entity may exist that nobody knows")
			assert.True(t, e.Dirty)
		})
	}
	g := newGround(t)
	g.set(dual.NewOnly, dual.Settings{})
	n, err := g.notes.Create(ctx, "text")
	require.NoError(t, err)
	assert.Equal(t, "new1", n.ID)
}

func TestPrimaryOnlyAndLifecycle(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.NewGuarded, dual.Settings{})
	require.NoError(t, g.notes.Lock(ctx))
	assert.Equal(t, []string{"Lock"}, g.new.called())
	assert.Empty(t, g.old.called())
	g.old.fail(func(context.Context, string) error { return errBroken })
	g.new.fail(func(context.Context, string) error { return errNotFound })
	err := g.notes.Close(ctx)
	require.ErrorIs(t, err, errBroken)
	require.ErrorIs(t, err, errNotFound)
	g.old.fail(func(context.Context, string) error { panic("old") })
	g.new.reset(nil)
	_, panicked := call(func() error { return g.notes.Close(ctx) })
	assert.True(t, panicked)
	assert.Equal(t, []string{"Close"}, g.new.called(), "the new store is closed all the same")
}

func TestFreeze(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{Freeze: phase.FreezeWrites})
	require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrReadOnly)
	_, err := g.notes.Get(ctx, "k")
	require.ErrorIs(t, err, errNotFound)
	g.set(dual.OldPrimary, dual.Settings{Freeze: phase.FreezeAll})
	_, err = g.notes.Get(ctx, "k")
	require.ErrorIs(t, err, dual.ErrStopped)
	require.ErrorIs(t, g.migration.Ready(), dual.ErrStopped)
	callErr, ok := errors.AsType[*dual.CallError](err)
	require.True(t, ok)
	assert.Equal(t, "notes.Get", callErr.Method)
	assert.Equal(t, dual.OldPrimary, callErr.Phase)
	g.set(dual.OldPrimary, dual.Settings{})
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
	assert.EqualValues(t, 2, g.migration.Stats().Refused)
}

// More asynchronous mirrors than there is room for leave their keys to the reconciler.
func TestAsyncOverflow(t *testing.T) {
	g := newGround(t, func(c *dual.Config) { c.Workers, c.Queue = 2, 3 })
	g.set(dual.OldPrimary, dual.Settings{Mirror: phase.AsyncGuarded})
	leave := make(chan struct{})
	g.new.fail(func(context.Context, string) error { <-leave; return nil })
	before := runtime.NumGoroutine()
	const writes = 50
	for i := range writes {
		require.NoError(t, g.notes.Put(context.Background(), note{fmt.Sprint(i), "text"}))
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before+2, "no goroutine a call")
	assert.EqualValues(t, writes-5, g.migration.Stats().MirrorDropped)
	assert.EqualValues(t, 5, g.migration.Stats().InFlight, "calls with a mirror to come")
	counts, err := g.journal.Counts(context.Background(), "")
	require.NoError(t, err)
	assert.Equal(t, journal.Counts{Active: 5, Dirty: writes - 5, Primary: [2]int{writes, 0}}, counts)
	close(leave)
	g.settle(t)
	g.new.fail(nil)
	g.repair(t)
	assert.Equal(t, g.old.content(), g.new.content())
}

// The arguments are not shared between the legs.
func TestArgumentsAreCopied(t *testing.T) {
	for _, mode := range []phase.Mirror{phase.Inline, phase.Parallel, phase.AsyncGuarded} {
		t.Run(mode.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
			leave := make(chan struct{})
			if mode != phase.Inline {
				g.new.fail(func(context.Context, string) error { <-leave; return nil })
			}
			all := []note{{"a", "1"}, {"b", "2"}}
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, err := g.notes.PutAll(context.Background(), all)
				assert.NoError(t, err)
			}()
			if mode == phase.AsyncGuarded {
				<-done
				all[0].Text = "the caller goes on with its slice"
			}
			close(leave)
			<-done
			g.settle(t)
			assert.Equal(t, g.old.content(), g.new.content())
		})
	}
}
