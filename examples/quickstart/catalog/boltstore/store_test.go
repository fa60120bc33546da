package boltstore_test

import (
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/quickstart/catalog/boltstore"
)

func open(t *testing.T) *boltstore.Store {
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "packages.bolt"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

func document(name, section string) boltstore.Document {
	homepage, installed := "http://example.org/ø", uint32(0)
	return boltstore.Document{
		Name: name, Version: boltstore.Version{Epoch: 1, Upstream: "2~rc1+dfsg", Revision: "3"}, Section: section,
		Priority: boltstore.PriorityStandard, Maintainer: "Zoë", Homepage: &homepage, ArchiveBytes: 1 << 40, InstalledKiB: &installed,
		Needs: []boltstore.Need{{On: "b", If: "(>= 2)"}, {On: "b"}}, Tags: map[string]struct{}{"x::y": {}}, UpdatedAt: 1_700_000_000_123,
	}
}

func TestPutLoad(t *testing.T) {
	store := open(t)
	for _, want := range []boltstore.Document{document("a", "net"), {Name: "bare"}} {
		require.NoError(t, store.Put(t.Context(), &want))
		got, err := store.Load(t.Context(), want.Name)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestWalkPages(t *testing.T) {
	for _, count := range []int{0, 1, 9, 10, 11, 25} {
		t.Run(strconv.Itoa(count), func(t *testing.T) {
			store := open(t)
			var want, got []string
			for i := range count {
				d := document("p"+strconv.Itoa(100+i), "net")
				want = append(want, d.Name)
				require.NoError(t, store.Put(t.Context(), &d))
			}
			for cursor := ""; ; {
				page, next, err := store.Walk(t.Context(), cursor, 10)
				require.NoError(t, err)
				for _, d := range page {
					got = append(got, d.Name)
				}
				if cursor = next; next == "" {
					break
				}
			}
			assert.Equal(t, want, got)
			n, err := store.Len(t.Context())
			require.NoError(t, err)
			assert.Equal(t, count, n)
		})
	}
}

// The index of sections follows a package that moves and one that goes.
func TestSections(t *testing.T) {
	store := open(t)
	names := func(section, after string, limit int) (names []string) {
		page, err := store.InSection(t.Context(), section, after, limit)
		require.NoError(t, err)
		for _, d := range page {
			names = append(names, d.Name)
		}
		return names
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		d := document(name, "net")
		require.NoError(t, store.Put(t.Context(), &d))
	}
	d := document("e", "network")
	require.NoError(t, store.Put(t.Context(), &d))
	assert.Equal(t, []string{"a", "b"}, names("net", "", 2))
	assert.Equal(t, []string{"c", "d"}, names("net", "b", 10))
	assert.Equal(t, []string{"c", "d"}, names("net", "bb", 10))
	d = document("c", "web")
	require.NoError(t, store.Put(t.Context(), &d))
	require.NoError(t, store.Drop(t.Context(), "a"))
	assert.Equal(t, []string{"b", "d"}, names("net", "", 10))
	assert.Equal(t, []string{"c"}, names("web", "", 10))
}

func TestAbsentDocuments(t *testing.T) {
	store := open(t)
	_, err := store.Load(t.Context(), "a")
	assert.ErrorIs(t, err, boltstore.ErrMissing)
	assert.ErrorIs(t, store.Assign(t.Context(), "a", "x"), boltstore.ErrMissing)
	assert.ErrorIs(t, store.Drop(t.Context(), "a"), boltstore.ErrMissing)
	d := document("a", "net")
	require.NoError(t, store.Put(t.Context(), &d))
	require.NoError(t, store.Assign(t.Context(), "a", "Ann"))
	got, err := store.Load(t.Context(), "a")
	require.NoError(t, err)
	d.Maintainer = "Ann"
	assert.Equal(t, d, got)
}
