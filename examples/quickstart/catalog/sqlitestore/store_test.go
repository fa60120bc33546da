package sqlitestore_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/quickstart/catalog/sqlitestore"
)

func open(t *testing.T) *sqlitestore.Store {
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "packages ?#%.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

func row(record debindex.Record) *sqlitestore.Package {
	p := &sqlitestore.Package{
		Name: record.Name, Version: record.Version, Section: record.Section, Priority: sqlitestore.Priority(record.Priority),
		Maintainer: record.Maintainer, Size: record.Size, Tags: record.Tags,
		Updated: time.Date(2026, 7, 11, 10, 16, 37, 123456000, time.UTC),
	}
	if record.Homepage != nil {
		p.Homepage = sql.NullString{String: *record.Homepage, Valid: true}
	}
	if record.InstalledSize != nil {
		p.InstalledSize = sql.NullInt64{Int64: *record.InstalledSize, Valid: true}
	}
	for _, dependency := range record.Depends {
		p.Depends = append(p.Depends, sqlitestore.Dependency(dependency))
	}
	return p
}

// Every record of the index comes back as it was put, by name and by page.
func TestIndexRoundTrip(t *testing.T) {
	records, err := debindex.ReadFile("../../data/packages.gz")
	require.NoError(t, err)
	records = records[:600]
	store, want := open(t), map[string]*sqlitestore.Package{}
	for _, record := range records {
		want[record.Name] = row(record)
		require.NoError(t, store.Upsert(t.Context(), want[record.Name]))
	}
	for name, p := range want {
		got, err := store.Find(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, p, got)
	}
	cursor, last, seen := "", "", 0
	for {
		page, next, err := store.List(t.Context(), cursor, 64)
		require.NoError(t, err)
		for _, p := range page {
			require.Greater(t, p.Name, last)
			require.Equal(t, want[p.Name], p)
			last = p.Name
			seen++
		}
		if cursor = next; next == "" {
			break
		}
	}
	assert.Equal(t, len(want), seen)
	count, err := store.Count(t.Context())
	require.NoError(t, err)
	assert.EqualValues(t, len(want), count)
}

func TestUpsertReplacesWhole(t *testing.T) {
	store := open(t)
	before := row(debindex.Record{Name: "a", Version: "1", Section: "net", Tags: []string{"x", "y"},
		Depends: []debindex.Dependency{{Target: "b"}, {Target: "c"}}})
	require.NoError(t, store.Upsert(t.Context(), before))
	after := row(debindex.Record{Name: "a", Version: "2", Section: "web", Tags: []string{"y"}, Depends: []debindex.Dependency{{Target: "c"}}})
	require.NoError(t, store.Upsert(t.Context(), after))
	got, err := store.Find(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, after, got)
	page, err := store.ListSection(t.Context(), "net", "", 10)
	require.NoError(t, err)
	assert.Empty(t, page)
	page, err = store.ListSection(t.Context(), "web", "", 10)
	require.NoError(t, err)
	assert.Equal(t, []*sqlitestore.Package{after}, page)
}

func TestAbsentPackages(t *testing.T) {
	store := open(t)
	_, err := store.Find(t.Context(), "a")
	assert.ErrorIs(t, err, sqlitestore.ErrNoRow)
	assert.ErrorIs(t, store.ChangeMaintainer(t.Context(), "a", "x"), sqlitestore.ErrNoRow)
	assert.ErrorIs(t, store.Remove(t.Context(), "a"), sqlitestore.ErrNoRow)
	require.NoError(t, store.Upsert(t.Context(), row(debindex.Record{Name: "a", Version: "1", Tags: []string{"x"}})))
	require.NoError(t, store.ChangeMaintainer(t.Context(), "a", "Zoë <zoe@example.org>"))
	got, err := store.Find(t.Context(), "a")
	require.NoError(t, err)
	assert.Equal(t, "Zoë <zoe@example.org>", got.Maintainer)
	require.NoError(t, store.Remove(t.Context(), "a"))
	_, err = store.Find(t.Context(), "a")
	assert.ErrorIs(t, err, sqlitestore.ErrNoRow)
}
