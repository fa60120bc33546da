package proof

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Repository is the interface that a world's clients use, as an application would; a store is one, and so is the wrapper.
type Repository interface {
	Get(ctx context.Context, key int8) (Value, error) // the zero Value where there is none
	Put(ctx context.Context, key int8, value Value) error
	Patch(ctx context.Context, key, b int8) error // nothing where there is none
	Add(ctx context.Context, key, b int8) error   // nothing where there is none
	Delete(ctx context.Context, key int8) error
	PutMany(ctx context.Context, keys []int8, value Value) error
	Clear(ctx context.Context) error // deletes everything
	Scan(ctx context.Context, cursor string, limit int) ([]Row, string, error)
}

// Row is an entity with its key.
type Row struct {
	Key   int8
	Value Value
}

// Store is one of a world's two stores. Every call is a point.
type Store struct {
	s        *explore.Scheduler
	position phase.Store
	faults   explore.Faults
	refuses  bool // a write that fails says so for good: it was refused for what it is, if only by its last statement
	rows     [Keys]Value
	before   func(Input) // every change of one row; nil: nothing
	made     *int8       // the next key to be made, of both stores
	joints   *Joints     // of a journal that joins; nil: none
	owners   *owners     // checks which phase answers for each key; nil: nobody does
	apart    bool        // the journal's statement is run in a transaction of its own, behind the data's
}

// read stops before a call that changes nothing.
func (r *Store) read(what string, f explore.Footprint) error {
	switch r.s.Point(what, f, r.faults&(1<<explore.FailBefore|1<<explore.Panics)) {
	case explore.Success:
		return nil
	case explore.Panics:
		panic(errInjected)
	case explore.Gone:
		return explore.ErrGone
	}
	return errInjected
}

// write stops before a call that changes rows, and has its effect now, never or later.
func (r *Store) write(what string, f explore.Footprint, effect func()) error {
	switch r.s.Point(what, f, r.faults) {
	case explore.Success:
		effect()
		return nil
	case explore.FailAfter:
		effect()
	case explore.FailLate:
		r.s.Late(what+" lands", f, settle-1, effect)
		return errInjected
	case explore.Panics:
		effect()
		panic(errInjected)
	case explore.Gone:
		return explore.ErrGone
	}
	if r.refuses {
		return errRefused{}
	}
	return errInjected
}

// errRefused is what a driver returns for a constraint that was violated.
type errRefused struct{}

func (errRefused) Error() string { return "refused" }

// SQLState is how the runtime knows it.
func (errRefused) SQLState() string { return "23505" }

// name describes a call for traces; it costs nothing while none is recorded.
func (r *Store) name(method string, key int8, args any) string {
	if !r.s.Tracing() {
		return method
	}
	if args == nil {
		return fmt.Sprintf("%v.%s(k%d)", r.position, method, key)
	}
	return fmt.Sprintf("%v.%s(k%d, %v)", r.position, method, key, args)
}

// Get implements Repository.
func (r *Store) Get(_ context.Context, key int8) (Value, error) {
	err := r.read(r.name("Get", key, nil), explore.Footprint{Reads: storeBit(r.position, key)})
	if err != nil {
		return Value{}, err
	}
	r.owners.answered(keyOf(key), r.position)
	if r.s.Tracing() {
		r.s.Note("%v", r.rows[key])
	}
	return r.rows[key], nil
}

func (r *Store) one(key int8) explore.Footprint {
	return explore.Footprint{Writes: storeBit(r.position, key)}
}

// change is a write of one row by what an Input does to it.
func (r *Store) change(ctx context.Context, input Input) error {
	if r.before != nil {
		r.before(input)
	}
	what := input.Act.String()
	if r.s.Tracing() {
		what = fmt.Sprintf("%v.%v", r.position, input)
	}
	return r.joined(ctx, what, r.one(input.Key), func() { r.rows[input.Key] = input.apply(r.rows[input.Key]) })
}

// Put implements Repository.
func (r *Store) Put(ctx context.Context, key int8, value Value) error {
	return r.change(ctx, Input{Act: Put, Key: key, Value: value})
}

// Patch implements Repository.
func (r *Store) Patch(ctx context.Context, key, b int8) error {
	return r.change(ctx, Input{Act: Patch, Key: key, Value: Value{B: b}})
}

// Add implements Repository.
func (r *Store) Add(ctx context.Context, key, b int8) error {
	return r.change(ctx, Input{Act: Add, Key: key, Value: Value{B: b}})
}

// Delete implements Repository.
func (r *Store) Delete(ctx context.Context, key int8) error {
	return r.change(ctx, Input{Act: Delete, Key: key})
}

// PutMany implements Repository. It is atomic, as one statement of a database is.
func (r *Store) PutMany(_ context.Context, keys []int8, value Value) error {
	var f explore.Footprint
	for _, key := range keys {
		f.Writes |= storeBit(r.position, key)
	}
	return r.write(r.name("PutMany", keys[0], keys), f, func() {
		for _, key := range keys {
			r.rows[key] = value
		}
	})
}

// Clear implements Repository.
func (r *Store) Clear(context.Context) error {
	return r.write(r.name("Clear", 0, nil), r.all(true), func() { clear(r.rows[:ofOne]) })
}

func (r *Store) all(write bool) explore.Footprint {
	bits := allKeys << (storeBits + int(r.position)*Keys)
	if write {
		return explore.Footprint{Writes: bits}
	}
	return explore.Footprint{Reads: bits}
}

// Scan implements Repository. The cursor is the key to begin at.
func (r *Store) Scan(_ context.Context, cursor string, limit int) ([]Row, string, error) {
	from := int8(0)
	if cursor != "" {
		from = int8(cursor[0] - '0')
	}
	if err := r.read(r.name("Scan", from, limit), r.all(false)); err != nil {
		return nil, "", err
	}
	var rows []Row
	for key := from; key < ofOne; key++ {
		if !r.rows[key].Present {
			continue
		}
		if len(rows) == limit {
			return rows, keyNames[key], nil
		}
		rows = append(rows, Row{key, r.rows[key]})
	}
	return rows, "", nil
}
