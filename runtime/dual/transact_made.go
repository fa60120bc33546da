package dual

import (
	"context"
	"slices"
)

// TxMade is a write of a transaction whose key the primary makes.
type TxMade struct {
	tx   *Tx
	call Call
	kind *attempt // with the whole kind's token; nil where the transaction holds that anyway, or no token is needed
}

// Make takes the whole kind's token for a write whose key the primary makes. Tell Key what came of it.
func (tx *Tx) Make(ctx context.Context, method *Method, kind string) (*TxMade, error) {
	tx = tx.root()
	made := &TxMade{tx: tx}
	return made, tx.enter(method, func(c Call) error { return made.begin(ctx, c, kind) })
}

// begin takes the whole kind's token.
func (m *TxMade) begin(ctx context.Context, c Call, kind string) error {
	m.call = c
	before := len(m.tx.kinds)
	if err := m.tx.claim(ctx, c, []Key{{Kind: kind, Whole: true}}); err != nil {
		return err
	}
	if len(m.tx.kinds) > before {
		m.kind = m.tx.kinds[before]
	}
	return nil
}

// Key hands the whole kind's token over to the key that was made. key is called if the write succeeded. If it did not, an
// entity may have been made under a key that nobody knows: the kind's token stays until the transaction ends. Key returns
// the write's own error, or why the transaction must be rolled back.
func (m *TxMade) Key(ctx context.Context, err error, key func() Key) error {
	return m.settle(ctx, err, func() []Key { return []Key{key()} })
}

// Keys is Key for a write that makes several keys, or has others beside.
func (m *TxMade) Keys(ctx context.Context, err error, keys func() []Key) error {
	return m.settle(ctx, err, keys)
}

// settle gives the whole kind's token up, once the keys that were written under it are claimed. Where one of them looks as if the store
// had told none, only the commit shows what stands there: the kind's token is kept until then.
func (m *TxMade) settle(ctx context.Context, err error, keys func() []Key) error {
	tx := m.tx
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if err == nil && tx.over {
		return m.call.fail(Key{}, ErrTransactionOver)
	}
	if err != nil {
		if noEffect := m.call.method.info.NoEffect; noEffect != nil && noEffect(err) {
			m.release()
		}
		return err
	}
	if !m.call.journaled() {
		return nil
	}
	made := distinct(keys())
	keep := m.kind != nil && !m.shared() && slices.ContainsFunc(made, looksUntold)
	if keep {
		tx.doubted[m.kind] = made
		err = tx.claim(ctx, m.call, made)
	} else {
		err = m.claim(ctx, made)
	}
	if err != nil {
		tx.failed = err
		return err
	}
	if !keep {
		m.release()
	}
	return nil
}

// claim takes the tokens of the keys that were made, that of a single one in exchange for the whole kind's where the journal can.
func (m *TxMade) claim(ctx context.Context, keys []Key) error {
	tx := m.tx
	if len(keys) != 1 || m.kind == nil || m.shared() || tx.held[keys[0]] || tx.call.state.migration.hands == nil {
		return tx.claim(ctx, m.call, keys)
	}
	key := keys[0]
	one, err := m.kind.handOver(ctx, key)
	if err != nil { // the transaction is rolled back, and nothing was made
		st := tx.call.state
		st.migration.follower.changeOwner(st.owner) // a token may be left behind
		st.migration.journalFault(ctx, m.call.method, err)
		return m.call.fail(key, ErrJournalUnavailable, err)
	}
	tx.keep(&one, []Key{key})
	return nil
}

// shared reports whether another write needs the whole kind's token too.
func (m *TxMade) shared() bool { return slices.Contains(m.tx.shared, m.kind.key) }

// release gives the whole kind's token up: no unknown key was written under it.
func (m *TxMade) release() {
	if m.kind == nil || m.shared() {
		return
	}
	tx := m.tx
	for i, kind := range tx.kinds {
		if kind == m.kind {
			tx.kinds = append(tx.kinds[:i], tx.kinds[i+1:]...)
			delete(tx.held, kind.key)
			break
		}
	}
	_ = m.kind.end(true) // one that was taken away is marked by end
}
