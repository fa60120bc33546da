package dual_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
)

// row is the entity of these tests; its key is a number.
type row struct{ ID int64 }

// rowStore lists rows after a number, as SQL does.
type rowStore struct {
	ids    []int64
	refuse func(after int64) error // what it says of a number
	listed []int64                 // the numbers that it was asked to list after
	down   int                     // listings that fail
}

var errNumber = errors.New("out of range")

func rowKey(id int64) dual.Key { return dual.Key{Kind: "Row", ID: strconv.FormatInt(id, 10)} }

func (s *rowStore) list(after int64, limit int) (page []row, err error) {
	s.listed = append(s.listed, after)
	if s.down > 0 {
		s.down--
		return nil, errors.New("away")
	}
	if s.refuse != nil {
		if err := s.refuse(after); err != nil {
			return nil, err
		}
	}
	for _, id := range s.ids {
		if id > after && len(page) < limit {
			page = append(page, row{id})
		}
	}
	return page, nil
}

func (s *rowStore) get(id int64) (bool, error) {
	if s.refuse != nil {
		if err := s.refuse(id); err != nil {
			return false, err
		}
	}
	return slices.Contains(s.ids, id), nil
}

// rows says how rows are listed, as dualgen generates it.
func rows(change func(*dual.Entity[*rowStore, row])) dual.Entity[*rowStore, row] {
	e := dual.Entity[*rowStore, row]{
		Kind: "Row",
		Key:  func(r row) dual.Key { return rowKey(r.ID) },
		Get: func(_ context.Context, s *rowStore, key dual.Key) (row, bool, error) {
			id, err := strconv.ParseInt(key.ID, 10, 64)
			if err != nil {
				return row{}, false, err
			}
			found, err := s.get(id)
			return row{id}, found, err
		},
		Scan: func(_ context.Context, s *rowStore, cursor string, limit int) ([]row, string, error) {
			after := int64(0)
			if cursor != "" {
				after, _ = strconv.ParseInt(cursor, 10, 64)
			}
			page, err := s.list(after, limit)
			if err != nil || len(page) == 0 {
				return nil, "", err
			}
			return page, rowKey(page[len(page)-1].ID).ID, nil
		},
		First: []dual.Key{rowKey(math.MinInt64), rowKey(math.MinInt32)},
	}
	if change != nil {
		change(&e)
	}
	return e
}

// narrow refuses what a column of four bytes cannot hold.
func narrow(id int64) error {
	if id < math.MinInt32 {
		return errNumber
	}
	return nil
}

// positive refuses numbers below zero.
func positive(id int64) error {
	if id < 0 {
		return errNumber
	}
	return nil
}

// TestFirstPageBeginsBelowAllKeys lists all rows in pages.
func TestFirstPageBeginsBelowAllKeys(t *testing.T) {
	zeroKey := func(e *dual.Entity[*rowStore, row]) { e.First = []dual.Key{rowKey(0)} }
	for _, test := range []struct {
		name   string
		store  rowStore
		change func(*dual.Entity[*rowStore, row])
		want   []int64
		err    error
	}{
		{name: "zero and below", store: rowStore{ids: []int64{-2, -1, 0, 1, 2}}, want: []int64{-2, -1, 0, 1, 2}},
		{name: "the least of all", store: rowStore{ids: []int64{math.MinInt64, 7}}, want: []int64{math.MinInt64, 7}},
		{name: "nothing", store: rowStore{}},
		{name: "a narrow column", store: rowStore{ids: []int64{math.MinInt32, -1, 4}, refuse: narrow}, want: []int64{math.MinInt32, -1, 4}},
		{name: "away for a moment", store: rowStore{ids: []int64{math.MinInt32 - 1, 4}, down: 1}, want: []int64{math.MinInt32 - 1, 4}},
		{name: "refuses what is below zero", store: rowStore{ids: []int64{1}, refuse: positive}, err: errNumber},
		{name: "unsigned", store: rowStore{ids: []int64{0, 1}}, change: zeroKey, want: []int64{0, 1}},
		{name: "refuses the zero key", change: zeroKey, want: []int64{1, 2}, store: rowStore{ids: []int64{1, 2}}},
		{name: "with a gap", err: dual.ErrScanGap, change: func(e *dual.Entity[*rowStore, row]) { e.Gap = "nobody knows" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			m, err := dual.NewMigration(dual.Config{})
			require.NoError(t, err)
			t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
			entity := rows(test.change)
			if test.name == "refuses the zero key" {
				get := entity.Get
				entity.Get = func(ctx context.Context, s *rowStore, key dual.Key) (row, bool, error) {
					if key == rowKey(0) {
						return row{}, false, errNumber
					}
					return get(ctx, s, key)
				}
			}
			dual.AddEntity(m, &[2]*rowStore{&test.store, {}}, entity)
			listed, err := listAll(t.Context(), m.Copiers()[0])
			if test.err != nil {
				require.ErrorIs(t, err, test.err)
				require.ErrorContains(t, err, "scan=")
				return
			}
			require.NoError(t, err)
			require.Equal(t, test.want, listed)
		})
	}
}

func listAll(ctx context.Context, c dual.Copier) (ids []int64, err error) {
	for cursor := ""; ; {
		page, next, err := c.Page(ctx, dual.Old, cursor, 2)
		if err != nil || next == "" {
			return ids, err
		}
		for _, r := range page {
			id, err := strconv.ParseInt(r.Key.ID, 10, 64)
			if err != nil {
				return nil, err
			}
			ids = append(ids, id)
		}
		cursor = next
	}
}

// TestGetThatFailsSaysNothing: a store that cannot be read at all is no store that refuses the least key.
func TestGetThatFailsSaysNothing(t *testing.T) {
	m, err := dual.NewMigration(dual.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	errGet := errors.New("permission denied")
	dual.AddEntity(m, &[2]*rowStore{{ids: []int64{1}}, {}}, rows(func(e *dual.Entity[*rowStore, row]) {
		e.Get = func(context.Context, *rowStore, dual.Key) (row, bool, error) { return row{}, false, errGet }
	}))
	_, err = listAll(t.Context(), m.Copiers()[0])
	require.ErrorIs(t, err, errGet)
}
