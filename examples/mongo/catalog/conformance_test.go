package catalog

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/examples/mongo/catalog/mongostore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func TestMain(m *testing.M) { servertest.FewChecks(m, 10) }

// MongoDB's protocol, Cassandra and the wrapper over them give equal results, whatever is called in whatever phase.
func TestConformance(t *testing.T) {
	pairs, opened := [2]pair{newPair(t), newPair(t)}, 0 // one pair is compared alone, the other behind the wrapper
	RunPackagesConformance(t, func(t *testing.T) (*mongostore.Store, *cqlstore.Store) {
		p := pairs[opened%len(pairs)]
		opened++
		p.empty(t)
		return p.old, p.new
	})
}

// pair is two stores that are emptied and used again.
type pair struct {
	old *mongostore.Store
	new *cqlstore.Store
}

func newPair(t *testing.T) pair {
	url, database := servertest.Mongo(t)
	old, err := mongostore.Open(t.Context(), url, database)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, old.Drop(context.Background()))
		assert.NoError(t, old.Close())
	})
	new, err := cqlstore.Open(servertest.Cassandra(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, new.Close()) })
	return pair{old, new}
}

// empty deletes every package, in both stores.
func (p pair) empty(t *testing.T) {
	documents, _, err := p.old.Scan(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, document := range documents {
		require.NoError(t, p.old.Delete(t.Context(), document.ID))
	}
	rows, _, err := p.new.Scan(t.Context(), "", 10_000)
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, p.new.Delete(t.Context(), row.ID))
	}
}

// someTarget draws names without a blank, which is what stands between a target and its relation in Cassandra's text.
func someTarget(t *rapid.T) string {
	return rapid.StringMatching(`[a-z0-9é.+-]{1,8}`).Draw(t, "target")
}
