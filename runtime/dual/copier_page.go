package dual

import (
	"context"
	"fmt"
	"time"
)

// Page implements Copier.
func (c *copier[R, E]) Page(ctx context.Context, store Store, cursor string, limit int) ([]Row, string, error) {
	return c.listed(ctx, store, func(ctx context.Context) ([]E, string, error) { return c.page(ctx, store, cursor, limit) })
}

// PageSince implements Copier.
func (c *copier[R, E]) PageSince(ctx context.Context, store Store, since time.Time, cursor string, limit int) ([]Row, string, error) {
	return c.listed(ctx, store, func(ctx context.Context) ([]E, string, error) {
		return c.entity.ScanSince(ctx, c.stores[store], since, cursor, limit)
	})
}

// CanScanSince implements Copier.
func (c *copier[R, E]) CanScanSince() bool { return c.entity.ScanSince != nil }

// listed makes rows of what a listing gives.
func (c *copier[R, E]) listed(ctx context.Context, store Store, list func(context.Context) ([]E, string, error)) ([]Row, string, error) {
	rows, next, err := c.exactPage(ctx, store, list)
	if err != nil {
		return nil, "", fmt.Errorf("scan %s in the %v store: %w", c.entity.Kind, store, err)
	}
	return rows, next, nil
}
