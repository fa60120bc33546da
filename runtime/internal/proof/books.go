package proof

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// Books is a Repository with the methods of which the wrapper cannot tell the keys beforehand, and with transactions.
type Books interface {
	Repository
	Purge(ctx context.Context) error                                // deletes everything
	Sweep(ctx context.Context) error                                // deletes what is low
	Low(ctx context.Context) ([]int8, error)                        // lists what Sweep would delete
	Roll(ctx context.Context, value Value) error                    // deletes what is low, puts the last key
	Move(ctx context.Context, from, to int8, value Value) error     // deletes from, puts to
	Make(ctx context.Context, value Value) (int8, error)            // puts the value under a key of the store's
	InTx(ctx context.Context, f func(repository Books) error) error // f's calls take place together, or none of them
}

var (
	_ Books = (*Store)(nil)
	_ Books = (*Dual)(nil)
)

// errAborted is what the function of a transaction returns that is to have no effect; certain refusals are made it, too.
var errAborted = errors.New("the transaction was rolled back")

// Purge implements Books.
func (d *Dual) Purge(ctx context.Context) error {
	call, err := d.migration.Begin(d.purge)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).Purge(ctx)
	}
	return dual.Write(ctx, call, &d.stores, wholeKind, struct{}{}, nil,
		func(ctx context.Context, store Repository, _ struct{}) error { return store.(Books).Purge(ctx) })
}

// Sweep implements Books.
func (d *Dual) Sweep(ctx context.Context) error {
	call, err := d.migration.Begin(d.sweep)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).Sweep(ctx)
	}
	_, err = dual.WriteListed(ctx, call, &d.stores, kind, struct{}{},
		func(ctx context.Context, store Repository, _ struct{}) ([]dual.Key, error) {
			low, err := store.(Books).Low(ctx)
			return keysOf(low), err
		},
		func(ctx context.Context, store Repository, _ struct{}) (struct{}, error) {
			return struct{}{}, store.(Books).Sweep(ctx)
		})
	return err
}

// Low implements Books. Worlds do not list through the wrapper: a list promises no more than to read one store.
func (d *Dual) Low(ctx context.Context) ([]int8, error) {
	return d.stores[d.migration.Phase().Primary()].(Books).Low(ctx)
}

// moveArgs are the arguments of one Move.
type moveArgs struct {
	from, to int8
	value    Value
}

// Move implements Books.
func (d *Dual) Move(ctx context.Context, from, to int8, value Value) error {
	call, err := d.migration.Begin(d.move)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).Move(ctx, from, to, value)
	}
	return dual.WriteMany(ctx, call, &d.stores, []dual.Key{keyOf(from), keyOf(to)}, moveArgs{from, to, value}, nil,
		func(ctx context.Context, store Repository, args moveArgs) error {
			return store.(Books).Move(ctx, args.from, args.to, args.value)
		})
}

// Roll implements Books.
func (d *Dual) Roll(ctx context.Context, value Value) error {
	call, err := d.migration.Begin(d.roll)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).Roll(ctx, value)
	}
	return dual.WriteMany(ctx, call, &d.stores, []dual.Key{wholeKind, keyOf(ofOne)}, value, nil,
		func(ctx context.Context, store Repository, value Value) error { return store.(Books).Roll(ctx, value) })
}

// Make implements Books.
func (d *Dual) Make(ctx context.Context, value Value) (int8, error) {
	call, err := d.migration.Begin(d.made)
	if err != nil {
		return 0, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).Make(ctx, value)
	}
	return dual.WriteMade(ctx, call, &d.stores, kind, value, func(key int8, _ Value) dual.Key { return d.told(key) },
		func(ctx context.Context, store Repository, value Value) (int8, error) {
			return store.(Books).Make(ctx, value)
		})
}

// told is the key that the wrapper reads after a Make.
func (d *Dual) told(key int8) dual.Key {
	if d.mute {
		key = 0
	}
	return keyOf(key)
}

// InTx implements Books.
func (d *Dual) InTx(ctx context.Context, f func(Books) error) error {
	call, err := d.migration.Begin(d.inTx)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].(Books).InTx(ctx, f)
	}
	return dual.Transact(ctx, call, func(ctx context.Context, store dual.Store, tx *dual.Tx) error {
		return d.stores[store].(Books).InTx(ctx, func(view Books) error {
			return tx.Run(func() error { return f(dualTx{view, d, tx}) })
		})
	})
}

