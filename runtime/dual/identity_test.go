package dual_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A migration between a store and itself, which verifies perfectly, does not begin.
func TestOneStore(t *testing.T) {
	ctx := context.Background()
	config := dual.Config{Logger: quiet(), Identify: func(context.Context, dual.Store) (control.Identity, error) {
		return control.Identity{Store: "cluster 1, database shop"}, nil
	}}
	_, err := dual.NewMigration(config)
	require.ErrorIs(t, err, dual.ErrOneStore)
	assert.ErrorContains(t, err, "database shop")

	// One value for both is noticed without Identify, and the fleet does not begin to write both.
	c, j := control.NewMemory(), journal.NewMemory()
	require.NoError(t, control.Init(ctx, c, "test"))
	for _, twice := range []bool{true, false} {
		m, err := dual.NewMigration(dual.Config{Logger: quiet(), Control: c, Journal: j, Instance: "a"})
		require.NoError(t, err)
		old := newStore("old")
		stores := [2]*store{old, old}
		if !twice {
			stores[dual.New] = newStore("new")
		}
		newDualNotes(stores[0], stores[1], m)
		require.Eventually(t, func() bool {
			instances, err := c.Instances(ctx)
			return err == nil && len(instances[0].Kinds) > 0 && (instances[0].Stores[dual.Old].Store != "") == twice
		}, enough, time.Millisecond)
		_, err = control.NewCoordinator(c, j).Advance(ctx, control.Step{Confirm: true})
		refusal, refused := errors.AsType[*control.Refusal](err)
		require.Equal(t, twice, refused, "%v", err)
		if refused {
			assert.Equal(t, control.GateStores, refusal.Unmet[0].Gate)
		}
		require.NoError(t, m.Close(ctx))
	}
}

// A store that does not answer at the start is asked again, and a schema that changes is heard of.
func TestIdentify(t *testing.T) {
	var down, changed atomic.Bool
	down.Store(true)
	g := newGround(t, func(c *dual.Config) {
		c.Lease = 40 * time.Millisecond
		c.Identify = func(_ context.Context, store dual.Store) (control.Identity, error) {
			if down.Load() && store == dual.New {
				return control.Identity{}, errors.New("down")
			}
			identity := control.Identity{Store: store.String(), Schema: "one"}
			if changed.Load() {
				identity.Schema = "two"
			}
			return identity, nil
		}
	})
	ctx := context.Background()
	require.NoError(t, g.notes.Put(ctx, note{"k", "text"}), "the new store is not needed yet")
	stores := func() [2]control.Identity {
		instances, err := g.control.Instances(ctx)
		require.NoError(t, err)
		return instances[0].Stores
	}
	require.Contains(t, g.migration.Status().Note, "identify the stores: down")
	assert.Zero(t, stores())
	down.Store(false)
	known := [2]control.Identity{{Store: "old", Schema: "one"}, {Store: "new", Schema: "one"}}
	require.Eventually(t, func() bool { return stores() == known }, enough, time.Millisecond)
	changed.Store(true)
	now, err := g.migration.Identify(ctx)
	require.NoError(t, err)
	assert.Equal(t, "two", now[dual.Old].Schema)
	require.Eventually(t, func() bool { return stores() == now }, enough, time.Millisecond)
}

// Words that are made of data sources' names do not show a password to everybody who asks for the status.
func TestFingerprintsLeaveOutPasswords(t *testing.T) {
	for source, want := range map[string]string{
		"redis://app:hunter2@h:1/0": "redis://h:1/0", "app:hunt@er2@tcp(h:1)/db": "tcp(h:1)/db", "postgres://h/db?a=b": "postgres://h/db?a=b",
		"postgres://app:p%40ss@h/db": "postgres://h/db", "h:11211": "h:11211", "": "",
	} {
		identity, err := dual.Fingerprints(source, "new")(context.Background(), dual.Old)
		require.NoError(t, err)
		require.Equal(t, want, identity.Store)
	}
}
