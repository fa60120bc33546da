package dual_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// TestExactReads: what a conversion does not keep is an error of that entity where it is copied or compared, on a page of
// others too, and none of the service's own read.
func TestExactReads(t *testing.T) {
	errLoses := errors.New("loses a member")
	convert := func(ctx context.Context, id int64) error {
		if id != 2 || !dual.IsExact(ctx) {
			return nil
		}
		return dual.Inexact(ctx, errLoses)
	}
	require.NoError(t, convert(t.Context(), 2))
	for _, exact := range []bool{true, false} {
		m, err := dual.NewMigration(dual.Config{})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
		entity := rows(func(e *dual.Entity[*rowStore, row]) {
			e.Exact = exact
			get, scan := e.Get, e.Scan
			e.Get = func(ctx context.Context, s *rowStore, key dual.Key) (row, bool, error) {
				r, found, err := get(ctx, s, key)
				return r, found, errors.Join(err, convert(ctx, r.ID))
			}
			e.Scan = func(ctx context.Context, s *rowStore, cursor string, limit int) ([]row, string, error) {
				page, next, err := scan(ctx, s, cursor, limit)
				for _, r := range page {
					err = errors.Join(err, convert(ctx, r.ID))
				}
				return page, next, err
			}
			e.Put = func(context.Context, *rowStore, row) error { return nil }
			e.Diff = func(a, b row) []dual.Difference { return nil }
		})
		dual.AddEntity(m, &[2]*rowStore{{ids: []int64{1, 2, 3}}, {ids: []int64{1, 2, 3}}}, entity)
		c := m.Copiers()[0]
		page, _, err := c.Page(t.Context(), dual.Old, "", 10)
		require.NoError(t, err)
		require.Len(t, page, 3)
		require.NoError(t, c.PutRow(t.Context(), dual.New, page[0]))
		require.NoError(t, c.PutRow(t.Context(), dual.New, page[2]))
		put := c.PutRow(t.Context(), dual.New, page[1])
		_, _, got := c.Row(t.Context(), dual.Old, rowKey(2))
		copied := c.Copy(t.Context(), rowKey(2), dual.Old)
		if !exact {
			require.NoError(t, errors.Join(put, got))
			require.Empty(t, c.Diff(page[1], page[1]))
			continue
		}
		require.ErrorIs(t, put, errLoses)
		require.ErrorIs(t, got, errLoses)
		require.ErrorIs(t, copied, errLoses)
		require.NotEmpty(t, c.Diff(page[1], page[1]), "nobody knows what the store holds")
	}
}
