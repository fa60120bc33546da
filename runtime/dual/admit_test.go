package dual_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An instance whose stores, or whose fields of an entity, are not those of the fleet lets no call in, and says so; without
// the rule it does. Once the record goes with it again, it does too.
func TestAdmission(t *testing.T) {
	ctx := context.Background()
	for name, test := range map[string]struct {
		off    hooks.Rules
		record func(*control.Record)
		refuse error
		note   string
	}{
		"other stores": {hooks.Rules{NoStoreCheck: true}, func(r *control.Record) { r.Stores = [2]string{"cluster", "shop"} },
			dual.ErrOtherStores, "has the stores swapped: its old store is shop, which is the fleet's new store"},
		"no word which stores": {hooks.Rules{NoStoreCheck: true}, func(r *control.Record) { r.Stores = [2]string{"shop", "cluster"} },
			dual.ErrOtherStores, "does not say which stores it has"},
		"other fields": {hooks.Rules{NoShapeCheck: true}, func(r *control.Record) { r.Shapes = map[string]string{"Note": "ID,Text 1"} },
			dual.ErrOtherShape, "Note (the second alone has Author); run that build, or go back to OldPrimary"},
	} {
		for _, on := range []bool{true, false} {
			t.Run(name, func(t *testing.T) {
				c := control.NewMemory()
				record := control.Record{Epoch: 1, Phase: phase.OldGuarded, MirroredSince: 1}
				test.record(&record)
				require.NoError(t, c.Swap(ctx, 0, record))
				h := new(hooks.Hooks)
				if !on {
					h.Off = test.off
				}
				config := dual.Config{Control: c, Journal: journal.NewMemory(), Logger: quiet(), Hooks: h,
					Identify: dual.Fingerprints("shop", "cluster"), Lease: 100 * time.Millisecond}
				if name == "no word which stores" {
					config.Identify = nil
				}
				m, err := dual.NewMigration(config)
				require.NoError(t, err)
				t.Cleanup(func() { require.NoError(t, m.Close(ctx)) })
				stores := [2]*store{newStore("old"), newStore("new")}
				dual.AddEntity(m, &stores, dual.Entity[*store, note]{Kind: "Note", Shape: "Author,ID,Text 2",
					Key: func(n note) dual.Key { return dual.Key{Kind: "Note", ID: n.ID} }})
				if !on {
					require.NoError(t, m.Ready())
					require.NoError(t, m.Admitted())
					return
				}
				require.ErrorIs(t, m.Admitted(), test.refuse)
				require.ErrorIs(t, m.Ready(), test.refuse)
				assert.Eventually(t, func() bool { return strings.Contains(m.Status().Note, test.note) }, enough, time.Millisecond)
				_, err = control.Update(ctx, c, func(r *control.Record) error {
					r.Epoch, r.Stores, r.Shapes = r.Epoch+1, [2]string{}, nil
					return nil
				})
				require.NoError(t, err)
				require.Eventually(t, func() bool { return m.Ready() == nil && m.Admitted() == nil }, enough, time.Millisecond)
			})
		}
	}
}

