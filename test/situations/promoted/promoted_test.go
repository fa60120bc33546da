package promoted

import (
	"context"
	"math/big"
	"net/netip"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/promoted/textmeters"
	"github.com/dualgen/dualgen/test/situations/rows"
	"github.com/dualgen/dualgen/test/situations/walk"
)

type memory struct{ meters rows.Table[string, Meter] }

func (m *memory) Get(_ context.Context, id string) (Meter, error) {
	meter, err := m.meters.Find(id)
	if err != nil {
		return meter, ErrNotFound
	}
	return meter, nil
}

func (m *memory) Save(_ context.Context, meter Meter) error { return m.meters.Upsert(meter.ID, meter) }
func (m *memory) Delete(_ context.Context, id string) error { return m.meters.Remove(id) }
func (m *memory) List(context.Context) ([]Meter, error)     { return m.meters.All(), nil }

// TestOwnFieldsAreKept: what stands beside the embedded type is kept on the way to the new store, and an embedded nil is no panic.
func TestOwnFieldsAreKept(t *testing.T) {
	for name, want := range map[string]Meter{
		"all": {
			ID: "1", Budget: Amount{big.NewInt(700), "EUR"}, Net: Network{netip.MustParsePrefix("10.0.0.0/8"), "10.0.0.1"},
			Start: Shift{time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), "night"},
		},
		"nil": {ID: "2", Budget: Amount{nil, "EUR"}, Net: Network{Gateway: "x"}, Start: Shift{Crew: "day"}},
	} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				meters := NewDualMeters(&textmeters.Meters{}, &memory{}, w.Migration)
				if err := meters.Save(t.Context(), want); err != nil {
					t.Fatal(err)
				}
				for p := phase.OldOnly; p <= phase.NewOnly; p++ {
					w.To(p)
					got, err := meters.Get(t.Context(), want.ID)
					if err != nil || got.Budget.Currency != "EUR" || got.Net != want.Net || got.Start.Crew != want.Start.Crew || !got.Start.Equal(want.Start.Time) ||
						(got.Budget.Int == nil) != (want.Budget.Int == nil) || got.Budget.Int != nil && got.Budget.Cmp(want.Budget.Int) != 0 {
						t.Errorf("%v: stored %+v, served %+v %v", p, want, got, err)
					}
				}
			})
		})
	}
}
