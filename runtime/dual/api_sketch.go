package dual

import (
	"context"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// SKETCH of the API that generated code and the movers rely on. The runtime-core owner splits this file by concept and implements it.

type Config struct {
	Name     string          // of the migration; defaults to "migration"
	Control  control.Control // defaults to control.NewMemory at OldOnly
	Journal  journal.Journal // defaults to journal.NewMemory()
	Instance string          // defaults to host-pid-random
	Logger   *slog.Logger    // defaults to slog.Default()

	MirrorTimeout time.Duration // of one mirror write or shadow read; defaults to 5s
	Settle        time.Duration // at least the stores' own statement timeout; defaults to 10s
	Workers       int           // async mirrors and shadow reads that run at once; defaults to 16
	Queue         int           // of async mirrors that wait; defaults to 1024
	Lease         time.Duration // defaults to 15s
	ShowValues    bool          // show field values in mismatches; defaults to hashes
	OnMismatch    func(Mismatch)
	// ... fleet: OnLeaseLost, poll interval, ...
}

// Migration is one migration in this process: the phase in view, the calls in flight.
type Migration struct{}

// New starts a migration: it registers this instance, loads the record and follows it until Close.
func NewMigration(config Config) (*Migration, error) { panic("sketch") }

func (m *Migration) Close(ctx context.Context) error { panic("sketch") }
func (m *Migration) Phase() Phase                    { panic("sketch") } // the phase in view
func (m *Migration) Ready() error                    { panic("sketch") } // readiness check
func (m *Migration) Journal() journal.Journal        { panic("sketch") }
func (m *Migration) Control() control.Control        { panic("sketch") }
func (m *Migration) Copiers() []Copier               { panic("sketch") }
func (m *Migration) Stats() Stats                    { panic("sketch") }

type Stats struct {
	Calls, Mirrored, MirrorFailed, MirrorDropped, Compared, CompareDropped, Mismatched, Repaired, JournalFailed int64
	InFlight                                                                                                   int64
}

type Kind uint8

const (
	KindRead Kind = iota + 1
	KindWrite
	KindDelete    // a write; a mirrored one that finds nothing has succeeded
	KindPrimary   // on the phase's primary only
	KindLifecycle // on both stores, errors joined
)

type MirrorAs uint8

const (
	Replay MirrorAs = iota
	Copy
	Skip
)

// MethodInfo describes a method of a wrapped interface.
type MethodInfo struct {
	Name   string // "Packages.Save"
	Kind   Kind
	Mirror MirrorAs
}

// Method is a method of one wrapper.
type Method struct{}

func (m *Migration) Method(info MethodInfo) *Method { panic("sketch") }

// Call is one call in flight.
type Call struct{}

// Begin counts a call in. It refuses (ErrReadOnly, ErrStopped, ErrLeaseLost, ErrNotReady) before any store is touched.
func (m *Migration) Begin(method *Method) (Call, error) { panic("sketch") }

// End counts the call out.
func (c Call) End() {}

// Single returns the store that alone serves this call, if one does: call it directly.
func (c Call) Single() (Store, bool) { panic("sketch") }

// Write runs a mirrored write on one key. do gets the store and the arguments; it must capture nothing, so that the
// inline path allocates nothing. clone deep-copies the arguments for the mirror's leg; nil if nothing in them is mutable.
func Write[R, A any](ctx context.Context, call Call, stores *[2]R, key Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) error) error {
	panic("sketch")
}

// WriteValue is Write for a method with results besides the error. The caller gets the primary's.
func WriteValue[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, clone func(A) A,
	do func(ctx context.Context, store R, args A) (V, error)) (V, error) {
	panic("sketch")
}

// Reading is what the runtime needs to know of a read's results. The zero Reading is never compared.
type Reading[A, V any] struct {
	Diff      func(primary, mirror V) []Difference // nil: not compared
	Absent    func(V, error) bool                  // nil: only by ErrNotFound-like equality of errors, none
	CloneArgs func(A) A                            // nil: nothing mutable
	Clone     func(V) V                            // nil: nothing mutable
}

// Read runs a read in a phase in which it is guarded, or a call that was sampled for comparison. Key.Whole for reads of
// many entities.
func Read[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, reading *Reading[A, V],
	do func(ctx context.Context, store R, args A) (V, error)) (V, error) {
	panic("sketch")
}

// Both runs a lifecycle method on both stores and joins the errors.
func Both[R any](ctx context.Context, stores *[2]R, do func(ctx context.Context, store R) error) error {
	panic("sketch")
}

// Difference is one field in which two values differ. The values are shown only where the user asked.
type Difference struct {
	Path     string
	Old, New any // as given: primary/mirror order is mapped to positions by the runtime
}

// Mismatch is a difference that a shadow read or a verify pass reports.
type Mismatch struct {
	Method      string // "" from verify
	Key         Key
	Differences []Difference
}

// Entity says how one kind of entity is copied between the stores.
type Entity[R, E any] struct {
	Kind   string
	Key    func(E) Key
	Get    func(ctx context.Context, store R, key Key) (entity E, found bool, err error)
	Put    func(ctx context.Context, store R, entity E) error
	Delete func(ctx context.Context, store R, key Key) error // finds nothing: succeeds
	// Scan lists entities after a cursor ("" for the first), at most limit of them; next is "" at the end. nil: no backfill.
	Scan func(ctx context.Context, store R, cursor string, limit int) (entities []E, next string, err error)
	Diff func(a, b E) []Difference
}

// AddEntity tells the migration of an entity kind: copying mirrors, the reconciler, backfill and verify use it.
func AddEntity[R, E any](m *Migration, stores *[2]R, entity Entity[R, E]) { panic("sketch") }

// Copier copies and compares the entities of one kind; what Entity becomes inside the runtime.
type Copier interface {
	Kind() string
	// Copy reads the entity from one store and puts it, or deletes it, in the other.
	Copy(ctx context.Context, key Key, from Store) error
	// Page reads a page in one store. Its rows can be put in the other store by PutRow.
	Page(ctx context.Context, store Store, cursor string, limit int) (rows []Row, next string, err error)
	// Row reads one entity.
	Row(ctx context.Context, store Store, key Key) (Row, bool, error)
	PutRow(ctx context.Context, store Store, row Row) error
	// Diff compares two rows of the kind.
	Diff(old, new Row) []Difference
	CanScan() bool
}

// Row is one entity of a kind, opaque.
type Row struct {
	Key   Key
	value any
}