// A build that comes after another lets no call in before the record says so; without the rule, it does.
func TestJoining(t *testing.T) {
	ctx := context.Background()
	for _, on := range []bool{true, false} {
		t.Run(fmt.Sprint(on), func(t *testing.T) {
			c := &deaf{Control: control.NewMemory()}
			require.NoError(t, c.Swap(ctx, 0, control.Record{Epoch: 1, Phase: phase.OldPrimary, MirroredSince: 1,
				Builds: map[string]control.Build{"Note": {Shape: "ID,Text 1"}}}))
			c.closed.Store(true)
			m, err := dual.NewMigration(dual.Config{Control: c, Journal: journal.NewMemory(), Logger: quiet(),
				Hooks: &hooks.Hooks{Off: hooks.Rules{NoJoin: !on}}, Identify: dual.Fingerprints("shop", "cluster"), Lease: 100 * time.Millisecond})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, m.Close(ctx)) })
			stores := [2]*store{newStore("old"), newStore("new")}
			dual.AddEntity(m, &stores, dual.Entity[*store, note]{Kind: "Note", Shape: "Author,ID,Text 2",
				Key: func(n note) dual.Key { return dual.Key{Kind: "Note", ID: n.ID} }})
			if !on {
				require.NoError(t, m.Ready())
				return
			}
			require.ErrorIs(t, m.Ready(), dual.ErrNotReady)
			require.ErrorIs(t, m.Admitted(), dual.ErrNotReady)
			assert.Eventually(t, func() bool {
				return strings.Contains(m.Status().Note, "note in the flag record that another build came")
			}, enough, time.Millisecond)
			c.closed.Store(false)
			require.Eventually(t, func() bool { return m.Ready() == nil && m.Admitted() == nil }, enough, time.Millisecond)
			record, err := c.Load(ctx)
			require.NoError(t, err)
			assert.Equal(t, control.Build{Shape: "Author,ID,Text 2", Turn: 1, By: m.Instance()}, record.Builds["Note"])
		})
	}
}

// deaf is a control store whose record cannot be changed for a time.
type deaf struct {
	control.Control
	closed atomic.Bool
}

func (d *deaf) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if d.closed.Load() {
		return errors.New("the control store is read-only")
	}
	return d.Control.Swap(ctx, expected, next)
}

// A kind that nothing can copy is told to the fleet, with what the source says of it, unless another wrapper copies it.
func TestUncopied(t *testing.T) {
	ctx := context.Background()
	c := control.NewMemory()
	require.NoError(t, control.Init(ctx, c, "test"))
	m, err := dual.NewMigration(dual.Config{Control: c, Journal: journal.NewMemory(), Logger: quiet()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close(ctx)) })
	stores := [2]*store{newStore("old"), newStore("new")}
	dual.AddUncopied(m, dual.Uncopied{Kind: "Session", Shape: "Session 1"})
	dual.AddUncopied(m, dual.Uncopied{Kind: "Cache", Abandon: true})
	dual.AddUncopied(m, dual.Uncopied{Kind: "Note"})
	dual.AddEntity(m, &stores, dual.Entity[*store, note]{Kind: "Note", Shape: "ID,Text 1",
		Scan: func(context.Context, *store, string, int) ([]note, string, error) { return nil, "", nil }})
	dual.AddEntity(m, &stores, dual.Entity[*store, note]{Kind: "Unlisted",
		Get: func(context.Context, *store, dual.Key) (note, bool, error) { return note{}, false, nil },
		Put: func(context.Context, *store, note) error { return nil }})
	dual.AddEntity(m, &stores, dual.Entity[*store, note]{Kind: "Gapped", Gap: "nobody knows the least key",
		Scan: func(context.Context, *store, string, int) ([]note, string, error) { return nil, "", nil }})
	stop := m.Reconciling()
	reported := func() control.Instance {
		instances, err := c.Instances(ctx)
		require.NoError(t, err)
		return instances[0]
	}
	require.Eventually(t, func() bool { return len(reported().Kinds) == 5 && reported().Reconciles }, enough, time.Millisecond)
	got := reported()
	assert.Equal(t, []string{"Cache", "Gapped", "Note", "Session", "Unlisted"}, got.Kinds)
	assert.Equal(t, []string{"Cache", "Gapped", "Session", "Unlisted"}, got.Loose)
	assert.Equal(t, []string{"Unlisted"}, got.Unlisted)
	assert.Equal(t, []string{"Cache"}, got.Abandoned)
	assert.Equal(t, map[string]string{"Note": "ID,Text 1", "Session": "Session 1"}, got.Shapes)
	assert.True(t, got.Alone)
	stop()
	stop()
	dual.AddUncopied(m, dual.Uncopied{Kind: "Cache"})
	require.Eventually(t, func() bool { return !reported().Reconciles && len(reported().Abandoned) == 0 }, enough, time.Millisecond)
}
