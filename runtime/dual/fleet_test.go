package dual_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestDefaults(t *testing.T) {
	m, err := dual.NewMigration(dual.Config{Logger: quiet()})
	require.NoError(t, err)
	assert.Equal(t, dual.OldOnly, m.Phase())
	assert.NoError(t, m.Ready())
	require.NoError(t, m.Close(context.Background()))
	require.NoError(t, m.Close(context.Background()), "closing twice does nothing")
	assert.ErrorIs(t, m.Ready(), dual.ErrClosed)
	_, err = dual.NewMigration(dual.Config{Workers: -1})
	assert.Error(t, err)
}

// An instance never makes up a phase.
func TestNoRecord(t *testing.T) {
	ctx := context.Background()
	empty := control.NewMemory()
	g := newGround(t, func(c *dual.Config) { c.Control = empty })
	require.ErrorIs(t, g.migration.Ready(), dual.ErrNotReady)
	require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrNotReady)
	assert.Zero(t, g.migration.Phase())
	require.NoError(t, control.Init(ctx, empty, "test"))
	require.Eventually(t, func() bool { return g.migration.Ready() == nil }, enough, time.Millisecond)
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
}

// An epoch is acknowledged when the calls of older ones have ended, asynchronous mirrors included.
func TestDrain(t *testing.T) {
	for _, test := range []struct {
		name  string
		off   hooks.Rules
		waits bool
	}{{"on", hooks.Rules{}, true}, {"switched off", hooks.Rules{NoDrain: true}, false}} {
		for _, mode := range []phase.Mirror{phase.Inline, phase.AsyncGuarded} {
			t.Run(test.name+" "+mode.String(), bubble(func(t *testing.T) {
				ctx := context.Background()
				g := newGround(t, func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: test.off} })
				g.set(dual.OldPrimary, dual.Settings{Mirror: mode})
				entered, leave := make(chan struct{}), make(chan struct{})
				g.new.fail(func(context.Context, string) error { close(entered); <-leave; return nil })
				done := make(chan error, 1)
				go func() { done <- g.notes.Put(ctx, note{"k", "text"}) }()
				<-entered
				record, err := control.Update(ctx, g.control, func(r *control.Record) error {
					r.Epoch++
					r.Phase = dual.OldGuarded
					return nil
				})
				require.NoError(t, err)
				require.Eventually(t, func() bool { return g.migration.Phase() == dual.OldGuarded }, enough, time.Millisecond)
				time.Sleep(30 * time.Millisecond)
				acked := g.migration.Status().Acked == record.Epoch
				assert.Equal(t, test.waits, !acked, "acknowledged while an older call runs: %v", acked)
				close(leave)
				require.NoError(t, <-done)
				require.Eventually(t, func() bool {
					instances, err := g.control.Instances(ctx)
					return err == nil && instances[0].Acked == record.Epoch && instances[0].Phase == dual.OldGuarded
				}, enough, time.Millisecond)
			}))
		}
	}
}

// A kind that is added when reads have moved already was never copied: from the moment it is there calls are refused, until
// reads move back.
func TestKindAddedLate(t *testing.T) {
	for _, off := range []bool{false, true} {
		ctx := context.Background()
		g := newGround(t, func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: hooks.Rules{NoKindCheck: off}} })
		_, err := control.Update(ctx, g.control, func(r *control.Record) error {
			r.Epoch++
			r.Phase, r.MirroredSince, r.MirroredFrom, r.Proved = dual.NewPrimary, 2, dual.Old, []string{"note"}
			return nil
		})
		require.NoError(t, err)
		require.Eventually(t, func() bool { return g.migration.Phase() == dual.NewPrimary }, enough, time.Millisecond)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
		dual.AddEntity(g.migration, &g.notes.stores, dual.Entity[notes, note]{Kind: "order"})
		_, err = g.notes.Get(ctx, "k")
		if off {
			require.NoError(t, err)
			continue
		}
		require.ErrorIs(t, err, dual.ErrKindUnproved)
		require.ErrorIs(t, g.migration.Ready(), dual.ErrKindUnproved)
		require.Eventually(t, func() bool {
			instances, err := g.control.Instances(ctx)
			return err == nil && len(instances[0].Kinds) == 2 && strings.Contains(instances[0].Note, "order was not copied")
		}, enough, time.Millisecond, "the fleet hears of it")
		g.step(dual.OldGuarded)
		_, err = g.notes.Get(ctx, "k")
		require.NoError(t, err)
	}
}

// leased starts an instance whose control store can be cut off, in a bubble of its own time.
func leased(t *testing.T, configure func(*dual.Config)) (*ground, *remoteControl) {
	remote := &remoteControl{Control: control.NewMemory()}
	require.NoError(t, control.Init(context.Background(), remote.Control, "test"))
	g := newGround(t, func(c *dual.Config) {
		c.Control, c.Lease = remote, 10*time.Second
		configure(c)
	})
	synctest.Wait()
	return g, remote
}

