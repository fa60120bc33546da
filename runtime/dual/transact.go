package dual

import (
	"context"
	"errors"
	"sync"

	"github.com/dualgen/dualgen/runtime/journal"
)

// ErrTransactionOver: a repository that a transaction was given was used after its end. Nothing was done.
var ErrTransactionOver = errors.New("dualgen: the transaction is over")

// Tx is one transaction in flight: the tokens that its writes took. The repository that the caller's function is given
// tells it of each call before the store hears of it.
//
// The phase's primary alone runs the transaction. Each write takes its key's token first, and is not mirrored; after the
// commit every key that was touched is copied, and its token ended. After a rollback the tokens end as if nothing had been
// done, because nothing was. If nobody can tell whether the commit had its effect, the keys stay dirty.
//
// A key that is unclean in the other direction has its newer value in the other store, which the transaction cannot see. Nor can
// it wait for the copy, which may need what the transaction holds: in a store with one writer, everything. So it is rolled
// back with ErrBusy, and the caller may try again.
type Tx struct {
	outer   *Tx // of a transaction that a wrapper inside this one runs: all else is that one's; nil for one of its own
	call    Call
	primary Store

	mu      sync.Mutex
	held    map[Key]bool
	keys    []Key // with a token each
	tokens  []journal.Token
	loose   []Key // written without a token, because the journal could not be reached
	kinds   []*attempt
	doubted map[*attempt][]Key // of kinds whose tokens are kept until it is seen whether the store told the keys that it made
	shared  []Key              // whole kinds whose tokens serve several writes: the end of one does not give them up

	succeeded bool  // the caller's function has returned nil: from here on only the store knows
	nested    bool  // a transaction ran inside, which may have been one of its own
	void      bool  // parity is void
	over      bool  // no more calls
	failed    error // why it must be rolled back
}

// Transact runs a transaction over a repository. run has the store begin one, and hands the caller's function to Run inside it.
func Transact(ctx context.Context, call Call, run func(ctx context.Context, store Store, tx *Tx) error) error {
	if outer := call.state.tx; outer != nil {
		return outer.nest(ctx, call, run)
	}
	tx := &Tx{call: call, primary: call.wholeStore(), held: map[Key]bool{}, doubted: map[*attempt][]Key{}}
	defer tx.abandon()
	since := call.start()
	err := run(ctx, tx.primary, tx)
	call.took(ctx, since, tx.primary, RolePrimary, err)
	return call.answered(ctx, since, tx.end(ctx, err))
}

// Run runs the caller's function inside the store's transaction. A store may do so again, after it rolled back. An error
// has the store roll back.
func (tx *Tx) Run(f func() error) error {
	if tx.outer != nil {
		return f()
	}
	tx.mu.Lock()
	tx.failed = nil
	tx.mu.Unlock()
	if err := f(); err != nil {
		return err
	}
	tx.mu.Lock()
	defer tx.mu.Unlock()
	if tx.failed != nil { // which the caller's function passed over
		return tx.failed
	}
	if lost := tx.call.fenced(); lost != nil {
		return tx.call.fail(Key{}, lost)
	}
	tx.succeeded = true
	return nil
}

// Read lets a read of the transaction pass. The key has Whole set for reads of many entities. In a guarded phase it refuses to
// read a key whose newer value is in the other store.
func (tx *Tx) Read(ctx context.Context, method *Method, key Key) error {
	tx = tx.root()
	return tx.enter(method, func(c Call) error { return tx.mayRead(ctx, c, key) })
}

// mayRead refuses a key whose newer value is in the other store.
func (tx *Tx) mayRead(ctx context.Context, c Call, key Key) error {
	if !c.state.guarded || tx.held[key] || c.state.migration.hooks.Off.NoGuard {
		return nil
	}
	return tx.clash(ctx, c, []Key{key})
}

// Write takes the tokens of a write of the transaction. A key with Whole set stands for a write whose keys are not known.
func (tx *Tx) Write(ctx context.Context, method *Method, keys ...Key) error {
	tx = tx.root()
	return tx.enter(method, func(c Call) error { return tx.claim(ctx, c, keys) })
}

// Nest lets a transaction within the transaction pass.
func (tx *Tx) Nest(method *Method) error {
	tx = tx.root()
	return tx.enter(method, func(Call) error {
		tx.nested = true
		return nil
	})
}

