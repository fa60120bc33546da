package bench

import (
	"context"
	"testing"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// counting is a store that counts its writes.
type counting struct {
	still
	saves int
}

func (c *counting) Save(context.Context, user) error {
	c.saves++
	return nil
}

// TestEveryPhaseWritesWhatItSays holds the wrapper that is measured against the phases: a benchmark of calls that do not
// reach their stores would measure nothing.
func TestEveryPhaseWritesWhatItSays(t *testing.T) {
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		ctx := context.Background()
		flags := control.NewMemory()
		if err := flags.Swap(ctx, 0, control.Record{Epoch: 1, Phase: p}); err != nil {
			t.Fatal(err)
		}
		migration, err := dual.NewMigration(dual.Config{Control: flags})
		if err != nil {
			t.Fatal(err)
		}
		var stores [2]counting
		wrapped := newDualUsers(&stores[dual.Old], &stores[dual.New], migration)
		if err := wrapped.Save(ctx, user{ID: "1"}); err != nil {
			t.Fatal(err)
		}
		if err := migration.Close(ctx); err != nil {
			t.Fatal(err)
		}
		for position := range stores {
			want := 0
			if p.Mirrored() || int(p.Primary()) == position {
				want = 1
			}
			if got := stores[position].saves; got != want {
				t.Errorf("in %v the %v store was written %d times, not %d", p, dual.Store(position), got, want)
			}
		}
	}
}
