package dual_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// sink collects mismatches.
type sink struct {
	mu   sync.Mutex
	seen []dual.Mismatch
}

func (s *sink) add(m dual.Mismatch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, m)
}

func (s *sink) list() []dual.Mismatch {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]dual.Mismatch{}, s.seen...)
}

// compared waits until n comparisons are over.
func (g *ground) compared(t *testing.T, n int64) dual.Stats {
	t.Helper()
	over := func() bool {
		s := g.migration.Stats()
		return s.Compared >= n && s.Calls >= n
	}
	require.Eventually(t, over, enough, time.Millisecond)
	time.Sleep(60 * time.Millisecond) // the settle window of these tests, three times
	return g.migration.Stats()
}

func TestCompare(t *testing.T) {
	for _, test := range []struct {
		name     string
		old, new map[string]note
		want     []dual.Difference
	}{
		{"equal", map[string]note{"k": {"k", "a"}}, map[string]note{"k": {"k", "a"}}, nil},
		{"absent in both", nil, nil, nil},
		{"different", map[string]note{"k": {"k", "a"}}, map[string]note{"k": {"k", "b"}}, []dual.Difference{{Path: "Text", Old: "a", New: "b"}}},
		{"absent in new", map[string]note{"k": {"k", "a"}}, nil, []dual.Difference{{Old: "present"}}},
		{"absent in old", nil, map[string]note{"k": {"k", "a"}}, []dual.Difference{{New: "present"}}},
	} {
		for _, p := range []dual.Phase{dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary} {
			t.Run(test.name+" "+p.String(), func(t *testing.T) {
				var s sink
				g := newGround(t, func(c *dual.Config) { c.OnMismatch, c.ShowValues = s.add, true })
				g.set(p, dual.Settings{Compare: 1})
				g.old.reset(test.old)
				g.new.reset(test.new)
				_, _ = g.notes.Get(context.Background(), "k")
				if test.want == nil {
					g.compared(t, 1)
					assert.Empty(t, s.list())
					assert.Empty(t, g.unclean())
					return
				}
				require.Eventually(t, func() bool { return len(s.list()) == 1 }, enough, time.Millisecond)
				assert.Equal(t, dual.Mismatch{Method: "notes.Get", Key: noteKey("k"), Differences: test.want}, s.list()[0])
				assert.EqualValues(t, 1, g.migration.Stats().Mismatched)
				require.Len(t, g.unclean(), 1, "the key is repaired")
				assert.Equal(t, p.Primary(), g.unclean()[0].Primary)
			})
		}
	}
}

// A key that was clean and differs proves the certificate of its kind wrong. A comparison that finds nothing, or of the
// primary with itself, does not.
func TestCompareRefutes(t *testing.T) {
	ctx := context.Background()
	for _, differs := range []bool{true, false} {
		var s sink
		g := newGround(t, func(c *dual.Config) { c.OnMismatch = s.add })
		g.set(dual.OldPrimary, dual.Settings{Compare: 1})
		_, err := control.Update(ctx, g.control, func(r *control.Record) error {
			r.Certificates = map[string]control.Certificate{"note": {Epoch: r.MirroredSince}, "Other": {Epoch: r.MirroredSince}}
			return nil
		})
		require.NoError(t, err)
		g.old.reset(map[string]note{"k": {"k", "a"}})
		if g.new.reset(map[string]note{"k": {"k", "a"}}); differs {
			g.new.reset(nil)
		}
		_, _ = g.notes.Get(ctx, "k")
		refuted := func(kind string) string {
			record, err := g.control.Load(ctx)
			require.NoError(t, err)
			return record.Certificates[kind].Refuted
		}
		if differs {
			require.Eventually(t, func() bool { return refuted("note") == g.migration.Instance() }, enough, time.Millisecond)
		} else {
			g.compared(t, 1)
			assert.Empty(t, refuted("note"))
		}
		assert.Empty(t, refuted("Other"))
	}
}

func TestCompareHidesValues(t *testing.T) {
	var s sink
	g := newGround(t, func(c *dual.Config) { c.OnMismatch = s.add })
	g.set(dual.OldPrimary, dual.Settings{Compare: 1})
	g.old.reset(map[string]note{"k": {"k", "secret"}})
	g.new.reset(map[string]note{"k": {"k", "other"}})
	_, _ = g.notes.Get(context.Background(), "k")
	require.Eventually(t, func() bool { return len(s.list()) == 1 }, enough, time.Millisecond)
	d := s.list()[0].Differences[0]
	assert.Regexp(t, "^#[0-9a-f]{12}$", d.Old)
	assert.NotEqual(t, d.Old, d.New)
}

// What is unclean, changes, or fails meanwhile is no mismatch.
func TestCompareReportsNoFalseMismatch(t *testing.T) {
	ctx := context.Background()
	different := func(g *ground) {
		g.old.reset(map[string]note{"k": {"k", "a"}})
		g.new.reset(map[string]note{"k": {"k", "b"}})
	}
	for name, run := range map[string]func(t *testing.T, g *ground){
		"unclean": func(t *testing.T, g *ground) {
			require.NoError(t, g.journal.MarkDirty(ctx, []dual.Key{noteKey("k")}, dual.Old))
			_, _ = g.notes.Get(ctx, "k")
		},
		"written meanwhile": func(t *testing.T, g *ground) {
			_, _ = g.notes.Get(ctx, "k")
			time.Sleep(5 * time.Millisecond)
			require.NoError(t, g.notes.Put(ctx, note{"k", "c"}))
		},
		"the mirror fails": func(t *testing.T, g *ground) {
			g.new.fail(func(context.Context, string) error { return errBroken })
			_, _ = g.notes.Get(ctx, "k")
		},
		"the mirror panics": func(t *testing.T, g *ground) {
			g.new.fail(func(context.Context, string) error { panic("a store panics") })
			_, _ = g.notes.Get(ctx, "k")
		},
		"an A/A test": func(t *testing.T, g *ground) {
			g.set(dual.OldPrimary, dual.Settings{Compare: 1, CompareSelf: true})
			_, _ = g.notes.Get(ctx, "k")
		},
	} {
		t.Run(name, func(t *testing.T) {
			var s sink
			g := newGround(t, func(c *dual.Config) { c.OnMismatch = s.add })
			g.set(dual.OldPrimary, dual.Settings{Compare: 1})
			different(g)
			run(t, g)
			stats := g.compared(t, 1)
			assert.Empty(t, s.list())
			assert.Zero(t, stats.Mismatched)
		})
	}
}

// Comparisons have workers of their own, and are dropped while those are busy; the answer never waits.
func TestCompareIsShedFirst(t *testing.T) {
	g := newGround(t, func(c *dual.Config) { c.Workers = 2 })
	g.set(dual.OldPrimary, dual.Settings{Compare: 1})
	leave := make(chan struct{})
	g.new.fail(func(context.Context, string) error { <-leave; return nil })
	for range 20 {
		_, _ = g.notes.Get(context.Background(), "k")
	}
	assert.EqualValues(t, 18, g.migration.Stats().CompareDropped)
	close(leave)
}

func TestCompareSamples(t *testing.T) {
	g := newGround(t)
	g.set(dual.OldPrimary, dual.Settings{Compare: 0.25})
	const reads = 4000
	for range reads {
		_, _ = g.notes.Get(context.Background(), "k")
	}
	g.compared(t, 1)
	s := g.migration.Stats()
	assert.InDelta(t, reads/4, s.Compared+s.CompareDropped, reads/10)
}
