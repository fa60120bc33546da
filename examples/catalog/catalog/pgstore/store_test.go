package pgstore_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/internal/servertest"
)

func open(t *testing.T) *pgstore.Store {
	store, err := pgstore.Open(t.Context(), servertest.Postgres(t))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	return store
}

func row(name, section string) *pgstore.Package {
	return &pgstore.Package{
		ID: uuid.NewSHA1(uuid.Nil, []byte(name)), Name: name, Version: "1:2~rc1-3", Section: section, Priority: "optional",
		Maintainer: "Zoë", Homepage: sql.NullString{String: "http://example.org/ø", Valid: true}, Size: 1 << 40,
		InstalledSize: sql.NullInt64{Valid: true}, Depends: pgstore.TextArray{`a (>= 1) | "b"`, "c, {}"}, Tags: pgstore.TextArray{"x::y"},
		Updated: time.Date(2026, 7, 11, 10, 16, 37, 123456000, time.UTC),
	}
}

func TestRowsComeBackAsTheyWerePut(t *testing.T) {
	store := open(t)
	bare := &pgstore.Package{ID: uuid.New(), Name: "bare", Updated: time.UnixMicro(0).UTC()}
	for _, want := range []*pgstore.Package{row("a", "net"), bare} {
		require.NoError(t, store.Upsert(t.Context(), want))
		got, err := store.Get(t.Context(), want.ID)
		require.NoError(t, err)
		assert.True(t, want.Updated.Equal(got.Updated))
		assert.ElementsMatch(t, want.Depends, got.Depends)
		assert.ElementsMatch(t, want.Tags, got.Tags)
		got.Updated, got.Depends, got.Tags = want.Updated, want.Depends, want.Tags
		assert.Equal(t, want, got)
	}
}

func TestListsAndCount(t *testing.T) {
	store := open(t)
	for _, name := range []string{"B", "a", "b", "c", "é"} {
		require.NoError(t, store.Upsert(t.Context(), row(name, "net")))
	}
	require.NoError(t, store.Upsert(t.Context(), row("d", "web")))
	page, err := store.BySection(t.Context(), "net", "B", 3)
	require.NoError(t, err)
	require.Len(t, page, 3)
	assert.Equal(t, []string{"a", "b", "c"}, []string{page[0].Name, page[1].Name, page[2].Name}, "by bytes, not by locale")
	seen := map[string]bool{}
	for cursor := ""; ; {
		page, next, err := store.Scan(t.Context(), cursor, 2)
		require.NoError(t, err)
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
	_, _, err = store.Scan(t.Context(), "nonsense", 2)
	assert.ErrorContains(t, err, `cursor "nonsense"`)
}

func TestAbsentRows(t *testing.T) {
	store, p := open(t), row("a", "net")
	_, err := store.Get(t.Context(), p.ID)
	assert.ErrorIs(t, err, pgstore.ErrNoRow)
	assert.ErrorIs(t, store.SetMaintainer(t.Context(), p.ID, "x"), pgstore.ErrNoRow)
	assert.ErrorIs(t, store.Delete(t.Context(), p.ID), pgstore.ErrNoRow)
	require.NoError(t, store.Upsert(t.Context(), p))
	require.NoError(t, store.SetMaintainer(t.Context(), p.ID, "Ann"))
	got, err := store.Get(t.Context(), p.ID)
	require.NoError(t, err)
	assert.Equal(t, "Ann", got.Maintainer)
	require.NoError(t, store.Delete(t.Context(), p.ID))
	_, err = store.Get(t.Context(), p.ID)
	assert.ErrorIs(t, err, pgstore.ErrNoRow)
}
