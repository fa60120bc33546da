package dual_test

import (
	"context"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/assert"
)

// still is a notes that does nothing.
type still struct{ notes }

//go:noinline
func (still) Get(context.Context, string) (note, error) { return note{}, nil }

//go:noinline
func (still) Put(context.Context, note) error { return nil }

func TestHotPathsAllocateNothing(t *testing.T) {
	ctx := context.Background()
	n := note{ID: "42", Text: "text"}
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		t.Run(p.String(), func(t *testing.T) {
			g := newGround(t)
			g.set(p, dual.Settings{})
			d := newDualNotes(still{}, still{}, g.migration)
			assert.Zero(t, testing.AllocsPerRun(1000, func() { _, _ = d.Get(ctx, "42") }), "a read")
			assert.Zero(t, testing.AllocsPerRun(1000, func() { _ = d.Put(ctx, n) }), "a write")
		})
	}
}

func BenchmarkWrapper(b *testing.B) {
	ctx := context.Background()
	for _, p := range []dual.Phase{dual.OldOnly, dual.OldPrimary, dual.OldGuarded} {
		t := &testing.T{}
		g := newGround(t)
		g.set(p, dual.Settings{})
		d := newDualNotes(still{}, still{}, g.migration)
		b.Run(p.String()+"/Get", func(b *testing.B) {
			for b.Loop() {
				_, _ = d.Get(ctx, "42")
			}
		})
		b.Run(p.String()+"/Put", func(b *testing.B) {
			for b.Loop() {
				_ = d.Put(ctx, note{ID: "42"})
			}
		})
	}
}
