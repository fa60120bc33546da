package walk

import (
	"context"
	"path/filepath"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Packages is the repository interface of the examples, as the walk uses it; K is the type of a package's key, P that of a package.
type Packages[K, P any] interface {
	Get(ctx context.Context, key K) (P, error)
	Save(ctx context.Context, p P) error
	SetMaintainer(ctx context.Context, key K, maintainer string) error
	Delete(ctx context.Context, key K) error
	BySection(ctx context.Context, section, after string, limit int) ([]P, error)
	Count(ctx context.Context) (int, error)
}

// Subject is an example, as the walk sees it.
type Subject[K, P any] struct {
	From, To string // the stores' names, for the account
	NotFound error  // what an absent package is reported by
	// Open opens both stores and wraps them. The faults, indexed by position, are to strike every call of the stores.
	Open func(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*World[K, P], error)
	// Route is the way that the walk takes. Defaults to CopyFirst.
	Route Route
	// Backend opens what keeps the flags and the journal for a directory. Defaults to a file, and the memory of the process: a process that
	// is killed between the guarded phases would have forgotten which keys differ.
	Backend func(ctx context.Context, directory string) (Backend, error)
	// Remove removes what Open made elsewhere for a directory that is temporary. Defaults to nothing.
	Remove func(ctx context.Context, directory string) error
	// Writes names, for each store, the methods that write.
	Writes [2][]string
	// Key is the key of the package of that name.
	Key func(name string) K
	// Name and Section are those of a package.
	Name, Section func(P) string
	// Hand is what SetMaintainer is given for the package in a state. Defaults to Maintainer.
	Hand func(record debindex.Record, state State) string
	// Build makes of a record of the index the package in the given state.
	Build func(record debindex.Record, state State) (P, error)
	// Equal reports whether two packages are the same in every field.
	Equal func(a, b P) bool
}

func (s *Subject[K, P]) hand(record debindex.Record, state State) string {
	if s.Hand == nil {
		return Maintainer(record, state)
	}
	return s.Hand(record, state)
}

// Backend keeps the flags and the journal of a walk.
type Backend struct {
	Control control.Control
	Journal journal.Journal // nil: in the memory of the process
	Close   func() error
}

// flagFile is the default backend.
func flagFile(directory string) (Backend, error) {
	flags, err := control.NewFile(filepath.Join(directory, "flags.json"))
	return Backend{Control: flags, Close: func() error { return nil }}, err
}