// enter counts a call in and asks whether it may pass.
func (tx *Tx) enter(method *Method, pass func(Call) error) error {
	c := tx.call
	c.method = method
	return tx.let(c, func(c Call) error {
		c.slot = c.state.flight[method.index].pick()
		c.slot.calls.Add(oneCall - oneInFlight) // the transaction is in flight for it
		return pass(c)
	})
}

// let asks whether a call may pass. One that may not has the transaction rolled back.
func (tx *Tx) let(c Call, pass func(Call) error) error {
	tx.mu.Lock()
	defer tx.mu.Unlock()
	switch {
	case tx.over:
		return c.fail(Key{}, ErrTransactionOver)
	case tx.failed != nil:
		return tx.failed
	}
	err := c.fenced()
	if err != nil {
		err = c.fail(Key{}, err)
	} else {
		err = pass(c)
	}
	if err != nil {
		tx.failed = err
	}
	return err
}

// claim takes the tokens that the transaction has not got yet.
func (tx *Tx) claim(ctx context.Context, c Call, keys []Key) error {
	var fresh []Key
	for _, key := range distinct(keys) {
		if !tx.held[key] {
			fresh = append(fresh, key)
		} else if key.Whole {
			tx.shared = append(tx.shared, key)
		}
	}
	if !c.journaled() || len(fresh) == 0 {
		return nil
	}
	off := c.state.migration.hooks.Off
	if off.NoTxTokens {
		tx.keep(&attempt{}, fresh)
		return nil
	}
	if !off.NoTxClash {
		if err := tx.clash(ctx, c, fresh); err != nil {
			return err
		}
	}
	for _, keys := range apart(fresh) {
		if err := tx.take(ctx, c, keys); err != nil {
			return err
		}
	}
	return nil
}

// apart divides the keys of one write into those whose tokens end together: each whole kind alone, since it stays unclean after the
// commit, and the others.
func apart(keys []Key) [][]Key {
	var groups [][]Key
	var rest []Key
	for _, key := range keys {
		if key.Whole {
			groups = append(groups, []Key{key})
		} else {
			rest = append(rest, key)
		}
	}
	if len(rest) > 0 {
		groups = append(groups, rest)
	}
	return groups
}

// take takes the tokens of some keys, and keeps them until the transaction ends.
func (tx *Tx) take(ctx context.Context, c Call, keys []Key) error {
	a := &attempt{inTx: true}
	var err error
	if len(keys) == 1 {
		a.call, a.key = c, keys[0]
		err = a.begin(ctx)
	} else {
		err = a.beginMany(ctx, c, keys)
	}
	if err != nil {
		return err
	}
	if a.open && a.primary != tx.primary && !c.state.migration.hooks.Off.NoTxClash { // since the look-up
		_ = a.end(true) // nothing was done under it
		return c.fail(keys[0], ErrBusy, journal.ErrConflict)
	}
	tx.keep(a, keys)
	return nil
}

// keep notes what a write holds.
func (tx *Tx) keep(a *attempt, keys []Key) {
	tx.void = tx.void || a.void
	for i, key := range keys {
		tx.held[key] = true
		switch {
		case !a.open && key.Whole: // parity is void
		case !a.open:
			tx.loose = append(tx.loose, key)
		case key.Whole:
			tx.kinds = append(tx.kinds, a)
		case a.keys == nil:
			tx.keys, tx.tokens = append(tx.keys, key), append(tx.tokens, a.token)
		default:
			tx.keys, tx.tokens = append(tx.keys, a.keys[i]), append(tx.tokens, a.tokens[i])
		}
	}
}

// clash returns ErrBusy if one of the keys is unclean in the other direction. Asking leaves no trace in the journal: a token
// taken and given up would overlap the writer in the way, and keep the reconciler waiting.
func (tx *Tx) clash(ctx context.Context, c Call, keys []Key) error {
	if !c.state.guarded { // all that live agree on the direction
		return nil
	}
	m := c.state.migration
	for _, key := range keys {
		entry, unclean, err := m.journal.Lookup(ctx, key)
		if err != nil {
			m.journalFault(ctx, c.method, err)
			return c.fail(key, ErrJournalUnavailable, err)
		}
		if unclean && entry.Primary != tx.primary {
			return c.fail(key, ErrBusy, journal.ErrConflict)
		}
	}
	return nil
}
