package dual

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Entity says how one kind of entity is copied between the stores.
type Entity[R, E any] struct {
	// Kind is the entity's kind, as its keys name it.
	Kind string
	// Key returns an entity's key.
	Key func(E) Key
	// Get reads one entity.
	Get func(ctx context.Context, store R, key Key) (entity E, found bool, err error)
	// Put makes the store hold the entity as it is, whether it held another one of that key, or none; with a Create, only
	// where it held another one.
	Put func(ctx context.Context, store R, entity E) error
	// Create makes the store hold an entity of a key that it has none of: where an insert and an update are two methods. Which
	// of the two applies is found out by Get, and never by an error of the other. nil: Put does both.
	Create func(ctx context.Context, store R, entity E) error
	// Delete makes the store hold no entity of that key. It succeeds where there is none. nil: entities are never removed, and
	// a copy that would have to remove one fails.
	Delete func(ctx context.Context, store R, key Key) error
	// Scan lists entities after a cursor ("" for the first), at most limit of them; next is "" at the end. nil: the kind
	// can be neither backfilled nor verified.
	Scan func(ctx context.Context, store R, cursor string, limit int) (entities []E, next string, err error)
	// First is for a Scan whose cursor is the ID of the last key of the page before: the keys that the first page may begin after,
	// the least that there can be first, then such as a store with a narrower column takes. nil: an empty cursor stands for the
	// beginning.
	First []Key
	// ScanSince lists the entities that were stored at a time or later, after a cursor as Scan does. nil: nothing does, and a
	// backfill copies all.
	ScanSince func(ctx context.Context, store R, since time.Time, cursor string, limit int) (entities []E, next string, err error)
	// Gap says why Scan may leave entities out; the kind can be neither backfilled nor verified then. Empty: it leaves none out.
	Gap string
	// Exact says that a conversion may keep less than a store holds, and looks whether it does where IsExact is true.
	Exact bool
	// PutMany is Put of many entities by one call; nil where the stores have none.
	PutMany func(ctx context.Context, store R, entities []E) error
	// Diff returns the fields in which two entities differ. nil: verify finds every entity different.
	Diff func(a, b E) []Difference
	// Expires returns the moment from which an entity is gone, zero for never. Copies, backfills and verify passes take one that has
	// expired for absent, whether its store still holds it or not. nil: none expires.
	Expires func(E) time.Time
	// Shape says which fields the copies know: the names, sorted, and a digest of the rest. Instances with other shapes of a
	// kind are other builds: no certificate counts while both run. Defaults to "": the fleet cannot tell builds apart.
	Shape string
}

// SameKey fails where a store put a copied entity under a key that it made itself: the entity is not where it is looked for. The copier
// marks the made key, so that the reconciler removes the stray entity, or puts there what belongs there.
func SameKey(want, made Key) error {
	if want != made {
		return &strayError{want: want, made: made}
	}
	return nil
}

// strayError says that a copy has left an entity where none belongs.
type strayError struct{ want, made Key }

func (e *strayError) Error() string {
	return fmt.Sprintf("dualgen: the store has put %s under a key of its own, %s", e.want, e.made)
}

// markStray marks the key under which a store has put a copy that belongs elsewhere: what the other store holds of that key is right. It
// returns the copy's error.
func (c *copier[R, E]) markStray(ctx context.Context, store Store, err error) error {
	var stray *strayError
	if !errors.As(err, &stray) {
		return err
	}
	return errors.Join(err, c.journal.MarkDirty(ctx, []Key{stray.made}, store.Other()))
}

// isGiven implements writtenCopier.
func (c *copier[R, E]) isGiven(args any, row Row) bool {
	if pointer, ok := args.(*E); ok && pointer != nil {
		args = *pointer
	}
	given, ok := args.(E)
	held, also := row.value.(E)
	return ok && also && c.same(given, held)
}

