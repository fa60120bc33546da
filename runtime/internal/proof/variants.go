package proof

import (
	"context"

	"github.com/dualgen/dualgen/runtime/dual"
)

// scanAfter lists the first kind after a key.
func scanAfter(ctx context.Context, store Repository, after string, limit int) ([]Row, string, error) {
	from := ""
	if after != "" {
		from = keyNames[indexOf(dual.Key{Kind: kind, ID: after})+1]
	}
	rows, next, err := store.Scan(ctx, from, limit)
	if next != "" {
		next = keyNames[rows[len(rows)-1].Key]
	}
	return rows, next, err
}

// getAfter reads an entity where the empty key is one that no entity has.
func getAfter(ctx context.Context, store Repository, key dual.Key) (Row, bool, error) {
	if key.ID == "" {
		return Row{}, false, nil
	}
	return entity.Get(ctx, store, key)
}

// scanSecond lists the second kind, which has one key.
func scanSecond(ctx context.Context, store Repository, _ string, _ int) ([]Row, string, error) {
	value, err := store.Get(ctx, ofOne)
	if err != nil || !value.Present {
		return nil, "", err
	}
	return []Row{{ofOne, value}}, "", nil
}

// getLossy is how a build reads an entity that knows nothing of B.
func getLossy(ctx context.Context, store Repository, key dual.Key) (Row, bool, error) {
	row, found, err := entity.Get(ctx, store, key)
	row.Value.B = 0
	return row, found, err
}

// scanLossy is how it lists them.
func scanLossy(ctx context.Context, store Repository, cursor string, limit int) ([]Row, string, error) {
	rows, next, err := entity.Scan(ctx, store, cursor, limit)
	for i := range rows {
		rows[i].Value.B = 0
	}
	return rows, next, err
}

// diffLossy is how it compares two.
func diffLossy(a, b Row) []dual.Difference {
	a.Value.B, b.Value.B = 0, 0
	return diff(a.Value, b.Value)
}
