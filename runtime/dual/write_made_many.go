package dual

import (
	"context"

	"github.com/dualgen/dualgen/runtime/journal"
)

// WriteMadeMany is WriteMade for a write of several entities of one kind, of which the primary makes some keys or all: a batch of
// creates, a copy that changes its source too. keysOf finds all of them after the primary's call.
func WriteMadeMany[R, A, V any](ctx context.Context, call Call, stores *[2]R, kind string, args A, keysOf func(V, A) []Key,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
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
	telling := lookBefore(ctx, &whole, args, func(none V) []Key { return distinct(keysOf(none, args)) })
	sent := call.start()
	value, err := do(ctx, stores[whole.primary], args)
	call.took(ctx, sent, whole.primary, RolePrimary, err)
	if err := whole.decided(ctx, err); err != nil {
		return value, call.answered(ctx, since, err)
	}
	if !call.journaled() {
		return value, call.answered(ctx, since, nil)
	}
	return value, call.answered(ctx, since, whole.madeMany(ctx, telling, distinct(keysOf(value, args))))
}

// madeMany hands the whole kind's token over to the keys that were made, and copies each entity. A write that made none has changed
// nothing.
func (a *attempt) madeMany(ctx context.Context, telling telling, keys []Key) error {
	if len(keys) == 0 {
		return a.end(true)
	}
	many := attempt{call: a.call, keys: keys, key: Key{Kind: keys[0].Kind}, primary: a.primary, how: mirrorCopy, inTx: a.inTx}
	if a.void {
		return a.copyMade(ctx, &many)
	}
	if telling.untold(ctx, a, keys...) {
		return a.end(false)
	}
	if err := a.handOverMany(ctx, &many); err != nil {
		return a.notHandedOver(ctx, err)
	}
	defer many.abandon()
	if err := a.end(true); err != nil { // where the tokens overlap
		return err
	}
	return a.copyMade(ctx, &many)
}

// handOverMany takes the tokens of the keys that were made. A journal with HandoverMany gives the whole kind's up in the same step;
// with any other the write's own tokens overlap, and the keys wait for another copy.
func (a *attempt) handOverMany(ctx context.Context, many *attempt) (err error) {
	st := a.call.state
	m := st.migration
	ctx = m.deadlines.detach(ctx)
	if hands, ok := m.journal.(journal.HandoverMany); ok && a.open {
		many.tokens, err = hands.HandoverMany(ctx, st.owner, a.token, many.keys)
		a.open = err != nil
	} else {
		many.tokens, err = m.journal.BeginMany(ctx, st.owner, many.keys, a.primary)
	}
	if err == nil {
		many.primary, many.open = many.tokens[0].Primary, true
	}
	return err
}
