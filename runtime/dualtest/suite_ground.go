package dualtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// ground is a migration of one process in memory, whose phase a test sets by hand.
type ground struct {
	migration *dual.Migration
	control   *control.Memory
	journal   *watched
	heard     *heard
}

// enoughHeard is how many errors say why.
const enoughHeard = 3

// heard keeps the first errors that the migration logs: a caller is not told of a mirror's.
type heard struct {
	mu     sync.Mutex
	errors []error
}

// Enabled implements slog.Handler.
func (h *heard) Enabled(_ context.Context, level slog.Level) bool { return level >= slog.LevelWarn }

// Handle implements slog.Handler.
func (h *heard) Handle(_ context.Context, record slog.Record) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	record.Attrs(func(a slog.Attr) bool {
		if err, ok := a.Value.Any().(error); ok && len(h.errors) < enoughHeard {
			h.errors = append(h.errors, err)
		}
		return true
	})
	return nil
}

// WithAttrs implements slog.Handler.
func (h *heard) WithAttrs([]slog.Attr) slog.Handler { return h }

// WithGroup implements slog.Handler.
func (h *heard) WithGroup(string) slog.Handler { return h }

// why is what was logged, or nil.
func (h *heard) why() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return errors.Join(h.errors...)
}

func newGround(phase dual.Phase) (*ground, error) {
	g := &ground{control: control.NewMemory(), journal: &watched{Memory: journal.NewMemory()}, heard: &heard{}}
	record := control.Record{Epoch: 1, Phase: phase, MirroredSince: 1, MirroredFrom: phase.Primary(), Updated: time.Now().UTC()}
	if err := g.control.Swap(context.Background(), 0, record); err != nil {
		return nil, err
	}
	var err error
	if g.migration, err = g.instance(g.heard); err != nil {
		return nil, err
	}
	return g, g.arrive(g.migration)
}

// instance is one more instance of the fleet.
func (g *ground) instance(heard slog.Handler) (*dual.Migration, error) {
	return dual.NewMigration(dual.Config{
		Name: "suite", Control: g.control, Journal: g.journal, Settle: time.Nanosecond, ShowValues: true,
		Logger: slog.New(heard),
		Hooks:  &hooks.Hooks{Off: hooks.Rules{NoReach: true}}, // keys of any time are drawn
	})
}

// set moves the migration to a phase and waits until it is there. It asks no gate.
func (g *ground) set(phase dual.Phase) error {
	_, err := control.Update(context.Background(), g.control, func(record *control.Record) error {
		record.Phase, record.MirroredFrom = phase, phase.Primary()
		record.Epoch++
		return nil
	})
	if err != nil {
		return err
	}
	return g.arrive(g.migration)
}

// arrive waits until an instance follows the present epoch. One that is in the present phase may have been in it before, and have other
// phases before it still.
func (g *ground) arrive(m *dual.Migration) error {
	record, err := g.control.Load(context.Background())
	if err != nil {
		return err
	}
	for range 10_000 {
		if follows(m, record) {
			return nil
		}
		time.Sleep(100 * time.Microsecond)
	}
	return fmt.Errorf("the migration did not arrive in %v: %w", record.Phase, m.Ready())
}

func follows(m *dual.Migration, record control.Record) bool {
	return m.Ready() == nil && m.Status().Epoch == record.Epoch
}

// close ends the migration once its calls have ended.
func (g *ground) close() error { return g.closeInstance(g.migration) }

func (g *ground) closeInstance(m *dual.Migration) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	return m.Close(ctx)
}

// unclean lists the keys that the journal holds.
func (g *ground) unclean() ([]journal.Entry, error) {
	return g.journal.Unclean(context.Background(), journal.Query{})
}
