package control_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errAway = errors.New("away")

// away is a control store that does not answer one of its methods.
type away struct {
	control.Control
	method string
}

func (a *away) fails(method string) error {
	if a.method == method {
		return errAway
	}
	return nil
}

func (a *away) Load(ctx context.Context) (control.Record, error) {
	record, err := a.Control.Load(ctx)
	return record, errors.Join(a.fails("Load"), err)
}

func (a *away) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if err := a.fails("Swap"); err != nil {
		return err
	}
	return a.Control.Swap(ctx, expected, next)
}

func (a *away) Instances(ctx context.Context) ([]control.Instance, error) {
	all, err := a.Control.Instances(ctx)
	return all, errors.Join(a.fails("Instances"), err)
}

// countless is a journal that does not count.
type countless struct{ journal.Journal }

func (countless) Counts(context.Context, string) (journal.Counts, error) {
	return journal.Counts{}, errAway
}

var confirmed = control.Step{Confirm: true}

// questions are all that can be asked of a control store, by itself or by a coordinator.
func questions() map[string]func(c control.Control, d *control.Coordinator) error {
	return map[string]func(c control.Control, d *control.Coordinator) error{
		"Init":       func(c control.Control, _ *control.Coordinator) error { return control.Init(ctx, c, "test") },
		"VoidParity": func(c control.Control, _ *control.Coordinator) error { return control.VoidParity(ctx, c, "test") },
		"Refute":     func(c control.Control, _ *control.Coordinator) error { return control.Refute(ctx, c, "User", "test") },
		"StopCanary": func(c control.Control, _ *control.Coordinator) error {
			return control.StopCanary(ctx, c, 1, "test", "why")
		},
		"Note": func(c control.Control, _ *control.Coordinator) error {
			return control.Note(ctx, c, "test", "did it", "")
		},
		"Settled": func(c control.Control, _ *control.Coordinator) error { _, err := control.Settled(ctx, c); return err },
		"Certify": func(c control.Control, _ *control.Coordinator) error {
			return control.Certify(ctx, c, "User", control.Record{MirroredSince: 2}, control.Certificate{})
		},
		"Status": func(_ control.Control, d *control.Coordinator) error { _, err := d.Status(ctx); return err },
		"Doubt":  func(_ control.Control, d *control.Coordinator) error { _, err := d.Doubt(ctx, "User"); return err },
		"Forget": func(_ control.Control, d *control.Coordinator) error {
			_, err := d.Forget(ctx, "User", confirmed)
			return err
		},
		"Recover": func(_ control.Control, d *control.Coordinator) error { _, err := d.Recover(ctx, confirmed); return err },
		"Advance": func(_ control.Control, d *control.Coordinator) error { _, err := d.Advance(ctx, confirmed); return err },
		"Back":    func(_ control.Control, d *control.Coordinator) error { _, err := d.Back(ctx, confirmed); return err },
		"Lead": func(_ control.Control, d *control.Coordinator) error {
			_, err := d.Lead(ctx, time.Hour, confirmed)
			return err
		},
		"Cutoff": func(_ control.Control, d *control.Coordinator) error {
			_, err := d.Cutoff(ctx, time.Now(), confirmed)
			return err
		},
		"Set": func(_ control.Control, d *control.Coordinator) error {
			_, err := d.Set(ctx, phase.Settings{Fallback: phase.FallbackSave}, confirmed)
			return err
		},
		"Pin": func(_ control.Control, d *control.Coordinator) error {
			_, err := d.Pin(ctx, [2]control.Identity{{Store: "a"}, {Store: "b"}}, confirmed)
			return err
		},
	}
}

