package dual

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

// WriteMade runs a write whose key the primary makes: a serial number, an id that it fills in. keyOf finds the key in the
// results, or in the arguments where the primary put it. The mirror is a copy under that key.
//
// The whole kind is unclean until the key is known. If the primary fails, an entity may exist under a key that nobody
// knows, so that the kind stays unclean until a verify pass repaired it, unless the method's NoEffect knows better. So it does
// where the key is a zero value afterwards, and the primary holds nothing under it, or what it held before: the store did not tell
// which key it made.
func WriteMade[R, A, V any](ctx context.Context, call Call, stores *[2]R, kind string, args A, keyOf func(V, A) Key,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if tx := call.state.tx; tx != nil {
		return writeMadeInside(ctx, tx, call, stores, kind, args, keyOf, do)
	}
	whole := attempt{call: call, key: Key{Kind: kind, Whole: true}, primary: call.wholeStore()}
	since := call.start()
	if !call.state.migration.hooks.Off.NoMadeToken {
		if err := whole.begin(ctx); err != nil {
			var none V
			return none, call.answered(ctx, since, err)
		}
	}
	defer whole.abandon()
	whole.unclean = false
	telling := lookBefore(ctx, &whole, args, func(none V) []Key { return []Key{keyOf(none, args)} })
	sent := call.start()
	value, err := do(ctx, stores[whole.primary], args)
	call.took(ctx, sent, whole.primary, RolePrimary, err)
	if err := whole.decided(ctx, err); err != nil {
		return value, call.answered(ctx, since, err)
	}
	if !call.journaled() {
		return value, call.answered(ctx, since, nil)
	}
	return value, call.answered(ctx, since, whole.made(ctx, telling, keyOf(value, args)))
}

// made hands the whole kind's token over to the key that was made, and copies the entity.
func (a *attempt) made(ctx context.Context, telling telling, key Key) error {
	c := a.call
	if a.void {
		return a.copyMade(ctx, &attempt{call: c, key: key, primary: a.primary, how: mirrorCopy})
	}
	if telling.untold(ctx, a, key) {
		return a.end(false) // a verify pass will find the new entity
	}
	one, err := a.handOver(ctx, key)
	if err != nil {
		return a.notHandedOver(ctx, err)
	}
	defer one.abandon()
	if err := a.end(true); err != nil { // where the two tokens overlap
		return errors.Join(err, one.end(false))
	}
	return a.copyMade(ctx, &one)
}

// handOver takes the token of the key that was made. A journal with Handover gives the whole kind's up in the same step.
func (a *attempt) handOver(ctx context.Context, key Key) (attempt, error) {
	st := a.call.state
	m := st.migration
	ctx = m.deadlines.detach(ctx)
	one := attempt{call: a.call, key: key, how: mirrorCopy, inTx: a.inTx}
	var err error
	if m.hands != nil && a.open {
		one.token, err = m.hands.Handover(ctx, st.owner, a.token, key)
		a.open = err != nil
	} else {
		one.token, err = m.journal.Begin(ctx, st.owner, key, a.primary)
	}
	if err == nil {
		one.primary, one.open = one.token.Primary, true
	}
	return one, err
}

// notHandedOver ends a write whose key got no token: the kind stays unclean, and a verify pass will find the new entity.
func (a *attempt) notHandedOver(ctx context.Context, err error) error {
	m := a.call.state.migration
	if errors.Is(err, journal.ErrTokenLost) {
		a.open = false
		return a.endFailed(ctx, false, err)
	}
	m.follower.changeOwner(a.call.state.owner)
	m.journalFault(ctx, a.call.method, err)
	return a.end(false)
}

func (a *attempt) copyMade(ctx context.Context, one *attempt) error {
	if a.call.state.queued {
		one.how = mirrorQueued
	} else if a.call.state.async {
		one.how = mirrorCopyLate
	}
	return one.copied(ctx)
}
