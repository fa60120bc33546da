package dual

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/journal"
)

// copier is an Entity over its stores.
type copier[R, E any] struct {
	stores  *[2]R
	entity  Entity[R, E]
	masker  *masker
	journal journal.Journal
}

// Kind implements Copier.
func (c *copier[R, E]) Kind() string { return c.entity.Kind }

// CanScan implements Copier.
func (c *copier[R, E]) Shape() string { return c.entity.Shape }

func (c *copier[R, E]) listsAll() bool { return c.entity.Scan != nil && c.entity.Gap == "" }

// unlisted reports whether the methods copy an entity by its key, each part of it, and none lists them.
func (c *copier[R, E]) unlisted() bool {
	return c.copies() && c.entity.Scan == nil && c.entity.Gap == ""
}

func (c *copier[R, E]) copies() bool { return c.entity.Get != nil && c.entity.Put != nil }

// isEntity reports whether a pointer to a result is one to an entity, or to a pointer to one.
func (c *copier[R, E]) isEntity(result any) bool {
	switch result.(type) {
	case *E, **E:
		return true
	}
	return false
}

func (c *copier[R, E]) CanScan() bool { return c.entity.Scan != nil }

// Errors of copies that callers tell apart.
var (
	// ErrNotCopied: a store accepted a copy, and does not hold what it was given. The error that wraps it names the fields.
	ErrNotCopied = errors.New("dualgen: the copy is not in the store")
	// ErrCannotCopy: the kind lacks the method that the copy needs.
	ErrCannotCopy = errors.New("dualgen: the entity has no method for this copy")
)

// Copy implements Copier. Both stores are read first: a store may refuse to write what it holds already (MySQL counts no row
// that stays as it is), and what neither store holds needs no Delete.
func (c *copier[R, E]) Copy(ctx context.Context, key Key, from Store) error {
	entity, found, err := c.get(ctx, from, key)
	if err != nil {
		if c.neither(ctx, key, from, err) {
			return nil
		}
		return err
	}
	held, there, err := c.get(ctx, from.Other(), key)
	switch {
	case err != nil && found && c.entity.Create == nil:
		// It may be the store's way to say that it has none, of which nobody told. Put needs no answer, and check asks again.
	case err != nil:
		return err
	case !found && !there || found && there && c.same(entity, held):
		return nil
	case !found:
		return c.remove(ctx, key, from.Other())
	}
	if err := c.put(ctx, from.Other(), entity, there); err != nil {
		return err
	}
	return c.check(ctx, from.Other(), key, entity)
}

// copyWritten is Copy of a key that was written just now, so that the stores can be expected to differ: the mirror is read
// beforehand only where it says which method applies.
func (c *copier[R, E]) copyWritten(ctx context.Context, key Key, from Store) error {
	if c.entity.Create != nil || c.entity.Delete == nil {
		return c.Copy(ctx, key, from)
	}
	entity, found, err := c.get(ctx, from, key)
	if err != nil {
		return err
	}
	if !found {
		return c.remove(ctx, key, from.Other())
	}
	if err := c.put(ctx, from.Other(), entity, true); err != nil {
		return err
	}
	return c.check(ctx, from.Other(), key, entity)
}

// get reads one entity.
func (c *copier[R, E]) get(ctx context.Context, store Store, key Key) (entity E, found bool, err error) {
	if c.entity.Get == nil {
		return entity, false, fmt.Errorf("read %s: %w: name one with get= in its entity directive", key.Kind, ErrCannotCopy)
	}
	entity, found, err = c.entity.Get(c.exactly(ctx), c.stores[store], key)
	if err != nil {
		return entity, found, fmt.Errorf("read %s from the %v store: %w", key.Kind, store, err)
	}
	return entity, found && !c.expired(entity), nil
}

// put stores an entity; there says whether the store holds one of its key.
func (c *copier[R, E]) put(ctx context.Context, store Store, entity E, there bool) error {
	put := c.entity.Put
	if !there && c.entity.Create != nil {
		put = c.entity.Create
	}
	if put == nil {
		return fmt.Errorf("put %s in the %v store: %w: name one with put= in its entity directive", c.entity.Kind, store, ErrCannotCopy)
	}
	if err := put(ctx, c.stores[store], entity); err != nil {
		return fmt.Errorf("put %s in the %v store: %w", c.entity.Kind, store, c.markStray(ctx, store, err))
	}
	return nil
}

// remove makes a store hold no entity of a key, and looks whether it does.
func (c *copier[R, E]) remove(ctx context.Context, key Key, store Store) error {
	if c.entity.Delete == nil {
		return fmt.Errorf("delete %s from the %v store: the other store has none: %w: name one with delete= in its entity directive",
			key.Kind, store, ErrCannotCopy)
	}
	if err := c.entity.Delete(ctx, c.stores[store], key); err != nil {
		return fmt.Errorf("delete %s from the %v store: %w", key.Kind, store, err)
	}
	_, there, err := c.get(ctx, store, key)
	if err == nil && there {
		return fmt.Errorf("delete %s from the %v store: %w: the delete returned no error, and it is still there", key.Kind, store, ErrNotCopied)
	}
	return err
}

