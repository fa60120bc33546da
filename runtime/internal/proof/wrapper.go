package proof

import (
	"context"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Dual is a Repository over two stores, written as dualgen generates it.
type Dual struct {
	stores    [2]Repository
	migration *dual.Migration
	get       *dual.Method
	put       *dual.Method
	patch     *dual.Method
	add       *dual.Method
	del       *dual.Method
	putMany   *dual.Method
	clear     *dual.Method
	purge     *dual.Method
	sweep     *dual.Method
	move      *dual.Method
	roll      *dual.Method
	made      *dual.Method
	inTx      *dual.Method
	times     []time.Time // of the keys; nil where they have none
	mute      bool
}

var _ Repository = (*Dual)(nil)

// Build is what a program's wrapper has.
type Build struct {
	Acts   uint        // the set of methods: one that nobody calls costs a schedule time nevertheless
	Times  []time.Time // of the keys; nil where they have none
	Second bool        // it has the second kind
	Lossy  bool        // its copies leave B out
	Shape  string      // of the first kind
	Ranged bool        // the first kind is listed after keys, so that it can be divided
	Mute   bool        // its stores do not say which key they make: it reads k0
}

// NewDual wraps the two stores.
func NewDual(old, new Repository, migration *dual.Migration, build Build) *Dual {
	method := func(act Act, kind dual.Kind, mirror dual.MirrorAs) *dual.Method {
		if build.Acts&(1<<act) == 0 {
			return nil
		}
		return migration.Method(dual.MethodInfo{Name: "Repository." + act.String(), Kind: kind, Mirror: mirror, Timed: build.Times != nil})
	}
	d := &Dual{
		stores:    [2]Repository{old, new},
		migration: migration,
		times:     build.Times,
		mute:      build.Mute,
		get:       method(Get, dual.KindRead, dual.Replay),
		put:       method(Put, dual.KindWrite, dual.Replay),
		patch:     method(Patch, dual.KindWrite, dual.Copy),
		add:       method(Add, dual.KindWrite, dual.Copy),
		del:       method(Delete, dual.KindDelete, dual.Replay),
		putMany:   method(PutMany, dual.KindWrite, dual.Replay),
		clear:     method(Clear, dual.KindDelete, dual.Replay),
		purge:     method(Purge, dual.KindDelete, dual.Copy),
		sweep:     method(Sweep, dual.KindDelete, dual.Copy),
		move:      method(Move, dual.KindWrite, dual.Copy),
		roll:      method(Roll, dual.KindWrite, dual.Copy),
		made:      method(Make, dual.KindWrite, dual.Copy),
		inTx:      method(Tx, dual.KindTransaction, dual.Replay),
	}
	first := entity
	first.Shape = build.Shape
	if build.Lossy {
		first.Get, first.Scan, first.Diff = getLossy, scanLossy, diffLossy
	}
	if build.Ranged {
		first.First, first.Scan, first.Get = []dual.Key{{Kind: kind}}, scanAfter, getAfter
	}
	dual.AddEntity(migration, &d.stores, first)
	if build.Second {
		second := entity
		second.Kind, second.Scan = other, scanSecond
		dual.AddEntity(migration, &d.stores, second)
	}
	return d
}

// entity says how rows are copied.
var entity = dual.Entity[Repository, Row]{
	Kind: kind,
	Key:  func(row Row) dual.Key { return keyOf(row.Key) },
	Get: func(ctx context.Context, store Repository, key dual.Key) (Row, bool, error) {
		value, err := store.Get(ctx, indexOf(key))
		return Row{indexOf(key), value}, value.Present, err
	},
	Put: func(ctx context.Context, store Repository, row Row) error { return store.Put(ctx, row.Key, row.Value) },
	Delete: func(ctx context.Context, store Repository, key dual.Key) error {
		return store.Delete(ctx, indexOf(key))
	},
	Scan: func(ctx context.Context, store Repository, cursor string, limit int) ([]Row, string, error) {
		return store.Scan(ctx, cursor, limit)
	},
	Diff: func(a, b Row) []dual.Difference { return diff(a.Value, b.Value) },
}

func diff(a, b Value) []dual.Difference {
	if a == b {
		return nil
	}
	return []dual.Difference{{Path: "Value", Old: a, New: b}}
}

var reading = dual.Reading[int8, Row]{
	Diff:   func(a, b Row) []dual.Difference { return diff(a.Value, b.Value) },
	Absent: func(row Row, err error) bool { return err == nil && !row.Value.Present },
}

// begin begins a call on one key.
func (d *Dual) begin(method *dual.Method, key int8) (dual.Call, error) {
	if d.times == nil {
		return d.migration.Begin(method)
	}
	return d.migration.BeginAt(method, d.times[key])
}

// Get implements Repository.
func (d *Dual) Get(ctx context.Context, key int8) (Value, error) {
	call, err := d.begin(d.get, key)
	if err != nil {
		return Value{}, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Get(ctx, key)
	}
	row, err := dual.Read(ctx, call, &d.stores, keyOf(key), key, &reading,
		func(ctx context.Context, store Repository, key int8) (Row, error) {
			value, err := store.Get(ctx, key)
			return Row{key, value}, err
		})
	return row.Value, err
}

// putArgs are the arguments of one Put.
type putArgs struct {
	key   int8
	value Value
}

// Put implements Repository.
func (d *Dual) Put(ctx context.Context, key int8, value Value) error {
	call, err := d.begin(d.put, key)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Put(ctx, key, value)
	}
	return dual.Write(ctx, call, &d.stores, keyOf(key), putArgs{key, value}, nil,
		func(ctx context.Context, store Repository, args putArgs) error {
			return store.Put(ctx, args.key, args.value)
		})
}

