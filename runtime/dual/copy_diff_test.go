package dual_test

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Entities that nothing says how to compare are the same, or differ as a whole.
func TestDiffWhole(t *testing.T) {
	migration, err := dual.NewMigration(dual.Config{})
	require.NoError(t, err)
	defer func() { assert.NoError(t, migration.Close(context.Background())) }()
	stores := [2]map[string][]int{{"a": {1}, "b": {1}}, {"a": {1}, "b": {2}}}
	dual.AddEntity(migration, &stores, dual.Entity[map[string][]int, []int]{
		Kind: "list",
		Get: func(_ context.Context, store map[string][]int, key dual.Key) ([]int, bool, error) {
			value, ok := store[key.ID]
			return value, ok, nil
		},
		Diff: dual.DiffWhole(slices.Equal[[]int]),
	})
	copier := migration.Copiers()[0]
	for id, want := range map[string]int{"a": 0, "b": 1} {
		old, _, err := copier.Row(t.Context(), dual.Old, dual.Key{Kind: "list", ID: id})
		require.NoError(t, err)
		new, _, err := copier.Row(t.Context(), dual.New, dual.Key{Kind: "list", ID: id})
		require.NoError(t, err)
		assert.Len(t, copier.Diff(old, new), want, id)
	}
}
