package dual_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

var half = dual.Settings{Canary: 0.5}

// apart returns keys that are in the share, and keys that are not.
func apart(n int) (in, out []string) {
	for i := 0; len(in) < n || len(out) < n; i++ {
		id := fmt.Sprint(i)
		if half.InCanary("note", id) {
			in = append(in, id)
		} else {
			out = append(out, id)
		}
	}
	return in[:n], out[:n]
}

// Keys in the share are in the other guarded phase, and lists, several keys of both, and unknown keys stay with the phase.
func TestCanaryByKey(t *testing.T) {
	ctx := context.Background()
	for _, p := range []dual.Phase{dual.OldGuarded, dual.NewGuarded} {
		t.Run(p.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(p, half)
			in, out := apart(2)
			stays, moves := g.byPhase(p)
			first := func(do func() error) *store {
				t.Helper()
				var seen []string
				note := func(name string) func(context.Context, string) error {
					return func(context.Context, string) error { seen = append(seen, name); return nil }
				}
				stays.fail(note("stays"))
				moves.fail(note("moves"))
				require.NoError(t, do())
				stays.fail(nil)
				moves.fail(nil)
				require.NotEmpty(t, seen)
				return map[string]*store{"stays": stays, "moves": moves}[seen[0]]
			}
			put := func(id string) func() error {
				return func() error { return g.notes.Put(ctx, note{id, "text"}) }
			}
			get := func(id string) func() error {
				return func() error { _, err := g.notes.Get(ctx, id); return err }
			}
			putAll := func(ids ...string) func() error {
				return func() error {
					var all []note
					for _, id := range ids {
						all = append(all, note{id, "text"})
					}
					_, err := g.notes.PutAll(ctx, all)
					return err
				}
			}
			assert.Same(t, moves, first(put(in[0])))
			assert.Same(t, stays, first(put(out[0])))
			assert.Same(t, moves, first(get(in[0])))
			assert.Same(t, stays, first(get(out[0])))
			assert.Same(t, moves, first(putAll(in[0], in[1])))
			assert.Same(t, stays, first(putAll(in[0], out[1])))
			assert.Same(t, stays, first(func() error { return g.notes.Clear(ctx) }))
			assert.Equal(t, g.old.content(), g.new.content())
		})
	}
}

// A key of the canary whose mirror failed is answered by the store that has it, in the phase that the canary is taken back to as well.
func TestCanaryUncleanKeyFollowsItsEntry(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldGuarded, half)
	in, _ := apart(1)
	g.old.fail(func(context.Context, string) error { return errStoreDown })
	require.NoError(t, g.notes.Put(ctx, note{in[0], "text"}))
	g.old.fail(nil)
	require.Len(t, g.unclean(), 1)
	g.set(dual.OldGuarded, dual.Settings{})
	n, err := g.notes.Get(ctx, in[0])
	require.NoError(t, err)
	assert.Equal(t, "text", n.Text)
	g.repair(t)
	assert.Equal(t, g.new.content(), g.old.content())
}

// A canary allocates no more than the phase.
func TestCanaryAllocatesNothing(t *testing.T) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldGuarded, half)
	in, _ := apart(1)
	d := newDualNotes(still{}, still{}, g.migration)
	assert.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = d.Get(ctx, in[0]) }), "a read")
	n := note{ID: in[0]}
	assert.Zero(t, testing.AllocsPerRun(1000, func() { _ = d.Put(ctx, n) }), "a write")
}

// The guard takes the canary back where its keys fare worse than the others, and says why; and only there.
func TestCanaryGuard(t *testing.T) {
	slow := func(took time.Duration) func(context.Context, string) error {
		return func(context.Context, string) error { time.Sleep(took); return nil }
	}
	everyNth := func(n int) func(context.Context, string) error {
		calls := 0
		return func(context.Context, string) error {
			if calls++; calls%n == 0 {
				return errors.New("broken")
			}
			return nil
		}
	}
	strict := dual.Settings{Canary: 0.5, CanaryErrors: 0.02, CanaryP99: 50 * time.Millisecond}
	for _, test := range []struct {
		name     string
		settings dual.Settings
		old, new func(context.Context, string) error
		why      string // empty: the canary stays
	}{
		{"all is well", half, nil, nil, ""},
		{"new fails", half, nil, everyNth(10), "calls failed on keys that the new store answers first"},
		{"both fail", half, everyNth(10), everyNth(10), ""},
		{"old fails", half, everyNth(10), nil, ""},
		{"new is slow", strict, nil, slow(60 * time.Millisecond), "the p99 is above the limit"},
		{"both are slow", strict, slow(60 * time.Millisecond), slow(60 * time.Millisecond), ""},
		{"new is slower, within the limit", strict, nil, slow(40 * time.Millisecond), ""},
		{"new fails a little", strict, nil, everyNth(200), ""},
	} {
		t.Run(test.name, bubble(func(t *testing.T) { guarded(t, test.settings, test.old, test.new, test.why) }))
	}
}

// guarded makes calls on two keys until the canary is taken back, or long enough; why says whether it must be.
func guarded(t *testing.T, settings dual.Settings, old, new func(context.Context, string) error, why string) {
	ctx := context.Background()
	g := newGround(t)
	g.set(dual.OldGuarded, settings)
	time.Sleep(time.Second) // the guard has seen the epoch
	g.old.fail(old)
	g.new.fail(new)
	in, out := apart(1)
	began := time.Now()
	for n := 0; n < 2000 && g.migration.Settings().Canary > 0; n++ {
		_, _ = g.notes.Get(ctx, in[0])
		_, _ = g.notes.Get(ctx, out[0])
		time.Sleep(5 * time.Millisecond)
	}
	record, err := g.control.Load(ctx)
	require.NoError(t, err)
	last := record.Trail[len(record.Trail)-1]
	if why == "" {
		assert.NotZero(t, record.Settings.Canary, "%+v", last)
		return
	}
	require.Zero(t, record.Settings.Canary)
	assert.Less(t, time.Since(began), 2*time.Second)
	assert.Contains(t, last.Why, why)
	assert.Contains(t, last.What, "canary 0.5 to 0")
	assert.True(t, strings.HasPrefix(last.By, "canary guard of "), last.By)
}

// A guard judges by the epoch that it saw: somebody who raises the canary again is not taken back for what was before.
func TestStopCanaryOfAnotherEpoch(t *testing.T) {
	ctx := context.Background()
	c := control.NewMemory()
	require.NoError(t, control.Init(ctx, c, "test"))
	record, err := control.Update(ctx, c, func(r *control.Record) error {
		r.Phase, r.Settings, r.Epoch = dual.OldGuarded, half, r.Epoch+1
		return nil
	})
	require.NoError(t, err)
	require.NoError(t, control.StopCanary(ctx, c, record.Epoch-1, "i", "why"))
	again, err := c.Load(ctx)
	require.NoError(t, err)
	assert.Equal(t, 0.5, again.Settings.Canary)
	require.NoError(t, control.StopCanary(ctx, c, record.Epoch, "i", "why"))
	again, err = c.Load(ctx)
	require.NoError(t, err)
	assert.Zero(t, again.Settings.Canary)
	assert.Equal(t, record.Epoch+1, again.Epoch)
}
