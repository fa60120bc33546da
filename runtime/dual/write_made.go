package dual

import (
	"context"
	"errors"
)

// WriteMade runs a write whose key the primary makes: a serial number, an id that it fills in. keyOf finds the key in the
// results, or in the arguments where the primary put it. The mirror is a copy under that key.
//
// The whole kind is unclean until the key is known. If the primary fails, an entity may exist under a key that nobody
// knows, so that the kind stays unclean until a verify pass repaired it, unless the method's NoEffect knows better.
func WriteMade[R, A, V any](ctx context.Context, call Call, stores *[2]R, kind string, args A, keyOf func(V, A) Key,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	var whole attempt
	if err := whole.begin(ctx, call, Key{Kind: kind, Whole: true}); err != nil {
		var none V
		return none, err
	}
	defer whole.abandon()
	whole.unclean = false
	value, err := do(ctx, stores[whole.primary], args)
	if err := whole.decided(err); err != nil {
		return value, err
	}
	if !call.journaled() {
		return value, nil
	}
	return value, whole.made(ctx, keyOf(value, args))
}

// made hands the whole kind's token over to the key that was made, and copies the entity.
func (a *attempt) made(ctx context.Context, key Key) error {
	c := a.call
	if a.void {
		return a.copyMade(ctx, &attempt{call: c, key: key, primary: a.primary, how: mirrorCopy})
	}
	m := c.state.migration
	token, err := m.journal.Begin(m.deadlines.detach(ctx), c.state.owner, key, a.primary)
	if err != nil {
		// The kind stays unclean: a verify pass will find the new entity.
		m.follower.changeOwner(c.state.owner)
		m.journalFault(ctx, c.method, err)
		return a.end(false)
	}
	one := attempt{call: c, key: key, token: token, primary: token.Primary, open: true, how: mirrorCopy}
	defer one.abandon()
	if err := a.end(true); err != nil {
		return errors.Join(err, one.end(false))
	}
	return a.copyMade(ctx, &one)
}

func (a *attempt) copyMade(ctx context.Context, one *attempt) error {
	if a.call.state.async {
		one.how = mirrorCopyLate
	}
	return one.copied(ctx)
}
