package dual_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// reading is an entity whose key has a time.
type reading struct {
	Day   time.Time
	Value int
}

// readings is a repository that can be rolled over.
type readings interface {
	Get(ctx context.Context, day time.Time) (int, error)
	Put(ctx context.Context, r reading) error
	PutAll(ctx context.Context, all []reading) error
}

// days is a readings in memory.
type days map[time.Time]int

func (d days) Get(_ context.Context, day time.Time) (int, error) { return d[day], nil }
func (d days) Put(_ context.Context, r reading) error            { d[r.Day] = r.Value; return nil }
func (d days) PutAll(ctx context.Context, all []reading) error {
	for _, r := range all {
		_ = d.Put(ctx, r) // never fails
	}
	return nil
}

// dualDays is a wrapper as dualgen generates it.
type dualDays struct {
	stores           [2]readings
	migration        *dual.Migration
	get, put, putAll *dual.Method
}

func newDualDays(old, new readings, m *dual.Migration) *dualDays {
	return &dualDays{
		stores: [2]readings{old, new}, migration: m,
		get:    m.Method(dual.MethodInfo{Name: "readings.Get", Kind: dual.KindRead, Timed: true}),
		put:    m.Method(dual.MethodInfo{Name: "readings.Put", Kind: dual.KindWrite, Timed: true}),
		putAll: m.Method(dual.MethodInfo{Name: "readings.PutAll", Kind: dual.KindWrite, Timed: true}),
	}
}

func dayKey(day time.Time) dual.Key { return dual.Key{Kind: "reading", ID: day.String()} }

func (d *dualDays) Get(ctx context.Context, day time.Time) (int, error) {
	call, err := d.migration.BeginAt(d.get, day)
	if err != nil {
		return 0, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Get(ctx, day)
	}
	return dual.Read(ctx, call, &d.stores, dayKey(day), day, nil,
		func(ctx context.Context, store readings, day time.Time) (int, error) { return store.Get(ctx, day) })
}

func (d *dualDays) Put(ctx context.Context, r reading) error {
	call, err := d.migration.BeginAt(d.put, r.Day)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Put(ctx, r)
	}
	return dual.Write(ctx, call, &d.stores, dayKey(r.Day), r, nil,
		func(ctx context.Context, store readings, r reading) error { return store.Put(ctx, r) })
}

func (d *dualDays) PutAll(ctx context.Context, all []reading) error {
	call, err := d.migration.BeginEach(d.putAll, len(all), func(i int) time.Time { return all[i].Day })
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].PutAll(ctx, all)
	}
	keys := make([]dual.Key, len(all))
	for i, r := range all {
		keys[i] = dayKey(r.Day)
	}
	return dual.WriteMany(ctx, call, &d.stores, keys, all, nil,
		func(ctx context.Context, store readings, all []reading) error { return store.PutAll(ctx, all) })
}

// rollover is a fleet of two instances whose control loops and whose clock a test drives.
type rollover struct {
	t           *testing.T
	now         time.Time
	old, new    days
	control     *control.Memory
	coordinator *control.Coordinator
	hooks       [2]*hooks.Hooks
	migrations  [2]*dual.Migration
	fleet       [2]*dualDays
}

var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func newRollover(t *testing.T, off hooks.Rules, leases bool) *rollover {
	t.Helper()
	r := &rollover{t: t, now: began, old: days{}, new: days{}}
	clock := func() time.Time { return r.now }
	r.control = control.NewMemory(control.WithClock(clock))
	require.NoError(t, control.Init(context.Background(), r.control, "test"))
	j := journal.NewMemory(journal.WithClock(clock))
	r.coordinator = control.NewCoordinator(r.control, j, control.WithRules(off), control.WithCoordinatorClock(clock))
	for i := range r.fleet {
		r.hooks[i] = &hooks.Hooks{Manual: true, Leases: leases, Now: clock, Off: off}
		m, err := dual.NewMigration(dual.Config{Control: r.control, Journal: j, Instance: fmt.Sprint(i), Logger: quiet(), Hooks: r.hooks[i]})
		require.NoError(t, err)
		r.migrations[i], r.fleet[i] = m, newDualDays(r.old, r.new, m)
		r.follow(i)
		t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	}
	return r
}