// check looks whether a store holds an entity just as it is.
func (c *copier[R, E]) check(ctx context.Context, store Store, key Key, entity E) error {
	held, there, err := c.get(ctx, store, key)
	switch {
	case err != nil:
		return err
	case !there && c.expired(entity): // meanwhile
		return nil
	case !there:
		return fmt.Errorf("put %s in the %v store: %w: the write returned no error, and there is none of this key", key.Kind, store, ErrNotCopied)
	}
	if fields := c.fields(entity, held); len(fields) > 0 {
		return fmt.Errorf("put %s in the %v store: %w: it was written without an error, and reads back with another %s",
			key.Kind, store, ErrNotCopied, strings.Join(fields, ", "))
	}
	return nil
}

// same reports whether two entities are known to be equal.
func (c *copier[R, E]) same(a, b E) bool {
	return c.entity.Diff != nil && len(c.entity.Diff(a, b)) == 0
}

// fields are the paths of the fields in which two entities differ. Of a kind that cannot be compared there are none: that the
// entity is there is all that can be seen of it.
func (c *copier[R, E]) fields(a, b E) []string {
	if c.entity.Diff == nil {
		return nil
	}
	var paths []string
	for _, d := range c.entity.Diff(a, b) {
		path := d.Path
		if path == "" {
			path = "value"
		}
		paths = append(paths, path)
	}
	return paths
}

// Row implements Copier.
func (c *copier[R, E]) Row(ctx context.Context, store Store, key Key) (Row, bool, error) {
	entity, found, err := c.get(ctx, store, key)
	if err != nil {
		return Row{}, false, err
	}
	return Row{Key: key, value: entity}, found, nil
}

// PutRow implements Copier.
func (c *copier[R, E]) PutRow(ctx context.Context, store Store, row Row) error {
	entity, err := c.entityOf(store, row)
	if err != nil {
		return err
	}
	if c.entity.Create == nil {
		return c.put(ctx, store, entity, true)
	}
	held, there, err := c.get(ctx, store, row.Key)
	if err != nil || there && c.same(entity, held) {
		return err
	}
	return c.put(ctx, store, entity, there)
}

// CanPutMany implements Copier.
func (c *copier[R, E]) CanPutMany() bool { return c.entity.PutMany != nil }

// PutRows implements Copier.
func (c *copier[R, E]) PutRows(ctx context.Context, store Store, rows []Row) error {
	entities := make([]E, len(rows))
	for i, row := range rows {
		var err error
		if entities[i], err = c.entityOf(store, row); err != nil {
			return err
		}
	}
	if err := c.entity.PutMany(ctx, c.stores[store], entities); err != nil {
		return fmt.Errorf("put %d of %s in the %v store: %w", len(rows), c.entity.Kind, store, err)
	}
	return nil
}

// Same implements Copier.
func (c *copier[R, E]) Same(a, b Row) bool {
	one, ok := a.value.(E)
	two, also := b.value.(E)
	return ok && also && c.same(one, two)
}

// CursorIsKey implements Copier.
func (c *copier[R, E]) CursorIsKey() bool { return len(c.entity.First) > 0 }

// Check implements Copier.
func (c *copier[R, E]) Check(ctx context.Context, store Store, row Row) error {
	entity, err := c.entityOf(store, row)
	if err != nil {
		return err
	}
	return c.check(ctx, store, row.Key, entity)
}

// Delete implements Copier.
func (c *copier[R, E]) Delete(ctx context.Context, store Store, key Key) error {
	if c.entity.Delete == nil {
		return fmt.Errorf("delete %s from the %v store: %w: name one with delete= in its entity directive", key.Kind, store, ErrCannotCopy)
	}
	if err := c.entity.Delete(ctx, c.stores[store], key); err != nil {
		return fmt.Errorf("delete %s from the %v store: %w", key.Kind, store, err)
	}
	return nil
}

// RowOf implements Copier.
func (c *copier[R, E]) RowOf(entity any) (Row, error) {
	value, ok := entity.(E)
	if !ok {
		return Row{}, fmt.Errorf("make a row of %s: a %T is of another kind", c.entity.Kind, entity)
	}
	return Row{Key: c.entity.Key(value), value: value}, nil
}

// entityOf is the entity of a row of this kind.
func (c *copier[R, E]) entityOf(store Store, row Row) (E, error) {
	entity, ok := row.value.(E)
	if lost, is := row.value.(inexact); is {
		return entity, lost.err
	}
	if !ok {
		return entity, fmt.Errorf("put %s in the %v store: the row is a %T, of another kind", c.entity.Kind, store, row.value)
	}
	return entity, nil
}

// Diff implements Copier.
func (c *copier[R, E]) Diff(old, new Row) []Difference {
	a, okOld := old.value.(E)
	b, okNew := new.value.(E)
	if !okOld || !okNew || c.entity.Diff == nil {
		return []Difference{{Path: ""}}
	}
	return c.masker.positions(Old, c.entity.Diff(a, b))
}

// DiffWhole returns the Diff of entities of which nothing says how their parts compare: they are the same, or differ as a
// whole.
func DiffWhole[E any](same func(a, b E) bool) func(a, b E) []Difference {
	return func(a, b E) []Difference {
		if same(a, b) {
			return nil
		}
		return []Difference{{Path: "", Old: a, New: b}}
	}
}
