package dual

import (
	"context"
	"time"
)

// Read runs a read in a phase in which it is guarded, or a call that was sampled for comparison. The key has Whole set
// for reads of many entities. do must capture nothing.
func Read[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, reading *Reading[A, V],
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if call.state.fallsBack && call.state.tx == nil {
		l := lookup[R, A, V]{call, stores, key, args, reading, do}
		return l.read(ctx)
	}
	since := call.start()
	store, err := call.route(ctx, key)
	if err != nil {
		var none V
		return none, call.answered(ctx, since, err)
	}
	sent := call.sent(since)
	value, err := do(ctx, stores[store], args)
	if since != 0 {
		call.tellRead(ctx, since, sent, store, absence(reading, value, err))
	}
	if lost := call.fenced(); lost != nil {
		var none V
		return none, call.fail(key, lost)
	}
	if call.sampled() {
		compareLater(ctx, call, stores, key, args, reading, do, store, outcome[V]{value: value, err: err})
	}
	return value, err
}

// tellRead tells of a read that began at since, and was sent to a store at sent.
func (c *Call) tellRead(ctx context.Context, since, sent time.Duration, store Store, err error) {
	now, class := c.clock(), c.classOf(err) // once for both: a look at the clock is half of what observing costs
	c.method.observer.ObserveStore(ctx, now-sent, store, RolePrimary, class)
	c.guard(now-sent, store, class)
	if c.fenced() != nil {
		class = ErrorProtocol
	}
	c.method.observer.ObserveCall(ctx, now-since, class)
}

// route returns the store that answers a read: the phase's primary, but the entry's for an unclean key in a guarded
// phase.
func (c *Call) route(ctx context.Context, key Key) (Store, error) {
	store, _, err := c.routeClean(ctx, key)
	return store, err
}

// routeClean is route, and says whether the journal was asked and holds nothing of the key. While reads fall back, it returns the
// store that is complete for such a key.
func (c *Call) routeClean(ctx context.Context, key Key) (store Store, clean bool, err error) {
	if tx := c.state.tx; tx != nil {
		return tx.primary, false, tx.read(ctx, *c, key)
	}
	m := c.state.migration
	if !c.state.guarded || m.hooks.Off.NoGuard {
		return c.storeOf(key), false, nil
	}
	entry, unclean, err := m.journal.Lookup(ctx, key)
	switch {
	case err != nil:
		m.journalFault(ctx, c.method, err)
		return 0, false, c.fail(key, ErrJournalUnavailable, err)
	case unclean:
		return entry.Primary, false, nil
	case c.state.fallsBack:
		return c.state.complete, true, nil
	}
	return c.storeOf(key), true, nil
}