// patchArgs are the arguments of one Patch or Add.
type patchArgs struct{ key, b int8 }

// Patch implements Repository.
func (d *Dual) Patch(ctx context.Context, key, b int8) error {
	call, err := d.begin(d.patch, key)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Patch(ctx, key, b)
	}
	return dual.Write(ctx, call, &d.stores, keyOf(key), patchArgs{key, b}, nil,
		func(ctx context.Context, store Repository, args patchArgs) error {
			return store.Patch(ctx, args.key, args.b)
		})
}

// Add implements Repository.
func (d *Dual) Add(ctx context.Context, key, b int8) error {
	call, err := d.begin(d.add, key)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Add(ctx, key, b)
	}
	return dual.Write(ctx, call, &d.stores, keyOf(key), patchArgs{key, b}, nil,
		func(ctx context.Context, store Repository, args patchArgs) error {
			return store.Add(ctx, args.key, args.b)
		})
}

// Delete implements Repository.
func (d *Dual) Delete(ctx context.Context, key int8) error {
	call, err := d.begin(d.del, key)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Delete(ctx, key)
	}
	return dual.Write(ctx, call, &d.stores, keyOf(key), key, nil,
		func(ctx context.Context, store Repository, key int8) error { return store.Delete(ctx, key) })
}

// putManyArgs are the arguments of one PutMany.
type putManyArgs struct {
	keys  []int8
	value Value
}

// PutMany implements Repository.
func (d *Dual) PutMany(ctx context.Context, keys []int8, value Value) error {
	call, err := d.migration.Begin(d.putMany)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].PutMany(ctx, keys, value)
	}
	return dual.WriteMany(ctx, call, &d.stores, keysOf(keys), putManyArgs{keys, value}, clonePutMany,
		func(ctx context.Context, store Repository, args putManyArgs) error {
			return store.PutMany(ctx, args.keys, args.value)
		})
}

func clonePutMany(args putManyArgs) putManyArgs {
	args.keys = append([]int8(nil), args.keys...)
	return args
}

// Clear implements Repository.
func (d *Dual) Clear(ctx context.Context) error {
	call, err := d.migration.Begin(d.clear)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return d.stores[store].Clear(ctx)
	}
	return dual.Write(ctx, call, &d.stores, wholeKind, struct{}{}, nil,
		func(ctx context.Context, store Repository, _ struct{}) error { return store.Clear(ctx) })
}

// Scan implements Repository. Worlds do not scan through the wrapper: a list promises no more than to read one store.
func (d *Dual) Scan(ctx context.Context, cursor string, limit int) ([]Row, string, error) {
	store := d.migration.Phase().Primary()
	return d.stores[store].Scan(ctx, strings.Clone(cursor), limit)
}
