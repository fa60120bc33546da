package dual

import (
	"context"
	"slices"
)

// Migration returns the migration as a wrapper sees it that is made inside the transaction, over a repository that the transaction hands
// out: its calls are the transaction's, and its kinds are those that the wrapper outside has told of. Such a wrapper needs the store
// of the primary alone. It ends with the transaction.
func (tx *Tx) Migration() *Migration {
	tx = tx.root()
	outside := tx.call.state.migration
	m := &Migration{config: outside.config, hooks: outside.hooks, journal: outside.journal, inside: tx}
	st := *tx.call.state // the counters are shared
	st.tx, st.sample, st.refusals = tx, 0, [classes]error{}
	for c := range classes {
		st.modes[c] = mode(tx.primary)
		st.plain[c] = false
	}
	st.modes[classPrimary] |= modeSingle
	st.modes[classPrimaryWrite] |= modeSingle
	m.state.Store(&st)
	return m
}

// root is the transaction that the store began, of one that runs within it.
func (tx *Tx) root() *Tx {
	for tx.outer != nil {
		tx = tx.outer
	}
	return tx
}

// method is the method of the wrapper outside that a wrapper inside the transaction has too.
func (tx *Tx) method(info MethodInfo) *Method {
	st := tx.call.state
	m := st.migration
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, method := range slices.Backward(m.methods[:len(st.flight)]) {
		if method.info.Name == info.Name && method.class == classOf(info) {
			return method
		}
	}
	return &Method{info: info, class: classOf(info), index: tx.call.method.index} // there is none: it counts as the transaction's
}

// admit lets a call of a wrapper inside the transaction in.
func (tx *Tx) admit(call Call) (Call, error) {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	switch {
	case tx.over:
		return call.refuse(ErrTransactionOver)
	case tx.failed != nil:
		call.slot.calls.Add(-oneCall)
		return Call{}, tx.failed
	}
	return call, nil
}

// read is Read of a call of a wrapper inside the transaction, which is counted already; write and make are likewise.
func (tx *Tx) read(ctx context.Context, c Call, key Key) error {
	return tx.let(c, func(c Call) error { return tx.mayRead(ctx, c, key) })
}

func (tx *Tx) write(ctx context.Context, c Call, keys ...Key) error {
	return tx.let(c, func(c Call) error { return tx.claim(ctx, c, keys) })
}

func (tx *Tx) make(ctx context.Context, c Call, kind string) (*TxMade, error) {
	made := &TxMade{tx: tx}
	return made, tx.let(c, func(c Call) error { return made.begin(ctx, c, kind) })
}

// nest runs a transaction of a wrapper inside the transaction, as the store understands it.
func (tx *Tx) nest(ctx context.Context, c Call, run func(ctx context.Context, store Store, tx *Tx) error) error {
	err := tx.let(c, func(Call) error {
		tx.nested = true
		return nil
	})
	if err != nil {
		return err
	}
	return run(ctx, tx.primary, &Tx{outer: tx})
}

// writeMadeInside is WriteMade of a wrapper inside a transaction.
func writeMadeInside[R, A, V any](ctx context.Context, tx *Tx, call Call, stores *[2]R, kind string, args A, keyOf func(V, A) Key,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	made, err := tx.make(ctx, call, kind)
	if err != nil {
		var none V
		return none, err
	}
	value, err := do(ctx, stores[tx.primary], args)
	return value, made.Key(ctx, err, func() Key { return keyOf(value, args) })
}

// writeInside is every other write of a wrapper inside a transaction.
func writeInside[R, A, V any](ctx context.Context, tx *Tx, call Call, stores *[2]R, keys []Key, args A,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if err := tx.write(ctx, call, keys...); err != nil {
		var none V
		return none, err
	}
	return do(ctx, stores[tx.primary], args)
}