// Whoever asks a control store that does not answer is told, and nothing is made of what it did not say.
func TestControlThatDoesNotAnswer(t *testing.T) {
	for name, ask := range questions() {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, hooks.Rules{})
			f.to(phase.OldPrimary)
			before := f.record()
			c := &away{f.control, "Load"}
			require.ErrorIs(t, ask(c, control.NewCoordinator(c, f.journal)), errAway)
			require.Equal(t, before, f.record())
			switch name {
			case "Settled", "Certify", "Recover", "Status", "Doubt", "Set":
				c.method = "Instances"
				require.ErrorIs(t, ask(c, control.NewCoordinator(c, f.journal)), errAway)
			}
		})
	}
	f := newFleet(t, hooks.Rules{})
	for _, c := range []control.Control{&away{control.NewMemory(), "Swap"}, &away{f.control, "Load"}} {
		require.ErrorIs(t, control.Init(ctx, c, "test"), errAway)
	}
	_, err := control.NewCoordinator(f.control, countless{f.journal}).Forget(ctx, "User", confirmed)
	require.ErrorIs(t, err, errAway)
	f.to(phase.OldPrimary)
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.Old))
	_, err = control.NewCoordinator(f.control, mute{f.journal}).Recover(ctx, confirmed)
	require.ErrorContains(t, err, "no route to host")
}

// Every method of a control file that was spoiled says so, and a file that cannot be put in place leaves the old one.
func TestFileThatWasSpoiled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "control.json")
	f, err := control.NewFile(path)
	require.NoError(t, err)
	require.NoError(t, control.Init(ctx, f, "test"))
	require.NoError(t, f.SaveCheckpoint(ctx, "backfill", []byte("point")))
	data, err := f.LoadCheckpoint(ctx, "backfill")
	require.NoError(t, err)
	require.Equal(t, "point", string(data))
	require.NoError(t, os.WriteFile(path, []byte("spoiled"), 0o600))
	for name, ask := range map[string]func() error{
		"Load":           func() error { _, err := f.Load(ctx); return err },
		"Swap":           func() error { return f.Swap(ctx, 1, control.Record{}) },
		"Watch":          func() error { return f.Watch(ctx, 1) },
		"Renew":          func() error { return f.Renew(ctx, control.Instance{ID: "a"}, time.Minute) },
		"Leave":          func() error { return f.Leave(ctx, "a") },
		"Evict":          func() error { return f.Evict(ctx, "a") },
		"Instances":      func() error { _, err := f.Instances(ctx); return err },
		"SaveCheckpoint": func() error { return f.SaveCheckpoint(ctx, "backfill", nil) },
		"LoadCheckpoint": func() error { _, err := f.LoadCheckpoint(ctx, "backfill"); return err },
	} {
		require.ErrorContains(t, ask(), "control.json", name)
	}
	left, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "spoiled", string(left))
}

// A refusal names no more than ten keys, and of those that are given up only such.
func TestRefusalsNameTheKeys(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldPrimary)
	var keys []journal.Key
	for n := range 15 {
		keys = append(keys, journal.Key{Kind: "User", ID: fmt.Sprint(n)})
	}
	require.NoError(t, f.journal.MarkDirty(ctx, keys, phase.Old))
	f.quarantine()
	obstacle := func(by int, gate control.Gate) control.Obstacle {
		err := f.step(by)
		refusal, ok := errors.AsType[*control.Refusal](err)
		require.True(t, ok, "%v", err)
		for _, o := range refusal.Unmet {
			if o.Gate == gate {
				return o
			}
		}
		require.FailNow(t, "no such obstacle", "%v", err)
		return control.Obstacle{}
	}
	require.Equal(t, []journal.Key{{Kind: "User", ID: "poison"}}, obstacle(+1, control.GateQuarantine).Keys)

	g := newFleet(t, hooks.Rules{})
	f = g
	f.to(phase.NewGuarded)
	require.NoError(t, f.journal.MarkDirty(ctx, keys, phase.Old))
	follows := obstacle(+1, control.GateDirection)
	require.Len(t, follows.Keys, 10)
	require.Contains(t, follows.Problem, "15 unclean keys still follow the old store")
	require.Equal(t, "wait for the reconciler", follows.Remedy)
}

