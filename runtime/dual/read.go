package dual

import "context"

// Read runs a read in a phase in which it is guarded, or a call that was sampled for comparison. The key has Whole set
// for reads of many entities. do must capture nothing.
func Read[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, reading *Reading[A, V],
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	store, err := call.route(ctx, key)
	if err != nil {
		var none V
		return none, err
	}
	value, err := do(ctx, stores[store], args)
	if lost := call.fenced(); lost != nil {
		var none V
		return none, call.fail(key, lost)
	}
	if call.sampled() {
		compareLater(ctx, call, stores, key, args, reading, do, store, outcome[V]{value: value, err: err})
	}
	return value, err
}

// route returns the store that answers a read: the phase's primary, but the entry's for an unclean key in a guarded
// phase.
func (c *Call) route(ctx context.Context, key Key) (Store, error) {
	m := c.state.migration
	if !c.state.guarded || m.hooks.Off.NoGuard {
		return c.store(), nil
	}
	entry, unclean, err := m.journal.Lookup(ctx, key)
	switch {
	case err != nil:
		m.journalFault(ctx, c.method, err)
		return 0, c.fail(key, ErrJournalUnavailable, err)
	case unclean:
		return entry.Primary, nil
	}
	return c.store(), nil
}
