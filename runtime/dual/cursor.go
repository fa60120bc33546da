package dual

import (
	"context"
	"strings"
)

// Paging says where a read that returns page by page has its cursors, which mean something to the store alone that made them: a
// Cassandra paging state, an offset, a token. ReadPage hands each store its own.
type Paging[A, V any, G, M Cursor] struct {
	// Given returns the cursor among the arguments.
	Given func(*A) *G
	// Made returns the cursor of the next page among the results, or nil where there is none. What it returns must not be the
	// store's to keep.
	Made func(*V) *M
}

// Cursor is what a cursor may be.
type Cursor interface{ ~string | ~[]byte }

// Marks of sealed cursors. The new store's are all sealed. Of the old store's only those are that look as if they were: every
// other one is what it is without the wrapper, so that the instances that have no wrapper yet can read it.
const (
	oldCursor = "old~"
	newCursor = "new~"
)

// ReadPage is Read for a method that returns page by page, in every phase. It refuses a cursor of the store that reads no longer
// ask, with ErrStaleCursor: the other store could make a wrong page of it, in silence. Only first pages are compared, since no
// two stores have the same cursors.
func ReadPage[R, A, V any, G, M Cursor](ctx context.Context, call Call, stores *[2]R, key Key, args A, reading *Reading[A, V],
	paging *Paging[A, V, G, M], do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	var none V
	since := call.start()
	store, single := call.Single()
	if !single {
		var err error
		if store, err = call.route(ctx, key); err != nil {
			return none, call.answered(ctx, since, err)
		}
	}
	cursor := paging.Given(&args)
	first := len(*cursor) == 0
	opened, maker := openCursor(string(*cursor))
	if !first && maker != store {
		return none, call.answered(ctx, since, call.fail(key, ErrStaleCursor))
	}
	*cursor = G(opened)
	sent := call.sent(since)
	value, err := do(ctx, stores[store], args)
	if since != 0 {
		call.tellRead(ctx, since, sent, store, absence(reading, value, err))
	}
	if !single {
		if lost := call.fenced(); lost != nil {
			return none, call.fail(key, lost)
		}
		if first && call.sampled() {
			compareLater(ctx, call, stores, key, args, reading, do, store, outcome[V]{value: value, err: err})
		}
	}
	if next := paging.Made(&value); next != nil && len(*next) > 0 {
		*next = M(sealCursor(string(*next), store))
	}
	return value, err
}

// sealCursor notes in a cursor which store made it.
func sealCursor(cursor string, store Store) string {
	switch {
	case store == New:
		return newCursor + cursor
	case strings.HasPrefix(cursor, oldCursor), strings.HasPrefix(cursor, newCursor):
		return oldCursor + cursor
	}
	return cursor
}

// openCursor tells which store made a cursor, and what that store called it. One without a mark is the old store's.
func openCursor(cursor string) (string, Store) {
	if rest, ok := strings.CutPrefix(cursor, newCursor); ok {
		return rest, New
	}
	return strings.TrimPrefix(cursor, oldCursor), Old
}
