package dual

import (
	"context"
)

// Write runs a write on one key. do gets the store and the arguments; it must capture nothing, so that the inline path
// allocates nothing. clone deep-copies the arguments for the mirror's leg; nil if nothing in them is mutable.
func Write[R, A any](ctx context.Context, call Call, stores *[2]R, key Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) error {
	if tx := call.state.tx; tx != nil {
		if err := tx.write(ctx, call, key); err != nil {
			return err
		}
		return do(ctx, stores[tx.primary], args)
	}
	var a attempt // filled field by field: a literal would be built apart and copied
	a.call, a.key = call, key
	since := call.start()
	if err := a.begin(ctx); err != nil {
		return call.answered(ctx, since, err)
	}
	return call.answered(ctx, since, write(ctx, &a, stores, args, clone, do))
}

// WriteMany is Write for a write on several keys: all of them get a token at once, or none. A mirror that copies, copies
// each. It returns ErrBusy if keys stay unclean in opposite directions.
func WriteMany[R, A any](ctx context.Context, call Call, stores *[2]R, keys []Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) error {
	if tx := call.state.tx; tx != nil {
		if err := tx.write(ctx, call, keys...); err != nil {
			return err
		}
		return do(ctx, stores[tx.primary], args)
	}
	var a attempt
	since := call.start()
	if err := a.beginMany(ctx, call, keys); err != nil {
		return call.answered(ctx, since, err)
	}
	return call.answered(ctx, since, write(ctx, &a, stores, args, clone, do))
}

// write runs a write that has its tokens.
func write[R, A any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) (err error) {
	defer a.settle(ctx, &err)
	if a.how == mirrorParallel {
		return writeBeside(ctx, a, stores, args, clone, do)
	}
	sent := a.call.start()
	err = do(a.withJoint(ctx), stores[a.primary], args)
	a.call.took(ctx, sent, a.primary, RolePrimary, err)
	if err := a.decided(ctx, err); err != nil {
		return err
	}
	switch a.how {
	case mirrorNone:
		return a.mirrored(ctx, nil)
	case mirrorInline:
		a.onMirror = true
		return a.mirrored(ctx, leg(a.detach(ctx), a, stores, args, clone, do))
	case mirrorAsync:
		return writeLater(ctx, a, stores, args, clone, do)
	}
	return a.copied(ctx)
}

// replay repeats the call on the mirror. A panic there is an error.
func replay[R, A any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) (err error) {
	defer recoverTo(&err)
	return leg(ctx, a, stores, args, clone, do)
}

// leg repeats the call on the mirror, for a caller that recovers from its panics.
func leg[R, A any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) error {
	hangs := a.mirrorHangs()
	if hangs && a.mirrorPaused() {
		return errMirrorPaused
	}
	if clone != nil {
		args = clone(args)
	}
	sent := a.call.start()
	err := do(ctx, stores[a.primary.Other()], args)
	a.call.took(ctx, sent, a.primary.Other(), RoleMirror, err)
	if err != nil || hangs {
		return a.mirrorEnded(ctx, err)
	}
	return nil
}

// writeLater leaves the mirror to a worker.
func writeLater[R, A any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) error {
	mirrorArgs, err := cloned(args, clone)
	if err != nil {
		return a.mirrored(ctx, err)
	}
	return a.later(ctx, func(ctx context.Context, leg *attempt) error {
		return replay(ctx, leg, stores, mirrorArgs, nil, do)
	})
}

// writeBeside runs primary and mirror at once.
func writeBeside[R, A any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error,
) error {
	mirrorArgs, err := cloned(args, clone)
	if err != nil {
		sent := a.call.start()
		primaryErr := do(ctx, stores[a.primary], args)
		a.call.took(ctx, sent, a.primary, RolePrimary, primaryErr)
		return a.besideRefused(ctx, err, primaryErr)
	}
	leg := *a
	beside := a.beside(ctx, func(ctx context.Context) error {
		return replay(ctx, &leg, stores, mirrorArgs, nil, do)
	})
	defer beside.wait()
	sent := a.call.start()
	err = do(ctx, stores[a.primary], args)
	a.call.took(ctx, sent, a.primary, RolePrimary, err)
	return a.joined(ctx, beside, err)
}

// cloned copies the arguments; a panic of the user's code in it is an error.
func cloned[A any](args A, clone func(A) A) (out A, err error) {
	if clone == nil {
		return args, nil
	}
	defer recoverTo(&err)
	return clone(args), nil
}

// distinct returns the keys without repetitions.
func distinct(keys []Key) []Key {
	seen := make(map[Key]bool, len(keys))
	out := make([]Key, 0, len(keys))
	for _, key := range keys {
		if !seen[key] {
			seen[key] = true
			out = append(out, key)
		}
	}
	return out
}