// dualTx is what a transaction is given, as dualgen generates it. Worlds call no other method of it.
type dualTx struct {
	Books
	dual *Dual
	tx   *dual.Tx
}

// Get implements Repository.
func (v dualTx) Get(ctx context.Context, key int8) (Value, error) {
	if err := v.tx.Read(ctx, v.dual.get, keyOf(key)); err != nil {
		return Value{}, err
	}
	return v.Books.Get(ctx, key)
}

// Put implements Repository.
func (v dualTx) Put(ctx context.Context, key int8, value Value) error {
	if err := v.tx.Write(ctx, v.dual.put, keyOf(key)); err != nil {
		return err
	}
	return v.Books.Put(ctx, key, value)
}

// Patch implements Repository.
func (v dualTx) Patch(ctx context.Context, key, b int8) error {
	if err := v.tx.Write(ctx, v.dual.patch, keyOf(key)); err != nil {
		return err
	}
	return v.Books.Patch(ctx, key, b)
}

// Delete implements Repository.
func (v dualTx) Delete(ctx context.Context, key int8) error {
	if err := v.tx.Write(ctx, v.dual.del, keyOf(key)); err != nil {
		return err
	}
	return v.Books.Delete(ctx, key)
}

// PutMany implements Repository.
func (v dualTx) PutMany(ctx context.Context, keys []int8, value Value) error {
	if err := v.tx.Write(ctx, v.dual.putMany, keysOf(keys)...); err != nil {
		return err
	}
	return v.Books.PutMany(ctx, keys, value)
}

// Purge implements Books.
func (v dualTx) Purge(ctx context.Context) error {
	if err := v.tx.Write(ctx, v.dual.purge, wholeKind); err != nil {
		return err
	}
	return v.Books.Purge(ctx)
}

// Sweep implements Books.
func (v dualTx) Sweep(ctx context.Context) error {
	if err := v.tx.Write(ctx, v.dual.sweep, wholeKind); err != nil {
		return err
	}
	return v.Books.Sweep(ctx)
}

// Make implements Books.
func (v dualTx) Make(ctx context.Context, value Value) (int8, error) {
	made, err := v.tx.Make(ctx, v.dual.made, kind)
	if err != nil {
		return 0, err
	}
	key, err := v.Books.Make(ctx, value)
	return key, made.Key(ctx, err, func() dual.Key { return v.dual.told(key) })
}

// opKey is where a context carries the number of a Make in the history.
type opKey struct{}

// make makes a Make. The store tells the history the key, since its caller may never learn it.
func (w *World) make(ctx context.Context, r Books, input Input, op int) (err error) {
	defer injected(&err)
	made := func(key int8) { w.history.Made(op, key) }
	_, err = r.Make(context.WithValue(ctx, opKey{}, made), input.value())
	return err
}

// transaction makes a Tx. Its reads are operations of their own, and its changes begin with it and end with it.
func (w *World) transaction(ctx context.Context, r Books, input Input, op int) (err error) {
	defer injected(&err)
	err = r.InTx(ctx, func(tx Books) error {
		next := op
		for _, step := range input.Steps {
			if err := w.step(ctx, tx, step, next); err != nil && !(input.Ends == Passes && errors.Is(err, dual.ErrBusy)) {
				return err
			}
			if step.Act != Get {
				next += len(step.changes())
			}
		}
		if input.Ends == Aborts {
			return errAborted
		}
		return nil
	})
	if errors.Is(err, dual.ErrBusy) {
		return errAborted // it certainly did nothing
	}
	return err
}

// step makes one call of a transaction.
func (w *World) step(ctx context.Context, tx Books, step Input, op int) error {
	switch step.Act {
	case Get:
		w.s.Touch(explore.Footprint{Calls: step.keys()})
		read := w.history.Call(step)
		seen, err := call(tx, step)
		if err == nil {
			w.history.Return(read, seen)
		}
		w.s.Touch(explore.Footprint{Returns: step.keys()})
		return err
	case Make:
		return w.make(ctx, tx, step, op)
	}
	_, err := call(tx, step)
	return err
}
