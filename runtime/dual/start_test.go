package dual_test

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/process"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// reports is a control store that keeps what instances have reported. It is not in the process, as far as anybody knows.
type reports struct {
	control.Control
	before func(control.Instance) // called before each

	mu   sync.Mutex
	made []control.Instance
}

func (c *reports) Renew(ctx context.Context, i control.Instance, ttl time.Duration) error {
	if c.before != nil {
		c.before(i)
	}
	c.mu.Lock()
	c.made = append(c.made, i.Clone())
	c.mu.Unlock()
	return c.Control.Renew(ctx, i, ttl)
}

// of are the reports of an instance, in order.
func (c *reports) of(id string) []control.Instance {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(c.made), func(i control.Instance) bool { return i.ID != id })
}

func newReports(t *testing.T) *reports {
	c := &reports{Control: control.NewMemory()}
	require.NoError(t, control.Init(t.Context(), c, "test"))
	return c
}

// A process that starts says all that gates ask for in its first report, so that it stands in no step's way.
func TestFirstReportIsWhole(t *testing.T) {
	c, j := newReports(t), journal.NewMemory()
	coordinator := control.NewCoordinator(c, j)
	blocked := func(when string) {
		state, err := coordinator.Status(t.Context())
		require.NoError(t, err)
		require.Empty(t, state.Forward, when)
	}
	identified := func(config *dual.Config) {
		config.Control, config.Journal, config.Lease = c, j, time.Minute
		config.Identify = dual.Fingerprints("shop", "new")
	}
	first := newGround(t, func(config *dual.Config) { identified(config); config.Instance = "first" })
	require.Eventually(t, func() bool { return first.migration.Ready() == nil }, enough, time.Millisecond)
	c.before = func(i control.Instance) { blocked("before a report of " + i.ID) }
	newGround(t, func(config *dual.Config) { identified(config); config.Instance = "second" })
	blocked("after the start")
	incarnation, err := j.Incarnation(t.Context())
	require.NoError(t, err)
	made := c.of("second")
	require.Equal(t, incarnation, made[0].Journal)
	require.Equal(t, uint64(1), made[0].Acked)
	require.Equal(t, phase.OldOnly, made[0].Phase)
}

// What an instance foresees counts for the epoch that it has seen, and for no later one: if the fleet goes on before the instance has
// registered, the step after that waits for it.
func TestForeseenEpochIsOvertaken(t *testing.T) {
	c, j := newReports(t), journal.NewMemory()
	coordinator, reports := control.NewCoordinator(c, j), 0
	c.before = func(control.Instance) {
		switch reports++; reports {
		case 1:
			_, err := coordinator.Change(t.Context(), func(s *phase.Settings) { s.Compare = 1 }, control.Step{})
			require.NoError(t, err)
		case 2: // later ones are signs of life
			_, err := control.Settled(t.Context(), c)
			require.Error(t, err, "it has not acknowledged the epoch that it has loaded last")
		}
	}
	g := newGround(t, func(config *dual.Config) { config.Control, config.Journal, config.Instance = c, j, "late" })
	made := c.of("late")
	require.Equal(t, uint64(1), made[0].Acked)
	require.Equal(t, uint64(2), made[1].Acked)
	require.Equal(t, float64(1), g.migration.Settings().Compare)
	_, err := control.Settled(t.Context(), c)
	require.NoError(t, err)
}

// An instance that does not reach the journal says so by saying nothing, and blocks the steps.
func TestNothingIsForeseenWithoutAJournal(t *testing.T) {
	c, j := newReports(t), &cutJournal{Memory: journal.NewMemory()}
	j.cut.Store(true)
	g := newGround(t, func(config *dual.Config) { config.Control, config.Journal, config.Instance = c, j, "cut" })
	first := c.of("cut")[0]
	require.Empty(t, first.Journal)
	require.Zero(t, first.Acked)
	j.cut.Store(false)
	require.NoError(t, g.migration.Close(t.Context()))
}

// A command says so in its first report where its process is one, and in its next one where it learns so later.
func TestCommand(t *testing.T) {
	c := newReports(t)
	named := func(name string) func(*dual.Config) {
		return func(config *dual.Config) { config.Control, config.Instance = c, name }
	}
	g := newGround(t, named("later"))
	require.False(t, c.of("later")[0].Command)
	dual.AsCommand(t.Context(), g.migration)
	made := c.of("later")
	require.True(t, made[len(made)-1].Command)
	process.SetCommand(true)
	defer process.SetCommand(false)
	newGround(t, named("ctl"))
	require.True(t, c.of("ctl")[0].Command)
}

// cutJournal is a journal that may not be reached.
type cutJournal struct {
	*journal.Memory
	cut atomic.Bool
}

func (j *cutJournal) Incarnation(ctx context.Context) (string, error) {
	if j.cut.Load() {
		return "", errDown
	}
	return j.Memory.Incarnation(ctx)
}

func (j *cutJournal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if j.cut.Load() {
		return errDown
	}
	return j.Memory.Renew(ctx, owner, ttl)
}
