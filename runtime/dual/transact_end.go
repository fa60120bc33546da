package dual

import (
	"context"
	"errors"
	"slices"
)

// end ends the transaction's tokens as the store's answer asks for.
func (tx *Tx) end(ctx context.Context, err error) error {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.over = true
	if err != nil {
		tx.giveUp(tx.rolledBack(err))
		return err // the caller gets the store's error
	}
	if !tx.succeeded { // the store kept the function's error to itself: nobody knows what it made of the rest
		tx.giveUp(false)
		return nil
	}
	if lost := tx.call.fenced(); lost != nil {
		tx.call.method.unknown.Add(1)
		tx.giveUp(false)
		return tx.call.fail(Key{}, ErrUnknown, lost)
	}
	return tx.copy(ctx)
}

// rolledBack reports whether a transaction that ended with an error certainly had no effect: it was the caller's function
// that failed and not the commit, or the error says so itself.
func (tx *Tx) rolledBack(err error) bool {
	if noEffect := tx.call.method.info.NoEffect; noEffect != nil && noEffect(err) {
		return true
	}
	return !tx.succeeded && !tx.nested || tx.call.state.migration.hooks.Off.NoTxDoubt
}

// copy copies every key that was touched, and ends its token.
func (tx *Tx) copy(ctx context.Context) error {
	err := tx.endMade(ctx)
	if len(tx.keys) > 0 {
		written := tx.written()
		defer written.abandon()
		err = errors.Join(err, written.copied(ctx))
	}
	if len(tx.loose) > 0 {
		loose := attempt{call: tx.call, keys: tx.loose, key: Key{Kind: tx.loose[0].Kind}, primary: tx.primary}
		loose.how = tx.copies()
		err = errors.Join(err, loose.copied(ctx))
	}
	tx.forget()
	return err
}

// written is one attempt with all the tokens of keys.
func (tx *Tx) written() *attempt {
	a := &attempt{call: tx.call, keys: tx.keys, tokens: tx.tokens, key: Key{Kind: tx.keys[0].Kind}, primary: tx.primary, open: true}
	a.how = tx.copies()
	return a
}

// copies is how the mirror is written after the commit.
func (tx *Tx) copies() mirroring {
	if tx.call.state.queued {
		return mirrorQueued
	}
	if tx.call.state.async {
		return mirrorCopyLate
	}
	return mirrorCopy
}

// giveUp ends all tokens without a copy.
func (tx *Tx) giveUp(clean bool) {
	_ = tx.endKinds(clean) // the caller has the store's error
	if len(tx.keys) > 0 {
		_ = tx.written().end(clean)
	}
	if !clean && len(tx.loose) > 0 {
		tx.void = true
	}
	tx.forget()
}

// endKinds ends the tokens of whole kinds.
func (tx *Tx) endKinds(clean bool) error {
	var errs []error
	for _, kind := range tx.kinds {
		errs = append(errs, kind.end(clean))
	}
	return errors.Join(errs...)
}

// endMade ends the tokens of whole kinds after a commit. A kind is clean if its token was kept only to see whether the store told the keys
// that it made, and it did.
func (tx *Tx) endMade(ctx context.Context) error {
	var errs []error
	for _, kind := range tx.kinds {
		made, told := tx.doubted[kind]
		told = told && !slices.Contains(tx.shared, kind.key) && !telling{inTx: true}.untold(ctx, kind, made...)
		errs = append(errs, kind.end(told))
	}
	return errors.Join(errs...)
}

// forget leaves nothing to be ended.
func (tx *Tx) forget() {
	tx.keys, tx.tokens, tx.kinds, tx.loose = nil, nil, nil, nil
	if tx.void {
		tx.void = false
		tx.call.state.migration.follower.voidParity()
	}
}

// abandon ends the tokens of a transaction that never came to its end: a panic, or the goroutine's exit. It may have had an
// effect.
func (tx *Tx) abandon() {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	tx.over = true
	tx.giveUp(false)
}