func TestLease(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		g, remote := leased(t, func(*dual.Config) {})
		g.step(dual.OldPrimary)
		time.Sleep(time.Minute)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "a lease that is renewed lasts")
		remote.down.Store(true)
		time.Sleep(6 * time.Second)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "the lease runs on for a while")
		assert.GreaterOrEqual(t, g.migration.Status().Age, 2*time.Second)
		assert.Contains(t, g.migration.Status().Note, "down")
		time.Sleep(5 * time.Second)
		require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrLeaseLost)
		_, err := g.notes.Get(ctx, "k")
		require.ErrorIs(t, err, dual.ErrLeaseLost)
		require.ErrorIs(t, g.migration.Ready(), dual.ErrLeaseLost)
		instances, err := remote.Instances(ctx)
		require.NoError(t, err)
		assert.False(t, instances[0].Live)
		remote.down.Store(false)
		time.Sleep(5 * time.Second)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "a lease that was regained")
	})
}

// hangingJournal has renewals that hang until their context ends.
type hangingJournal struct {
	journal.Journal
	hangs atomic.Bool
}

func (j *hangingJournal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if !j.hangs.Load() {
		return j.Journal.Renew(ctx, owner, ttl)
	}
	<-ctx.Done()
	return ctx.Err()
}

// A journal that hangs costs an instance neither its lease in the fleet nor its sight of the record.
func TestJournalHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hanging := &hangingJournal{Journal: journal.NewMemory()}
		g, remote := leased(t, func(c *dual.Config) { c.Journal = hanging })
		hanging.hangs.Store(true)
		for range 100 {
			time.Sleep(time.Second)
			require.NoError(t, g.migration.Ready())
		}
		_, err := control.Update(t.Context(), remote.Control, func(r *control.Record) error {
			r.Epoch++
			r.Settings.Freeze = phase.FreezeWrites
			return nil
		})
		require.NoError(t, err)
		time.Sleep(10 * time.Second)
		require.ErrorIs(t, g.notes.Put(t.Context(), note{"k", "text"}), dual.ErrReadOnly)
	})
}

// A call that sleeps past its instance's lease is not acknowledged, even if the instance has a new lease by then.
func TestPausedPastTheLease(t *testing.T) {
	for _, p := range []dual.Phase{dual.OldOnly, dual.OldPrimary, dual.OldGuarded} {
		for _, regained := range []bool{false, true} {
			t.Run(p.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					ctx := context.Background()
					g, remote := leased(t, func(*dual.Config) {})
					g.step(p)
					pause := func(context.Context, string) error {
						remote.down.Store(true)
						time.Sleep(20 * time.Second)
						if regained {
							remote.down.Store(false)
							time.Sleep(20 * time.Second)
						}
						return nil
					}
					g.old.fail(pause)
					err := g.notes.Put(ctx, note{"k", "text"})
					require.ErrorIs(t, err, dual.ErrUnknown)
					require.ErrorIs(t, err, dual.ErrLeaseLost)
					assert.Empty(t, g.new.called(), "the mirror is not written after the lease ran out")
					remote.down.Store(false)
					time.Sleep(20 * time.Second)
					g.old.fail(pause)
					_, err = g.notes.Get(ctx, "k")
					require.ErrorIs(t, err, dual.ErrLeaseLost)
					remote.down.Store(false)
					g.old.fail(nil)
				})
			})
		}
	}
}

// slowBegin is a journal whose Begin takes long: the process was paused while it waited for the answer.
type slowBegin struct {
	journal.Journal
	pause func()
}

func (s *slowBegin) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	token, err := s.Journal.Begin(ctx, owner, key, primary)
	s.pause()
	return token, err
}

func (s *slowBegin) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	tokens, err := s.Journal.BeginMany(ctx, owner, keys, primary)
	s.pause()
	return tokens, err
}

// TestPausedBetweenTokenAndPrimary loses the lease while the token is taken: no store is touched any more.
func TestPausedBetweenTokenAndPrimary(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := context.Background()
		slow := &slowBegin{Journal: journal.NewMemory(), pause: func() {}}
		g, remote := leased(t, func(c *dual.Config) { c.Journal = slow })
		g.step(dual.OldPrimary)
		slow.pause = func() {
			remote.down.Store(true)
			time.Sleep(20 * time.Second)
		}
		require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrLeaseLost)
		assert.Empty(t, g.old.called(), "the primary is not written after the lease ran out")
		assert.Empty(t, g.new.called())
		slow.pause = func() {}
		remote.down.Store(false)
		time.Sleep(20 * time.Second)
		require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
	})
}

