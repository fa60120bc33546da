package proof

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// Purge implements Books.
func (r *Store) Purge(context.Context) error {
	return r.write(r.name("Purge", 0, nil), r.all(true), func() { clear(r.rows[:ofOne]) })
}

// Roll implements Books.
func (r *Store) Roll(_ context.Context, value Value) error {
	return r.write(r.name("Roll", ofOne, value), r.all(true), func() {
		sweep(&r.rows)
		r.rows[ofOne] = value
	})
}

// sweep is what a Sweep makes of all rows.
func sweep(rows *[Keys]Value) {
	for key, value := range rows[:ofOne] {
		rows[key] = Input{Act: Sweep}.apply(value)
	}
}

// Sweep implements Books.
func (r *Store) Sweep(context.Context) error {
	return r.write(r.name("Sweep", 0, nil), r.all(true), func() { sweep(&r.rows) })
}

// Low implements Books.
func (r *Store) Low(context.Context) ([]int8, error) {
	if err := r.read(r.name("Low", 0, nil), r.all(false)); err != nil {
		return nil, err
	}
	var low []int8
	for key, value := range r.rows[:ofOne] {
		if value.low() {
			low = append(low, int8(key))
		}
	}
	return low, nil
}

// Move implements Books. It is atomic, as one statement of a database is.
func (r *Store) Move(_ context.Context, from, to int8, value Value) error {
	f := explore.Footprint{Writes: storeBit(r.position, from) | storeBit(r.position, to)}
	return r.write(r.name("Move", from, to), f, func() { r.rows[from], r.rows[to] = Value{}, value })
}

// Make implements Books. Both stores make keys from one sequence, so that none is made twice.
func (r *Store) Make(ctx context.Context, value Value) (key int8, err error) {
	f := r.all(true)
	f.Writes |= 1 << sequenceBit
	err = r.write(r.name("Make", 0, value), f, func() {
		key = r.next(ctx)
		r.rows[key] = value
	})
	return key, err
}

// next makes a key, and tells the history.
func (r *Store) next(ctx context.Context) int8 {
	key := *r.made
	if key == ofOne {
		panic("proof: a world makes more keys than there are")
	}
	*r.made++
	if made, ok := ctx.Value(opKey{}).(func(int8)); ok {
		made(key)
	}
	return key
}

// InTx implements Books. Reads see what was committed, and the transaction's own changes; those take effect with the
// commit. It holds no locks: databases that do, allow fewer orders.
func (r *Store) InTx(_ context.Context, f func(Books) error) error {
	tx := &storeTx{Store: r}
	if err := f(tx); err != nil {
		return err
	}
	if tx.changed.Writes == 0 {
		return nil
	}
	return r.write(r.name("Commit", 0, nil), tx.changed, func() {
		for _, change := range tx.changes {
			change(&r.rows)
		}
	})
}

// storeTx is a Store inside a transaction.
type storeTx struct {
	*Store
	changes []func(rows *[Keys]Value)
	changed explore.Footprint
}

// errNested: worlds have no transactions inside transactions.
var errNested = errors.New("a transaction inside a transaction")

// InTx implements Books.
func (tx *storeTx) InTx(context.Context, func(Books) error) error { return errNested }

// Get implements Repository.
func (tx *storeTx) Get(_ context.Context, key int8) (Value, error) {
	if err := tx.read(tx.name("Get in tx", key, nil), explore.Footprint{Reads: storeBit(tx.position, key)}); err != nil {
		return Value{}, err
	}
	rows := tx.rows
	for _, change := range tx.changes {
		change(&rows)
	}
	return rows[key], nil
}

// statement is a change inside the transaction: it fails or waits for the commit.
func (tx *storeTx) statement(what string, changed explore.Footprint, change func(rows *[Keys]Value)) error {
	if err := tx.read(what, explore.Footprint{}); err != nil {
		return err
	}
	tx.changed.Writes |= changed.Writes
	tx.changes = append(tx.changes, change)
	return nil
}

func (tx *storeTx) change(input Input) error {
	return tx.statement(tx.name(input.Act.String()+" in tx", input.Key, input.Value), tx.one(input.Key), func(rows *[Keys]Value) {
		rows[input.Key] = input.apply(rows[input.Key])
	})
}

// Put implements Repository.
func (tx *storeTx) Put(_ context.Context, key int8, value Value) error {
	return tx.change(Input{Act: Put, Key: key, Value: value})
}

// Patch implements Repository.
func (tx *storeTx) Patch(_ context.Context, key, b int8) error {
	return tx.change(Input{Act: Patch, Key: key, Value: Value{B: b}})
}

// Delete implements Repository.
func (tx *storeTx) Delete(_ context.Context, key int8) error {
	return tx.change(Input{Act: Delete, Key: key})
}

// PutMany implements Repository.
func (tx *storeTx) PutMany(_ context.Context, keys []int8, value Value) error {
	var f explore.Footprint
	for _, key := range keys {
		f.Writes |= storeBit(tx.position, key)
	}
	return tx.statement(tx.name("PutMany in tx", keys[0], keys), f, func(rows *[Keys]Value) {
		for _, key := range keys {
			rows[key] = value
		}
	})
}

// Purge implements Books.
func (tx *storeTx) Purge(context.Context) error {
	return tx.statement(tx.name("Purge in tx", 0, nil), tx.all(true), func(rows *[Keys]Value) { clear(rows[:ofOne]) })
}

// Sweep implements Books.
func (tx *storeTx) Sweep(context.Context) error {
	return tx.statement(tx.name("Sweep in tx", 0, nil), tx.all(true), sweep)
}

// Make implements Books. The key is made at once, as a sequence does, whatever becomes of the transaction.
func (tx *storeTx) Make(ctx context.Context, value Value) (int8, error) {
	if err := tx.read(tx.name("Make in tx", 0, value), explore.Footprint{Writes: 1 << sequenceBit}); err != nil {
		return 0, err
	}
	key := tx.next(ctx)
	tx.changed.Writes |= storeBit(tx.position, key)
	tx.changes = append(tx.changes, func(rows *[Keys]Value) { rows[key] = value })
	return key, nil
}
