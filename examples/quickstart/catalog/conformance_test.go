package catalog

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/quickstart/catalog/boltstore"
	"github.com/dualgen/dualgen/examples/quickstart/catalog/sqlitestore"
)

// The two stores and the wrapper over them give equal results, whatever is called in whatever phase.
func TestConformance(t *testing.T) {
	RunPackagesConformance(t, func(t *testing.T) (*sqlitestore.Store, *boltstore.Store) {
		directory := t.TempDir()
		old, err := sqlitestore.Open(t.Context(), filepath.Join(directory, "old.sqlite"))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, old.Close()) })
		new, err := boltstore.Open(filepath.Join(directory, "new.bolt"))
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, new.Close()) })
		return old, new
	})
}
