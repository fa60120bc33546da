package dual

import (
	"context"
	"fmt"
	"slices"
)

// WriteListed runs a write that cannot name its keys, but whose repository can list them: a delete of what has expired. list
// returns every key that the write may touch, if it came now. It is asked of the primary before the write; the keys turn
// dirty, and the reconciler copies them.
//
// The whole kind's token is held from before the listing until after the write, so that a key which another call changes in
// between turns dirty as well: the listing may have missed it. The kind itself stays clean if the write succeeds. It stays
// unclean, until a verify pass repaired it, if the keys could not be listed or marked, or if the write failed and its
// method's NoEffect does not know better. Neither the listing's failure nor the journal's is the caller's.
func WriteListed[R, A, V any](ctx context.Context, call Call, stores *[2]R, kind string, args A,
	list func(ctx context.Context, store R, args A) ([]Key, error),
	do func(ctx context.Context, store R, args A) (V, error),
) (value V, err error) {
	if tx := call.state.tx; tx != nil {
		return writeInside(ctx, tx, call, stores, []Key{{Kind: kind, Whole: true}}, args, do)
	}
	a := attempt{call: call, key: Key{Kind: kind, Whole: true}, primary: call.wholeStore(), listed: true}
	since := call.start()
	if !call.state.migration.hooks.Off.NoListedToken {
		if err := a.begin(ctx); err != nil {
			return value, call.answered(ctx, since, err)
		}
	}
	defer a.abandon()
	err = a.mark(ctx, func() (keys []Key, err error) {
		defer recoverTo(&err)
		return list(ctx, stores[a.primary], args)
	})
	if err != nil {
		return value, call.answered(ctx, since, err)
	}
	sent := call.start()
	value, err = do(ctx, stores[a.primary], args)
	call.took(ctx, sent, a.primary, RolePrimary, err)
	if err := a.decided(ctx, err); err != nil {
		return value, call.answered(ctx, since, err)
	}
	return value, call.answered(ctx, since, a.mirrored(ctx, nil))
}

// mark marks the keys that a write of a whole kind may touch. Where that fails, the kind stays unclean in their place. It
// returns an error if the write must not begin.
func (a *attempt) mark(ctx context.Context, list func() ([]Key, error)) error {
	m := a.call.state.migration
	if !a.open && !m.hooks.Off.NoListedToken {
		return nil // there is no journal to tell: none is needed, or parity is void
	}
	keys, err := list()
	if err != nil {
		a.call.method.mirrorFailed.Add(1)
		m.logMirror(ctx, a, fmt.Errorf("list the keys that the write may touch: %w", err))
	} else if !m.hooks.Off.NoListedMarks {
		err = a.markDirty(ctx, keys)
	}
	if ctxErr := ctx.Err(); ctxErr != nil {
		_ = a.end(true) // no store was written
		return ctxErr
	}
	a.unclean = err != nil && !m.hooks.Off.NoKindMark
	return a.admitted() // the listing may have taken longer than the lease
}

// markBatch bounds the keys of one call of the journal.
const markBatch = 500

// markDirty marks the listed keys, some at a time.
func (a *attempt) markDirty(ctx context.Context, keys []Key) error {
	m := a.call.state.migration
	for batch := range slices.Chunk(distinct(keys), markBatch) {
		if err := m.journal.MarkDirty(ctx, batch, a.primary); err != nil {
			m.journalFault(ctx, a.call.method, err)
			return err
		}
	}
	return nil
}
