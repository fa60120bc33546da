package catalog

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/examples/dynamo/catalog/dynstore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func TestMain(m *testing.M) { servertest.FewChecks(m, 15) }

// Postgres, DynamoDB's protocol and the wrapper over them give equal results, whatever is called in whatever phase.
func TestConformance(t *testing.T) {
	pairs, opened := [2]pair{newPair(t), newPair(t)}, 0 // one pair is compared alone, the other behind the wrapper
	RunPackagesConformance(t, func(t *testing.T) (*pgstore.Store, *dynstore.Store) {
		p := pairs[opened%len(pairs)]
		opened++
		p.empty(t)
		return p.old, p.new
	})
}

// pair is two stores that are emptied and used again.
type pair struct {
	old *pgstore.Store
	new *dynstore.Store
}

func newPair(t *testing.T) pair {
	old, err := pgstore.Open(t.Context(), servertest.Postgres(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, old.Close()) })
	endpoint, table := servertest.Dynamo(t)
	new, err := dynstore.Open(t.Context(), endpoint, table)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, new.Drop(context.Background())) })
	return pair{old, new}
}

// empty deletes every package, in both stores.
func (p pair) empty(t *testing.T) {
	rows, _, err := p.old.Scan(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, p.old.Delete(t.Context(), row.ID))
	}
	items, _, err := p.new.Scan(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, item := range items {
		require.NoError(t, p.new.Delete(t.Context(), uuid.UUID(item.ID)))
	}
}

// someName draws names and sections: no empty ones, which an index of DynamoDB refuses.
func someName(t *rapid.T) string {
	odd := rapid.SampledFrom([]string{"a", "a ", "A", "ab", "é", "e\u0301", "'\"", "libc6~x", "日本"})
	any := rapid.StringN(1, 12, -1).Filter(func(s string) bool { return !strings.Contains(s, "\x00") })
	return rapid.OneOf(odd, any).Draw(t, "name")
}
