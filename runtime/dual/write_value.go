package dual

import "context"

// WriteValue is Write for a method with results besides the error. The caller gets the primary's.
func WriteValue[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if tx := call.state.tx; tx != nil {
		return writeInside(ctx, tx, call, stores, []Key{key}, args, do)
	}
	var a attempt // filled field by field: a literal would be built apart and copied
	a.call, a.key = call, key
	since := call.start()
	if err := a.begin(ctx); err != nil {
		var none V
		return none, call.answered(ctx, since, err)
	}
	value, err := writeValue(ctx, &a, stores, args, clone, do)
	return value, call.answered(ctx, since, err)
}

// WriteManyValue is WriteMany for a method with results besides the error. The caller gets the primary's.
func WriteManyValue[R, A, V any](ctx context.Context, call Call, stores *[2]R, keys []Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if tx := call.state.tx; tx != nil {
		return writeInside(ctx, tx, call, stores, keys, args, do)
	}
	var a attempt
	since := call.start()
	if err := a.beginMany(ctx, call, keys); err != nil {
		var none V
		return none, call.answered(ctx, since, err)
	}
	value, err := writeValue(ctx, &a, stores, args, clone, do)
	return value, call.answered(ctx, since, err)
}

// writeValue is write with results. The two stay apart because an adapter between them would cost an allocation a call.
func writeValue[R, A, V any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) (value V, err error) {
	defer a.settle(ctx, &err)
	if a.how == mirrorParallel {
		return writeValueBeside(ctx, a, stores, args, clone, do)
	}
	sent := a.call.start()
	value, err = do(a.withJoint(ctx), stores[a.primary], args)
	a.call.took(ctx, sent, a.primary, RolePrimary, err)
	if err := a.decided(ctx, err); err != nil {
		return value, err
	}
	switch a.how {
	case mirrorNone:
		return value, a.mirrored(ctx, nil)
	case mirrorInline:
		a.onMirror = true
		return value, a.mirrored(ctx, legValue(a.detach(ctx), a, stores, args, clone, do))
	case mirrorAsync:
		return value, writeValueLater(ctx, a, stores, args, clone, do)
	}
	return value, a.copied(ctx)
}

// replayValue is replay with results, which nobody asks for.
func replayValue[R, A, V any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) (err error) {
	defer recoverTo(&err)
	return legValue(ctx, a, stores, args, clone, do)
}

// legValue is leg with results.
func legValue[R, A, V any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) error {
	hangs := a.mirrorHangs()
	if hangs && a.mirrorPaused() {
		return errMirrorPaused
	}
	if clone != nil {
		args = clone(args)
	}
	sent := a.call.start()
	_, err := do(ctx, stores[a.primary.Other()], args)
	a.call.took(ctx, sent, a.primary.Other(), RoleMirror, err)
	if err != nil || hangs {
		return a.mirrorEnded(ctx, err)
	}
	return nil
}

// writeValueLater leaves the mirror to a worker.
func writeValueLater[R, A, V any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) error {
	mirrorArgs, err := cloned(args, clone)
	if err != nil {
		return a.mirrored(ctx, err)
	}
	return a.later(ctx, func(ctx context.Context, leg *attempt) error {
		return replayValue(ctx, leg, stores, mirrorArgs, nil, do)
	})
}

// writeValueBeside runs primary and mirror at once.
func writeValueBeside[R, A, V any](ctx context.Context, a *attempt, stores *[2]R, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	mirrorArgs, err := cloned(args, clone)
	if err != nil {
		sent := a.call.start()
		value, primaryErr := do(ctx, stores[a.primary], args)
		a.call.took(ctx, sent, a.primary, RolePrimary, primaryErr)
		return value, a.besideRefused(ctx, err, primaryErr)
	}
	leg := *a
	beside := a.beside(ctx, func(ctx context.Context) error {
		return replayValue(ctx, &leg, stores, mirrorArgs, nil, do)
	})
	defer beside.wait()
	sent := a.call.start()
	value, err := do(ctx, stores[a.primary], args)
	a.call.took(ctx, sent, a.primary, RolePrimary, err)
	return value, a.joined(ctx, beside, err)
}
