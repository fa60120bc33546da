package cqlstore_test

import (
	"crypto/md5"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func open(t *testing.T) *cqlstore.Store {
	store, err := cqlstore.Open(servertest.Cassandra(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

func row(name, section string) *cqlstore.Package {
	homepage, installed := "http://example.org/ø", int64(0)
	return &cqlstore.Package{
		ID: md5.Sum([]byte(name)), Name: name, Version: "1:2~rc1-3", Section: section, Priority: "optional", Maintainer: "Zoë",
		Homepage: &homepage, SizeBytes: 1 << 40, InstalledKiB: &installed, Depends: []string{"c", "a (>= 1)", "c"},
		Tags: []string{"x::a", "x::b"}, Updated: time.UnixMilli(1_783_764_997_123).UTC(),
	}
}

func TestRowsComeBackAsTheyWerePut(t *testing.T) {
	store := open(t)
	bare := &cqlstore.Package{ID: gocql.MustRandomUUID(), Name: "bare", Section: "net", Updated: time.UnixMilli(0).UTC()}
	for _, want := range []*cqlstore.Package{row("a", "net"), bare} {
		require.NoError(t, store.Put(t.Context(), want))
		got, err := store.ByID(t.Context(), want.ID)
		require.NoError(t, err)
		assert.Equal(t, want, got)
		page, err := store.Section(t.Context(), "net", "", 1)
		require.NoError(t, err)
		assert.Equal(t, "a", page[0].Name)
	}
}

// The table of sections follows a package that moves, one that is handed over and one that goes.
func TestSections(t *testing.T) {
	store := open(t)
	names := func(section, after string, limit int) (names []string) {
		page, err := store.Section(t.Context(), section, after, limit)
		require.NoError(t, err)
		for _, p := range page {
			names = append(names, p.Name)
		}
		return names
	}
	for _, name := range []string{"B", "a", "b", "é"} {
		require.NoError(t, store.Put(t.Context(), row(name, "net")))
	}
	assert.Equal(t, []string{"a", "b"}, names("net", "B", 2))
	require.NoError(t, store.Put(t.Context(), row("a", "web")))
	require.NoError(t, store.Delete(t.Context(), row("B", "net").ID))
	require.NoError(t, store.SetMaintainer(t.Context(), row("b", "net").ID, "Ann"))
	assert.Equal(t, []string{"b", "é"}, names("net", "", 9))
	assert.Equal(t, []string{"a"}, names("web", "", 9))
	page, err := store.Section(t.Context(), "net", "", 1)
	require.NoError(t, err)
	assert.Equal(t, "Ann", page[0].Maintainer)
}

func TestPagesAndCount(t *testing.T) {
	store, seen := open(t), map[string]bool{}
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		require.NoError(t, store.Put(t.Context(), row(name, "net")))
	}
	for cursor := ""; ; {
		page, next, err := store.Scan(t.Context(), cursor, 2)
		require.NoError(t, err)
		assert.LessOrEqual(t, len(page), 2)
		for _, p := range page {
			assert.False(t, seen[p.Name])
			seen[p.Name] = true
		}
		if cursor = next; next == "" {
			break
		}
	}
	assert.Len(t, seen, 6)
	count, err := store.Count(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, 6, count)
}

func TestAbsentRows(t *testing.T) {
	store, p := open(t), row("a", "net")
	_, err := store.ByID(t.Context(), p.ID)
	assert.ErrorIs(t, err, cqlstore.ErrNoRow)
	assert.ErrorIs(t, store.SetMaintainer(t.Context(), p.ID, "x"), cqlstore.ErrNoRow)
	assert.ErrorIs(t, store.Delete(t.Context(), p.ID), cqlstore.ErrNoRow)
	require.NoError(t, store.Put(t.Context(), p))
	require.NoError(t, store.Delete(t.Context(), p.ID))
	_, err = store.ByID(t.Context(), p.ID)
	assert.ErrorIs(t, err, cqlstore.ErrNoRow)
}