// follow has an instance look at the record.
func (r *rollover) follow(i int) { require.NoError(r.t, r.hooks[i].Follow(context.Background())) }

func (r *rollover) cutoff(at time.Time) error {
	_, err := r.coordinator.Cutoff(context.Background(), at, control.Step{Confirm: true})
	return err
}

func TestCutoffDivides(t *testing.T) {
	for _, leases := range []bool{false, true} {
		t.Run(fmt.Sprint("leases ", leases), func(t *testing.T) {
			ctx := context.Background()
			r := newRollover(t, hooks.Rules{}, leases)
			cutoff := began.Add(48 * time.Hour)
			require.NoError(t, r.cutoff(cutoff))
			before, after := cutoff.Add(-time.Nanosecond), cutoff
			d := r.fleet[0]
			require.ErrorIs(t, d.Put(ctx, reading{after, 1}), dual.ErrAhead, "not before a lead has passed")
			r.now = began.Add(36 * time.Hour)
			r.follow(0)
			require.NoError(t, d.Put(ctx, reading{before, 1}))
			require.NoError(t, d.Put(ctx, reading{after, 2}))
			assert.Equal(t, days{before: 1}, r.old)
			assert.Equal(t, days{after: 2}, r.new)
			for day, want := range map[time.Time]int{before: 1, after: 2} {
				got, err := d.Get(ctx, day)
				require.NoError(t, err)
				assert.Equal(t, want, got)
			}
			require.ErrorIs(t, d.PutAll(ctx, []reading{{after, 8}, {before, 9}}), dual.ErrBothSides)
			assert.Equal(t, days{before: 1}, r.old, "refused before any store was touched")
			require.NoError(t, d.PutAll(ctx, []reading{{after, 3}, {after.Add(time.Hour), 4}}))
			require.NoError(t, d.PutAll(ctx, []reading{{before, 5}, {began, 6}}))
			require.NoError(t, d.PutAll(ctx, nil))
			assert.Equal(t, days{before: 5, began: 6}, r.old)
			assert.Equal(t, days{after: 3, after.Add(time.Hour): 4}, r.new)
			require.ErrorIs(t, d.PutAll(ctx, []reading{{after, 7}, {after.Add(48 * time.Hour), 7}}), dual.ErrAhead)
			stats := r.migrations[0].Stats()
			assert.Zero(t, stats.InFlight)
			assert.EqualValues(t, 3, stats.Refused)
		})
	}
}

// Methods that cannot tell times keep the cutoff from being set; where they come later, they are refused.
func TestCutoffNeedsTimes(t *testing.T) {
	ctx := context.Background()
	r := newRollover(t, hooks.Rules{}, false)
	require.NoError(t, r.cutoff(began.Add(48*time.Hour)))
	r.follow(0)
	old := newStore("old")
	late := newDualNotes(old, newStore("new"), r.migrations[0])
	require.ErrorIs(t, late.Put(ctx, note{"k", "text"}), dual.ErrUntimed)
	_, err := late.Get(ctx, "k")
	require.ErrorIs(t, err, dual.ErrUntimed)
	require.NoError(t, late.Lock(ctx), "what is no data is the primary's")
	assert.Equal(t, []string{"Lock"}, old.calls)

	r.follow(1)
	r.now = r.now.Add(10 * time.Second)
	r.follow(0)
	var refusal *control.Refusal
	require.ErrorAs(t, r.cutoff(began.Add(72*time.Hour)), &refusal)
	require.Len(t, refusal.Unmet, 1)
	assert.Equal(t, control.GateTimed, refusal.Unmet[0].Gate)
	assert.Equal(t, "0", refusal.Unmet[0].Instance)
}