// Copier copies and compares the entities of one kind; what an Entity becomes inside the runtime.
type Copier interface {
	// Kind returns the entity's kind.
	Kind() string
	// Copy makes the other store hold what one store holds of a key, and looks whether it does: else the error is an
	// ErrNotCopied. Where both hold the same, or nothing, it writes nothing.
	Copy(ctx context.Context, key Key, from Store) error
	// Page reads a page in one store. Its rows can be put in the other store by PutRow.
	Page(ctx context.Context, store Store, cursor string, limit int) (rows []Row, next string, err error)
	// PageSince reads a page of what was stored at a time or later.
	PageSince(ctx context.Context, store Store, since time.Time, cursor string, limit int) (rows []Row, next string, err error)
	// CanScanSince reports whether PageSince can be called.
	CanScanSince() bool
	// Row reads one entity.
	Row(ctx context.Context, store Store, key Key) (Row, bool, error)
	// PutRow puts an entity in a store. It does not look whether it came there: see Check.
	PutRow(ctx context.Context, store Store, row Row) error
	// CanPutMany reports whether PutRows can be called.
	CanPutMany() bool
	// PutRows is PutRow of many rows by one call of the store. Where it fails, some of them may have been put.
	PutRows(ctx context.Context, store Store, rows []Row) error
	// Same reports whether two rows of the kind are known to be equal.
	Same(a, b Row) bool
	// CursorIsKey reports whether a page's cursor is the ID of the last key of the page before, so that both stores take it.
	CursorIsKey() bool
	// Check returns an ErrNotCopied unless the store holds the entity just as it is.
	Check(ctx context.Context, store Store, row Row) error
	// Delete removes the entity of that key from a store, and does not look whether it is gone. It succeeds where there is none.
	Delete(ctx context.Context, store Store, key Key) error
	// RowOf makes a row of an entity, which must be of the kind's type.
	RowOf(entity any) (Row, error)
	// Diff compares two rows of the kind. Values are shown or hidden as the migration's configuration says.
	Diff(old, new Row) []Difference
	// CanScan reports whether Page can be called.
	CanScan() bool
	// Shape says which fields the copies know, see Entity.Shape.
	Shape() string
}

// writtenCopier is what every Copier of a migration is besides.
type writtenCopier interface {
	copyWritten(ctx context.Context, key Key, from Store) error
	listsAll() bool // every entity of the kind, by what is known
	copies() bool   // both ways: it has a get and a put
	unlisted() bool // copies, and cannot list
	isEntity(result any) bool
	isGiven(args any, row Row) bool // a write's only argument is an entity that is known to equal the row
}

// Row is one entity of a kind, opaque.
type Row struct {
	Key   Key
	value any
}

// Value returns the entity, of the type that its kind was added with.
func (r Row) Value() any { return r.value }

// AddEntity tells the migration of an entity kind: copying mirrors, the reconciler, backfill and verify use it.
// Constructors of wrappers call it. A second entity of the same kind replaces the first. If both stores are one value, the
// fleet does not begin to write both.
func AddEntity[R, E any](m *Migration, stores *[2]R, entity Entity[R, E]) {
	if m.inside != nil { // over the store of a transaction, which copies nothing
		return
	}
	m.changeKinds(func() {
		copiers := slices.DeleteFunc(slices.Clone(*m.copiers.Load()), func(c Copier) bool { return c.Kind() == entity.Kind })
		copiers = append(copiers, &copier[R, E]{stores: stores, entity: entity, masker: &m.masker, journal: m.journal})
		m.copiers.Store(&copiers)
	})
	if sameValue(stores) {
		m.follower.wiredTwice()
	}
	m.follower.kick()
	m.follower.awaitJoin()
}

// Copiers returns the kinds that AddEntity added.
func (m *Migration) Copiers() []Copier { return slices.Clone(*m.copiers.Load()) }

// copyKey copies one entity that was written just now.
func (m *Migration) copyKey(ctx context.Context, key Key, from Store) error {
	if c := copierOf(m, key.Kind); c != nil {
		return c.(writtenCopier).copyWritten(ctx, key, from)
	}
	return errNoEntity(key.Kind)
}

// copierOf returns the copier of a kind, or nil.
func copierOf(m *Migration, kind string) Copier {
	for _, c := range *m.copiers.Load() {
		if c.Kind() == kind {
			return c
		}
	}
	return nil
}

func errNoEntity(kind string) error { return fmt.Errorf("copy %s: %w", kind, ErrNoEntity) }