// Who makes keys clean: the reconciler, a pass with repair, or both.
func TestRemediesOfUncleanKeys(t *testing.T) {
	one, all := journal.Key{Kind: "Order", ID: "1"}, journal.Key{Kind: "User", Whole: true}
	for want, keys := range map[string][]journal.Key{
		"wait for the reconciler":                               {one},
		"verify with repair: User":                              {all},
		"wait for the reconciler, and verify with repair: User": {one, all},
	} {
		f := newFleet(t, hooks.Rules{})
		f.to(phase.NewGuarded)
		require.NoError(t, f.journal.MarkDirty(ctx, keys, phase.Old))
		refusal, ok := errors.AsType[*control.Refusal](f.step(+1))
		require.True(t, ok)
		require.Equal(t, want, refusal.Unmet[len(refusal.Unmet)-1].Remedy)
	}
}

// What is quarantined does not wait for the reconciler: the refusal says what it waits for.
func TestRemedyOfQuarantinedKeys(t *testing.T) {
	f := newFleet(t, hooks.Rules{})
	f.to(phase.OldGuarded)
	f.quarantine()
	require.NoError(t, f.step(+1))
	gates := func() (gates []control.Gate) {
		refusal, ok := errors.AsType[*control.Refusal](f.step(+1))
		require.True(t, ok)
		for _, o := range refusal.Unmet {
			gates = append(gates, o.Gate)
			if o.Gate == control.GateQuarantine {
				require.Contains(t, o.Remedy, "quarantine retry")
				require.Equal(t, []journal.Key{{Kind: "User", ID: "poison"}}, o.Keys)
			}
		}
		return gates
	}
	require.Equal(t, []control.Gate{control.GateQuarantine}, gates())
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.Old))
	require.Equal(t, []control.Gate{control.GateDirection, control.GateQuarantine}, gates())
}

// A queued mirror that lags is warned of by the oldest key that waits: not by one that was given up, nor where the mirror is inline.
func TestLaggingMirrorIsWarnedOf(t *testing.T) {
	now := time.Now()
	f := newFleet(t, hooks.Rules{})
	f.journal = journal.NewMemory(journal.WithClock(func() time.Time { return now }))
	f.coordinator = control.NewCoordinator(f.control, f.journal)
	f.to(phase.OldPrimary)
	f.reports("a", func(i *control.Instance) { i.Reconciles = true })
	status := func() control.Status {
		s, err := f.coordinator.Status(ctx)
		require.NoError(t, err)
		return s
	}
	f.quarantine()
	now = now.Add(time.Hour)
	for _, mirror := range []phase.Mirror{phase.Inline, phase.Queued} {
		f.change(func(r *control.Record) { r.Settings.Mirror = mirror })
		require.Zero(t, status().Lag, "nobody copies what was given up")
	}
	require.NoError(t, f.journal.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "1"}}, phase.Old))
	now = now.Add(time.Minute)
	require.Equal(t, time.Minute, status().Lag)
	require.Empty(t, status().Warnings)
	now = now.Add(time.Second)
	require.Contains(t, status().Warnings[0], "lags by 1m1s")
	f.change(func(r *control.Record) { r.Settings.Mirror = phase.Inline })
	require.Empty(t, status().Warnings)
}

// What is asked of a fleet without a record is refused, and what is refused says so.
func TestNoRecord(t *testing.T) {
	none := control.NewCoordinator(control.NewMemory(), journal.NewMemory())
	for name, ask := range map[string]func() error{
		"Pin": func() error {
			_, err := none.Pin(ctx, [2]control.Identity{{Store: "a"}, {Store: "b"}}, control.Step{Confirm: true})
			return err
		},
		"Cutoff": func() error {
			_, err := none.Cutoff(ctx, time.Now().Add(time.Hour), control.Step{Confirm: true})
			return err
		},
		"No cutoff": func() error { _, err := none.Cutoff(ctx, time.Time{}, control.Step{Confirm: true}); return err },
		"Lead":      func() error { _, err := none.Lead(ctx, time.Hour, control.Step{}); return err },
		"Back":      func() error { _, err := none.Back(ctx, control.Step{}); return err },
	} {
		require.ErrorContains(t, ask(), "no flag record", name)
	}
}
