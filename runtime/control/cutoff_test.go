package control_test

import (
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// timely is a fleet of one instance that can tell times, with a clock.
type timely struct {
	t           *testing.T
	now         time.Time
	control     *control.Memory
	coordinator *control.Coordinator
}

func newTimely(t *testing.T) *timely {
	f := &timely{t: t, now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return f.now }
	f.control = control.NewMemory(control.WithClock(clock))
	require.NoError(t, control.Init(ctx, f.control, "test"))
	f.coordinator = control.NewCoordinator(f.control, journal.NewMemory(journal.WithClock(clock)), control.WithCoordinatorClock(clock))
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	return f
}

// ack has an instance report that it follows.
func (f *timely) ack(i control.Instance) {
	f.t.Helper()
	record, err := f.control.Load(ctx)
	require.NoError(f.t, err)
	i.Acked = record.Epoch
	require.NoError(f.t, f.control.Renew(ctx, i, 1000*time.Hour))
}

func (f *timely) cutoff(at time.Time) error {
	f.t.Helper()
	_, err := f.coordinator.Cutoff(ctx, at, control.Step{By: "test", Confirm: true})
	if err == nil {
		f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	}
	return err
}

// refused expects that exactly these gates are not met, each with a remedy.
func refused(t *testing.T, err error, gates ...control.Gate) {
	t.Helper()
	var refusal *control.Refusal
	require.ErrorAs(t, err, &refusal)
	var unmet []control.Gate
	for _, o := range refusal.Unmet {
		unmet = append(unmet, o.Gate)
		assert.NotEmpty(t, o.Remedy)
	}
	assert.Equal(t, gates, unmet, "%v", err)
}

func TestCutoffGates(t *testing.T) {
	f := newTimely(t)
	near := phase.DefaultLead + control.Skew
	refused(t, f.cutoff(f.now.Add(near)), control.GateCutoff)
	refused(t, f.cutoff(f.now.Add(-time.Hour)), control.GateCutoff)
	_, err := f.coordinator.Cutoff(ctx, f.now.Add(near+1), control.Step{})
	refused(t, err, control.GateConfirm)
	assert.ErrorContains(t, err, "cannot change the cutoff")

	first := f.now.Add(near + time.Hour)
	require.NoError(t, f.cutoff(first.In(time.FixedZone("", 3600))))
	record, err := f.control.Load(ctx)
	require.NoError(t, err)
	assert.Equal(t, first, record.Settings.Cutoff, "kept in UTC")
	assert.EqualValues(t, 2, record.Epoch)
	require.NoError(t, f.cutoff(first), "nothing changes")

	_, err = f.coordinator.Cutoff(ctx, first.Add(time.Hour), control.Step{})
	require.NoError(t, err, "a later cutoff takes keys from new: nothing to confirm")
	refused(t, f.cutoff(first), control.GateFleet)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	f.ack(control.Instance{ID: "b"})
	refused(t, f.cutoff(first), control.GateTimed)
	require.NoError(t, f.control.Leave(ctx, "b"))
	require.NoError(t, f.cutoff(time.Time{}))
	require.NoError(t, f.cutoff(first))

	f.now = f.now.Add(time.Hour)
	refused(t, f.cutoff(first.Add(time.Hour)), control.GateCutoff)
	refused(t, f.cutoff(time.Time{}), control.GateCutoff)
}

func TestCutoffInOldOnlyAlone(t *testing.T) {
	f := newTimely(t)
	_, err := f.coordinator.Advance(ctx, control.Step{})
	require.NoError(t, err)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	refused(t, f.cutoff(f.now.Add(48*time.Hour)), control.GateSettings)
	_, err = f.coordinator.Set(ctx, phase.Settings{Cutoff: f.now.Add(48 * time.Hour)}, control.Step{})
	require.ErrorContains(t, err, "cutoff")
}

// While all calls are frozen, any cutoff may be made.
func TestCutoffWhileFrozen(t *testing.T) {
	f := newTimely(t)
	at := f.now.Add(48 * time.Hour)
	require.NoError(t, f.cutoff(at))
	f.now = at.Add(time.Hour)
	freeze := func(what phase.Freeze) {
		record, err := f.control.Load(ctx)
		require.NoError(t, err)
		record.Settings.Freeze = what
		_, err = f.coordinator.Set(ctx, record.Settings, control.Step{})
		require.NoError(t, err)
	}
	freeze(phase.FreezeWrites)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	refused(t, f.cutoff(time.Time{}), control.GateCutoff)
	freeze(phase.FreezeAll)
	refused(t, f.cutoff(time.Time{}), control.GateFleet)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	_, err := f.coordinator.Cutoff(ctx, time.Time{}, control.Step{})
	refused(t, err, control.GateConfirm)
	require.NoError(t, f.cutoff(time.Time{}))
	require.NoError(t, f.cutoff(f.now))
}

// A lead that was longer may have let keys in that a shorter one would not: no cutoff moves across those.
func TestShorterLead(t *testing.T) {
	f := newTimely(t)
	began := f.now
	_, err := f.coordinator.Lead(ctx, time.Second, control.Step{})
	require.ErrorContains(t, err, "at least 1m")
	_, err = f.coordinator.Lead(ctx, time.Hour, control.Step{})
	require.NoError(t, err)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	refused(t, f.cutoff(began.Add(24*time.Hour)), control.GateCutoff)
	f.now = began.Add(22 * time.Hour)
	refused(t, f.cutoff(began.Add(24*time.Hour)), control.GateCutoff)
	require.NoError(t, f.cutoff(began.Add(25*time.Hour)))
	f.now = began.Add(23 * time.Hour)
	require.NoError(t, f.cutoff(began.Add(26*time.Hour)))
	_, err = f.coordinator.Set(ctx, phase.Settings{Freeze: phase.FreezeWrites}, control.Step{})
	require.ErrorContains(t, err, "commands of their own", "a freeze does not drop the cutoff unseen")
}

func TestCutoffEnds(t *testing.T) {
	f := newTimely(t)
	at := f.now.Add(48 * time.Hour)
	require.NoError(t, f.cutoff(at))
	_, err := f.coordinator.Advance(ctx, control.Step{})
	refused(t, err, control.GateCutoff, control.GateConfirm)
	f.now = at.Add(control.Skew + 1)
	_, err = f.coordinator.Advance(ctx, control.Step{})
	refused(t, err, control.GateConfirm)
	status, err := f.coordinator.Status(ctx)
	require.NoError(t, err)
	assert.Empty(t, status.Forward)
	record, err := f.coordinator.Advance(ctx, control.Step{Confirm: true})
	require.NoError(t, err)
	assert.Equal(t, phase.NewOnly, record.Phase)
	assert.Zero(t, record.Settings.Cutoff)
	f.ack(control.Instance{ID: "a", Timed: true, Alone: true, Journal: "memory"})
	record, err = f.coordinator.Back(ctx, control.Step{})
	require.NoError(t, err)
	assert.Equal(t, phase.NewPrimary, record.Phase)
	assert.Equal(t, phase.New, record.MirroredFrom)
}