// An instance that has not seen the new cutoff refuses the keys that it concerns, at whatever time it is asked for them.
func TestCutoffSeenAtDifferentTimes(t *testing.T) {
	ctx := context.Background()
	r := newRollover(t, hooks.Rules{}, false)
	cutoff := began.Add(dual.Settings{}.Ahead() + control.Skew + time.Second)
	require.NoError(t, r.cutoff(cutoff))
	r.now = cutoff.Add(time.Hour)
	r.follow(0)
	require.NoError(t, r.fleet[0].Put(ctx, reading{cutoff, 1}))
	require.ErrorIs(t, r.fleet[1].Put(ctx, reading{cutoff, 2}), dual.ErrAhead)
	require.NoError(t, r.fleet[1].Put(ctx, reading{began, 3}))
	r.follow(1)
	got, err := r.fleet[1].Get(ctx, cutoff)
	require.NoError(t, err)
	assert.Equal(t, 1, got)
	assert.Equal(t, days{began: 3}, r.old)
}

// TestCutoffMoves has a fleet whose clock, cutoff and lead move at random find every value where it was put last. Without one
// of the rules, some would be lost.
func TestCutoffMoves(t *testing.T) {
	for _, test := range []struct {
		name  string
		off   hooks.Rules
		loses bool
	}{{"all rules", hooks.Rules{}, false}, {"no reach", hooks.Rules{NoReach: true}, true}, {"no gate", hooks.Rules{NoGate: true}, true}} {
		t.Run(test.name, func(t *testing.T) {
			lost, moved, served := 0, 0, 0
			for seed := range uint64(60) {
				l, m, s := walk(newRollover(t, test.off, false), rand.New(rand.NewPCG(seed, 1)))
				lost, moved, served = lost+l, moved+m, served+s
			}
			t.Logf("%d calls served, %d changes of the cutoff, %d values lost", served, moved, lost)
			assert.Equal(t, test.loses, lost > 0)
			assert.Greater(t, moved, 60)
			assert.Greater(t, served, 1000)
		})
	}
}

// walk counts the values that were not found, the changes of the cutoff, and the calls that were let in.
func walk(r *rollover, rng *rand.Rand) (lost, moved, served int) {
	ctx := context.Background()
	hours := func(n int) time.Duration { return time.Duration(rng.IntN(n)) * time.Hour }
	put := days{}
	var refusal *control.Refusal
	for n := range 400 {
		i := rng.IntN(2)
		switch rng.IntN(12) {
		case 0:
			r.now = r.now.Add(hours(8))
		case 1, 2:
			r.follow(i)
		case 3:
			at := r.now.Add(hours(72))
			if rng.IntN(3) == 0 {
				at = time.Time{}
			}
			err := r.cutoff(at)
			if err == nil {
				moved++
			} else if !errors.As(err, &refusal) {
				require.NoError(r.t, err)
			}
		case 4:
			_, err := r.coordinator.Lead(ctx, time.Hour+hours(30), control.Step{})
			require.NoError(r.t, err)
		case 5, 6, 7:
			day := r.now.Add(hours(40)).Truncate(4 * time.Hour)
			if r.fleet[i].Put(ctx, reading{day, n + 1}) == nil {
				put[day] = n + 1
				served++
			}
		default:
			day := r.now.Add(hours(60) - 24*time.Hour).Truncate(4 * time.Hour)
			if got, err := r.fleet[i].Get(ctx, day); err == nil {
				served++
				if got != put[day] {
					lost++
				}
			}
		}
	}
	return lost, moved, served
}

func TestTimedCallsAllocateNothing(t *testing.T) {
	ctx := context.Background()
	r := newRollover(t, hooks.Rules{}, false)
	require.NoError(t, r.fleet[0].Put(ctx, reading{began, 1}))
	assert.Zero(t, testing.AllocsPerRun(1000, func() { _ = r.fleet[0].Put(ctx, reading{began, 1}) }), "one")
	all := []reading{{began, 1}, {began, 2}}
	assert.Zero(t, testing.AllocsPerRun(1000, func() { _ = r.fleet[0].PutAll(ctx, all) }), "several")
}

func BenchmarkTimed(b *testing.B) {
	ctx := context.Background()
	m, err := dual.NewMigration(dual.Config{Logger: quiet()})
	require.NoError(b, err)
	defer m.Close(ctx)
	d := newDualDays(days{}, days{}, m)
	day := time.Now()
	for b.Loop() {
		_, _ = d.Get(ctx, day)
	}
}
