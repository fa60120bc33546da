package catalog

import (
	"context"
	"database/sql"
	"testing"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func TestMain(m *testing.M) { servertest.FewChecks(m, 25) }

// Postgres, Cassandra and the wrapper over them give equal results, whatever is called in whatever phase.
func TestConformance(t *testing.T) {
	var pairs [2]pair
	for i := range pairs {
		pairs[i] = newPair(t)
	}
	opened := 0
	RunPackagesConformance(t, func(t *testing.T) (*pgstore.Store, *cqlstore.Store) {
		p := pairs[opened%len(pairs)] // one pair is compared alone, the other behind the wrapper
		opened++
		p.empty(t)
		return p.old, p.new
	})
}

// pair is two stores that are emptied and used again: making a keyspace takes seconds.
type pair struct {
	old *pgstore.Store
	new *cqlstore.Store
}

func newPair(t *testing.T) pair {
	old, err := pgstore.Open(t.Context(), servertest.Postgres(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, old.Close()) })
	new, err := cqlstore.Open(servertest.Cassandra(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, new.Close()) })
	return pair{old, new}
}

// empty deletes every package, in both stores.
func (p pair) empty(t *testing.T) {
	ctx := context.Background()
	rows, _, err := p.old.Scan(ctx, "", 10_000)
	require.NoError(t, err)
	for _, row := range rows {
		if err := p.old.Delete(ctx, row.ID); err != sql.ErrNoRows {
			require.NoError(t, err)
		}
	}
	documents, _, err := p.new.Scan(ctx, "", 10_000)
	require.NoError(t, err)
	for _, document := range documents {
		if err := p.new.Delete(ctx, document.ID); err != gocql.ErrNotFound {
			require.NoError(t, err)
		}
	}
}
