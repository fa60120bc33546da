package dual

import (
	"context"
	"sync/atomic"
)

// exactKey is under which a context says that a read must be exact.
type exactKey struct{}

// Exact marks a read of which a copy is made, or that a comparison trusts: a conversion that keeps less than the store holds
// must fail, while the service's own reads go on as they would without a wrapper.
func Exact(ctx context.Context) context.Context {
	return context.WithValue(ctx, exactKey{}, (*atomic.Bool)(nil))
}

// IsExact reports whether a read must be exact, so that a conversion has to look whether it keeps all.
func IsExact(ctx context.Context) bool {
	_, exact := ctx.Value(exactKey{}).(*atomic.Bool)
	return exact
}

// Inexact is what a conversion returns that does not keep all, under a context of which IsExact is true: err, or nil while a
// page is listed, whose entities are then read one by one, so that the error is that of one entity.
func Inexact(ctx context.Context, err error) error {
	if lost, _ := ctx.Value(exactKey{}).(*atomic.Bool); lost != nil {
		lost.Store(true)
		return nil
	}
	return err
}

// inexact is in a row the place of an entity that could not be read exactly.
type inexact struct{ err error }

// exactly marks a read of an entity whose conversions may keep less than a store holds.
func (c *copier[R, E]) exactly(ctx context.Context) context.Context {
	if !c.entity.Exact {
		return ctx
	}
	return Exact(ctx)
}

// exactPage lists a page. What its conversions did not keep whole is read again, each entity by itself.
func (c *copier[R, E]) exactPage(ctx context.Context, store Store, list func(context.Context) ([]E, string, error)) ([]Row, string, error) {
	var lost atomic.Bool
	scan := ctx
	if c.entity.Exact {
		scan = context.WithValue(ctx, exactKey{}, &lost)
	}
	entities, next, err := list(scan)
	if err != nil {
		return nil, "", err
	}
	rows := make([]Row, 0, len(entities))
	for _, entity := range entities {
		if c.expired(entity) {
			continue
		}
		row := Row{Key: c.entity.Key(entity), value: entity}
		if lost.Load() {
			if _, _, err := c.get(ctx, store, row.Key); err != nil {
				row.value = inexact{err}
			}
		}
		rows = append(rows, row)
	}
	return rows, next, nil
}
