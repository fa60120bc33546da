package dual

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// ErrScanGap: the kind's listing may leave entities out, so that nothing can be said of all of them.
var ErrScanGap = errors.New("dualgen: the listing may leave entities out")

// remedyGap is what helps against an ErrScanGap.
const remedyGap = "name a function that lists from the beginning with scan= in the entity directive"

// page lists entities after a cursor. The first page of a listing after keys begins after the least key, which is looked at by
// itself: an entity of that very key is after none.
func (c *copier[R, E]) page(ctx context.Context, store Store, cursor string, limit int) ([]E, string, error) {
	switch {
	case c.entity.Gap != "":
		return nil, "", fmt.Errorf("%w: %s: %s", ErrScanGap, c.entity.Gap, remedyGap)
	case cursor != "" || len(c.entity.First) == 0:
		return c.entity.Scan(ctx, c.stores[store], cursor, limit)
	}
	page, next, least, err := c.lowest(ctx, store, limit)
	if err != nil {
		return nil, "", err
	}
	listed := func(e E) bool { return c.entity.Key(e) == least }
	if slices.ContainsFunc(page, listed) {
		return page, next, nil
	}
	entity, found, err := c.readable(ctx, store, least, page)
	if err == nil && found {
		page = slices.Insert(page, 0, entity)
	}
	return page, next, err
}

// lowest lists after the least key that the store takes, and returns that key. A store refuses what its column cannot hold.
func (c *copier[R, E]) lowest(ctx context.Context, store Store, limit int) (page []E, next string, least Key, err error) {
	var refusals []error
	for i, key := range c.entity.First {
		page, next, err = c.entity.Scan(ctx, c.stores[store], key.ID, limit)
		if err != nil {
			refusals = append(refusals, err)
			continue
		}
		if i == 0 {
			return page, next, key, nil
		}
		// What was refused is asked once more: a store that was away for a moment refuses nothing.
		for _, before := range c.entity.First[:i] {
			if page, next, err := c.entity.Scan(ctx, c.stores[store], before.ID, limit); err == nil {
				return page, next, before, nil
			}
		}
		return page, next, key, nil
	}
	return nil, "", Key{}, fmt.Errorf("list from below the least key, after which a first page begins (if the store takes no such key, %s): %w",
		remedyGap, errors.Join(refusals...))
}

// readable reads the least key. A store that refuses to be asked for that very key, and answers for another one, has none of it:
// an empty text where keys are UUIDs.
func (c *copier[R, E]) readable(ctx context.Context, store Store, least Key, others []E) (entity E, found bool, err error) {
	entity, found, err = c.get(ctx, store, least)
	if err == nil || errors.Is(err, ErrCannotCopy) || ctx.Err() != nil {
		return entity, found, err
	}
	if len(others) > 0 {
		if _, _, other := c.get(ctx, store, c.entity.Key(others[0])); other != nil {
			return entity, false, other
		}
	}
	entity, found, err = c.get(ctx, store, least)
	if err == nil || ctx.Err() != nil {
		return entity, found, err
	}
	return entity, false, nil
}
