package dual

import (
	"context"
	"fmt"
	"slices"
)

// Entity says how one kind of entity is copied between the stores.
type Entity[R, E any] struct {
	// Kind is the entity's kind, as its keys name it.
	Kind string
	// Key returns an entity's key.
	Key func(E) Key
	// Get reads one entity.
	Get func(ctx context.Context, store R, key Key) (entity E, found bool, err error)
	// Put makes the store hold the entity as it is, whether it held another one of that key, or none.
	Put func(ctx context.Context, store R, entity E) error
	// Delete makes the store hold no entity of that key. It succeeds where there is none.
	Delete func(ctx context.Context, store R, key Key) error
	// Scan lists entities after a cursor ("" for the first), at most limit of them; next is "" at the end. nil: the kind
	// can be neither backfilled nor verified.
	Scan func(ctx context.Context, store R, cursor string, limit int) (entities []E, next string, err error)
	// Diff returns the fields in which two entities differ. nil: verify finds every entity different.
	Diff func(a, b E) []Difference
}

// SameKey fails where a store put a copied entity under a key that it made itself: the entity is not where it is looked for.
func SameKey(want, made Key) error {
	if want != made {
		return fmt.Errorf("dualgen: the store has put %s under a key of its own, %s", want, made)
	}
	return nil
}

// Copier copies and compares the entities of one kind; what an Entity becomes inside the runtime.
type Copier interface {
	// Kind returns the entity's kind.
	Kind() string
	// Copy reads the entity from one store, and puts it in the other, or deletes it there.
	Copy(ctx context.Context, key Key, from Store) error
	// Page reads a page in one store. Its rows can be put in the other store by PutRow.
	Page(ctx context.Context, store Store, cursor string, limit int) (rows []Row, next string, err error)
	// Row reads one entity.
	Row(ctx context.Context, store Store, key Key) (Row, bool, error)
	// PutRow puts an entity in a store.
	PutRow(ctx context.Context, store Store, row Row) error
	// Diff compares two rows of the kind. Values are shown or hidden as the migration's configuration says.
	Diff(old, new Row) []Difference
	// CanScan reports whether Page can be called.
	CanScan() bool
}

// Row is one entity of a kind, opaque.
type Row struct {
	Key   Key
	value any
}

// AddEntity tells the migration of an entity kind: copying mirrors, the reconciler, backfill and verify use it.
// Constructors of wrappers call it. A second entity of the same kind replaces the first. If both stores are one value, the
// fleet does not begin to write both.
func AddEntity[R, E any](m *Migration, stores *[2]R, entity Entity[R, E]) {
	m.mu.Lock()
	copiers := slices.DeleteFunc(slices.Clone(*m.copiers.Load()), func(c Copier) bool { return c.Kind() == entity.Kind })
	copiers = append(copiers, &copier[R, E]{stores: stores, entity: entity, masker: &m.masker})
	m.copiers.Store(&copiers)
	// At once: the control loop may be late, and calls of the kind begin when this returns. The counters are shared.
	st := *m.state.Load()
	st.checkKinds(m.kinds())
	m.state.Store(&st)
	m.mu.Unlock()
	if sameValue(stores) {
		m.follower.wiredTwice()
	}
	m.follower.kick()
}

// Copiers returns the kinds that AddEntity added.
func (m *Migration) Copiers() []Copier { return slices.Clone(*m.copiers.Load()) }

// kinds returns the names of the entity kinds, sorted.
func (m *Migration) kinds() []string {
	var kinds []string
	for _, c := range *m.copiers.Load() {
		kinds = append(kinds, c.Kind())
	}
	slices.Sort(kinds)
	return kinds
}

// copyKey copies one entity.
func (m *Migration) copyKey(ctx context.Context, key Key, from Store) error {
	for _, c := range *m.copiers.Load() {
		if c.Kind() == key.Kind {
			return c.Copy(ctx, key, from)
		}
	}
	return fmt.Errorf("copy %s: %w", key.Kind, ErrNoEntity)
}

// copier is an Entity over its stores.
type copier[R, E any] struct {
	stores *[2]R
	entity Entity[R, E]
	masker *masker
}

func (c *copier[R, E]) Kind() string { return c.entity.Kind }

func (c *copier[R, E]) CanScan() bool { return c.entity.Scan != nil }

func (c *copier[R, E]) Copy(ctx context.Context, key Key, from Store) error {
	entity, found, err := c.entity.Get(ctx, c.stores[from], key)
	if err != nil {
		return fmt.Errorf("read %s from the %v store: %w", key.Kind, from, err)
	}
	to := from.Other()
	if !found {
		if err := c.entity.Delete(ctx, c.stores[to], key); err != nil {
			return fmt.Errorf("delete %s from the %v store: %w", key.Kind, to, err)
		}
		return nil
	}
	if err := c.entity.Put(ctx, c.stores[to], entity); err != nil {
		return fmt.Errorf("put %s in the %v store: %w", key.Kind, to, err)
	}
	return nil
}

func (c *copier[R, E]) Page(ctx context.Context, store Store, cursor string, limit int) ([]Row, string, error) {
	entities, next, err := c.entity.Scan(ctx, c.stores[store], cursor, limit)
	if err != nil {
		return nil, "", fmt.Errorf("scan %s in the %v store: %w", c.entity.Kind, store, err)
	}
	rows := make([]Row, len(entities))
	for i, entity := range entities {
		rows[i] = Row{Key: c.entity.Key(entity), value: entity}
	}
	return rows, next, nil
}

func (c *copier[R, E]) Row(ctx context.Context, store Store, key Key) (Row, bool, error) {
	entity, found, err := c.entity.Get(ctx, c.stores[store], key)
	if err != nil {
		return Row{}, false, fmt.Errorf("read %s from the %v store: %w", key.Kind, store, err)
	}
	return Row{Key: key, value: entity}, found, nil
}

func (c *copier[R, E]) PutRow(ctx context.Context, store Store, row Row) error {
	entity, ok := row.value.(E)
	if !ok {
		return fmt.Errorf("put %s in the %v store: the row is a %T, of another kind", c.entity.Kind, store, row.value)
	}
	if err := c.entity.Put(ctx, c.stores[store], entity); err != nil {
		return fmt.Errorf("put %s in the %v store: %w", c.entity.Kind, store, err)
	}
	return nil
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

func (c *copier[R, E]) Diff(old, new Row) []Difference {
	a, okOld := old.value.(E)
	b, okNew := new.value.(E)
	if !okOld || !okNew || c.entity.Diff == nil {
		return []Difference{{Path: ""}}
	}
	return c.masker.positions(Old, c.entity.Diff(a, b))
}