func TestLeaseSwitchedOff(t *testing.T) {
	for name, configure := range map[string]func(*dual.Config){
		"KeepLast": func(c *dual.Config) { c.OnLeaseLost = dual.KeepLast },
		"NoLease":  func(c *dual.Config) { c.Hooks = &hooks.Hooks{Off: hooks.Rules{NoLease: true}} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, remote := leased(t, configure)
				remote.down.Store(true)
				time.Sleep(time.Minute)
				require.NoError(t, g.notes.Put(context.Background(), note{"k", "text"}))
				instances, err := remote.Instances(context.Background())
				require.NoError(t, err)
				assert.Equal(t, name == "KeepLast", instances[0].KeepsLast, "the fleet waits for it, unless the rule is broken")
				remote.down.Store(false)
			})
		})
	}
}

func TestEvicted(t *testing.T) {
	ctx := context.Background()
	g := newGround(t, func(c *dual.Config) { c.Lease = 100 * time.Millisecond })
	require.NoError(t, g.control.Evict(ctx, "a"))
	require.Eventually(t, func() bool { return g.migration.Ready() != nil }, enough, time.Millisecond)
	require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrEvicted)
}

// A source that fails, or goes back, leaves the last phase in view.
func TestRecordThatCannotBeFollowed(t *testing.T) {
	ctx := context.Background()
	for name, change := range map[string]func(*control.Record){
		"back":     func(r *control.Record) { r.Epoch, r.Phase = 0, dual.OldOnly },
		"settings": func(r *control.Record) { r.Epoch++; r.Settings.Compare = 7 },
		"phase":    func(r *control.Record) { r.Epoch++; r.Phase = 9 },
	} {
		t.Run(name, func(t *testing.T) {
			g := newGround(t)
			g.set(dual.OldPrimary, dual.Settings{})
			_, err := control.Update(ctx, g.control, func(r *control.Record) error { change(r); return nil })
			require.NoError(t, err)
			require.Eventually(t, func() bool { return g.migration.Status().Note != "" }, enough, time.Millisecond)
			assert.Equal(t, dual.OldPrimary, g.migration.Phase())
			assert.NoError(t, g.migration.Ready())
		})
	}
}

// A journal that lost its memory during the crossing leaves nobody who knows which store is right.
func TestJournalLostDuringTheCrossing(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	_, err := control.Update(ctx, g.control, func(r *control.Record) error {
		r.Epoch++
		r.Phase, r.Journal, r.Crossed = dual.NewGuarded, "another", true
		return nil
	})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return g.migration.Ready() != nil }, enough, time.Millisecond)
	require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrJournalLost)
	_, err = g.notes.Get(ctx, "k")
	require.ErrorIs(t, err, dual.ErrJournalLost)
	coordinator := control.NewCoordinator(g.control, g.journal)
	_, err = coordinator.Recover(ctx, control.Step{})
	require.Error(t, err, "without confirmation")
	_, err = coordinator.Recover(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	require.Eventually(t, func() bool { return g.migration.Ready() == nil }, enough, time.Millisecond)
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
}

// An instance that starts while the journal is down does not enter a mirrored phase: its tokens would have no lease.
func TestStartWithoutJournal(t *testing.T) {
	ctx := context.Background()
	j := &faultyJournal{Journal: journal.NewMemory()}
	j.renew.Store(true)
	g := newGround(t, func(c *dual.Config) { c.Journal = j })
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "a single store needs none")
	_, err := control.Update(ctx, g.control, func(r *control.Record) error { r.Epoch++; r.Phase = dual.OldPrimary; return nil })
	require.NoError(t, err)
	require.Eventually(t, func() bool { return g.migration.Status().Note != "" }, enough, time.Millisecond)
	assert.Equal(t, dual.OldOnly, g.migration.Phase())
	j.renew.Store(false)
	require.NoError(t, control.VoidParity(ctx, g.control, "test")) // any change wakes it
	require.Eventually(t, func() bool { return g.migration.Phase() == dual.OldPrimary }, enough, time.Millisecond)
}

func TestClose(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{Mirror: phase.AsyncGuarded})
	leave := make(chan struct{})
	g.new.fail(func(context.Context, string) error { <-leave; return nil })
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}))
	time.AfterFunc(20*time.Millisecond, func() { close(leave) })
	require.NoError(t, g.migration.Close(ctx))
	assert.Equal(t, g.old.content(), g.new.content(), "mirror writes are waited for")
	assert.Empty(t, g.unclean())
	require.ErrorIs(t, g.notes.Put(ctx, note{"k", "text"}), dual.ErrClosed)
	instances, err := g.control.Instances(ctx)
	require.NoError(t, err)
	assert.Empty(t, instances)
}

// step puts the record at a phase inside a bubble.
func (g *ground) step(p dual.Phase) {
	g.t.Helper()
	_, err := control.Update(context.Background(), g.control, func(r *control.Record) error { r.Epoch++; r.Phase = p; return nil })
	require.NoError(g.t, err)
	time.Sleep(2 * time.Second)
	require.Equal(g.t, p, g.migration.Phase())
}
