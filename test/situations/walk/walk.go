// Package walk takes a migration of one process from phase to phase as its operator would: backfill, verify, and steps that
// the gates may refuse.
package walk

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/runtime/verify"
)

// patience is how long a gate is asked again, and a key waited for. In a bubble it costs nothing.
const patience = 30 * time.Second

var quiet = slog.New(slog.DiscardHandler)

// Walk is a migration in memory and its operator.
type Walk struct {
	*dual.Migration
	t        testing.TB
	operator *control.Coordinator
}

// Run calls test with a walk that begins in OldOnly, in a bubble: time passes only while everybody waits.
func Run(t *testing.T, test func(t *testing.T, w *Walk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { test(t, Start(t)) })
}

// Start begins a walk in the time that everybody has, for stores on real servers. Reconcilers run until the test ends.
func Start(t testing.TB) *Walk {
	t.Helper()
	m, err := dual.NewMigration(dual.Config{Settle: 100 * time.Millisecond, ShowValues: true, Logger: quiet})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		reconcile.Run(ctx, m, reconcile.Config{Interval: 20 * time.Millisecond, Backoff: 20 * time.Millisecond, Rate: -1, Logger: quiet})
	}()
	t.Cleanup(func() {
		stop()
		<-stopped
		m.Close(context.Background())
	})
	w := &Walk{Migration: m, t: t, operator: control.NewCoordinator(m.Control(), m.Journal())}
	w.until(10*time.Millisecond, func() bool { return m.Ready() == nil })
	return w
}

// until looks again and again whether something has come about, and reports whether it did.
func (w *Walk) until(pause time.Duration, come func() bool) bool {
	for end := time.Now().Add(patience); !come(); time.Sleep(pause) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// To walks forward to a phase, and fails the test if a gate stays shut.
func (w *Walk) To(p phase.Phase) {
	w.t.Helper()
	if why := w.try(p); why != "" {
		w.t.Fatalf("%v is as far as it goes: %s", w.Phase(), why)
	}
}

// Stopped demands that the gates keep the fleet from a phase, and returns what they say.
func (w *Walk) Stopped(p phase.Phase) string {
	w.t.Helper()
	why := w.try(p)
	if why == "" {
		w.t.Fatalf("every gate opened on the way to %v", p)
	}
	return why
}

// try walks forward to a phase, and returns why it does not get there.
func (w *Walk) try(p phase.Phase) (why string) {
	for w.Phase() < p {
		if w.Phase() == phase.OldPrimary {
			w.each(func(kind string) { w.Backfill(kind) })
		}
		if !w.until(time.Second, func() bool {
			err := w.Step(control.Step{Confirm: true})
			if err == nil {
				return true
			}
			why = strings.Join(strings.Fields(err.Error()), " ")
			if w.Phase().Mirrored() {
				w.each(func(kind string) { w.Verify(kind, true) })
			}
			return false
		}) {
			return why
		}
	}
	return ""
}

func (w *Walk) each(do func(kind string)) {
	for _, c := range w.Copiers() {
		if c.CanScan() {
			do(c.Kind())
		}
	}
}

// Step makes one step forward, and waits until the instance has made it too. Its error says which gates are shut.
func (w *Walk) Step(step control.Step) error {
	return w.made(w.operator.Advance(context.Background(), step))
}

// Back makes one step back, likewise.
func (w *Walk) Back() error { return w.made(w.operator.Back(context.Background(), control.Step{})) }

// made waits until the instance has made a step too.
func (w *Walk) made(record control.Record, err error) error {
	if err == nil {
		w.until(10*time.Millisecond, func() bool { return w.Status().Acked >= record.Epoch })
	}
	return err
}

// Set changes what can be changed at run time.
func (w *Walk) Set(settings phase.Settings) {
	w.t.Helper()
	record, err := w.operator.Set(context.Background(), settings, control.Step{})
	if err != nil || !w.until(10*time.Millisecond, func() bool { return w.Status().Acked >= record.Epoch }) {
		w.t.Fatalf("the settings are not known: %v", err)
	}
}

// Backfill copies a kind.
func (w *Walk) Backfill(kind string) (backfill.Report, error) {
	return backfill.Run(context.Background(), w.Migration, kind, backfill.Config{Rate: -1, Logger: quiet})
}

// Verify compares a kind in both stores.
func (w *Walk) Verify(kind string, repair bool) (verify.Report, error) {
	return verify.Run(context.Background(), w.Migration, kind, verify.Config{Repair: repair, Rate: -1, Logger: quiet})
}

// Unclean returns what the journal holds now.
func (w *Walk) Unclean() []journal.Entry {
	w.t.Helper()
	entries, err := w.Journal().Unclean(context.Background(), journal.Query{Limit: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	return entries
}

// Left waits until the reconciler has copied what it can, and returns what it leaves.
func (w *Walk) Left() []journal.Entry {
	w.t.Helper()
	w.until(10*time.Millisecond, func() bool { return len(w.Unclean()) == 0 })
	return w.Unclean()
}

// Clean demands that the reconciler leaves nothing.
func (w *Walk) Clean() {
	w.t.Helper()
	if left := w.Left(); len(left) > 0 {
		w.t.Fatalf("%d keys stay unclean: %+v", len(left), left)
	}
}
