package dual_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// session is an entity that expires.
type session struct {
	ID      string
	Expires time.Time
}

// sessions is a store that leaves what has expired where it is, as a table does until somebody sweeps it.
type sessions map[string]session

// expiring is the copier of sessions.
func expiring(t *testing.T, stores *[2]sessions) dual.Copier {
	t.Helper()
	m, err := dual.NewMigration(dual.Config{Control: control.NewMemory()})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, m.Close(context.Background())) })
	dual.AddEntity(m, stores, dual.Entity[sessions, session]{
		Kind: "Session",
		Key:  func(s session) dual.Key { return dual.Key{Kind: "Session", ID: s.ID} },
		Get: func(_ context.Context, store sessions, key dual.Key) (session, bool, error) {
			s, found := store[key.ID]
			return s, found, nil
		},
		Put:    func(_ context.Context, store sessions, s session) error { store[s.ID] = s; return nil },
		Delete: func(_ context.Context, store sessions, key dual.Key) error { delete(store, key.ID); return nil },
		Scan: func(_ context.Context, store sessions, _ string, _ int) (all []session, _ string, _ error) {
			for _, s := range store {
				all = append(all, s)
			}
			return all, "", nil
		},
		Diff: func(a, b session) []dual.Difference {
			if a == b {
				return nil
			}
			return []dual.Difference{{Path: "Expires"}}
		},
		Expires: func(s session) time.Time { return s.Expires },
	})
	return m.Copiers()[0]
}

// What has expired is absent, whether its store holds it still or not: nothing copies, lists or finds it, and its copies may be gone.
func TestExpiredIsAbsent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, now := t.Context(), time.Now()
		stores := [2]sessions{{}, {}}
		for id, at := range map[string]time.Time{"gone": now, "soon": now.Add(time.Minute), "never": {}} {
			stores[dual.Old][id] = session{id, at}
		}
		c := expiring(t, &stores)
		key := func(id string) dual.Key { return dual.Key{Kind: "Session", ID: id} }
		listed := func(store dual.Store) (ids []string) {
			rows, _, err := c.Page(ctx, store, "", 10)
			require.NoError(t, err)
			for _, row := range rows {
				ids = append(ids, row.Key.ID)
			}
			return ids
		}
		assert.ElementsMatch(t, []string{"soon", "never"}, listed(dual.Old))
		_, found, err := c.Row(ctx, dual.Old, key("gone"))
		require.NoError(t, err)
		assert.False(t, found)
		for _, id := range []string{"gone", "soon", "never"} {
			require.NoError(t, c.Copy(ctx, key(id), dual.Old))
		}
		assert.Equal(t, sessions{"soon": stores[dual.Old]["soon"], "never": {ID: "never"}}, stores[dual.New])

		soon, err := c.RowOf(stores[dual.Old]["soon"])
		require.NoError(t, err)
		time.Sleep(time.Minute)
		delete(stores[dual.New], "soon")
		require.NoError(t, c.Check(ctx, dual.New, soon), "it has expired since it was copied")
		assert.Equal(t, []string{"never"}, listed(dual.Old))

		// A copy that outlives what it is a copy of goes with it.
		stores[dual.New]["soon"] = session{"soon", time.Now().Add(time.Hour)}
		require.NoError(t, c.Copy(ctx, key("soon"), dual.Old))
		assert.NotContains(t, stores[dual.New], "soon")
	})
}
