package walk

import (
	"context"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// Packages is the repository interface of both examples; K is the type of a package's key, P that of a package.
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
	// Remove removes what Open made elsewhere for a directory that is temporary. Defaults to nothing.
	Remove func(ctx context.Context, directory string) error
	// Writes names, for each store, the methods that write.
	Writes [2][]string
	// Key is the key of the package of that name.
	Key func(name string) K
	// Name and Section are those of a package.
	Name, Section func(P) string
	// Build makes of a record of the index the package in the given state.
	Build func(record debindex.Record, state State) (P, error)
	// Equal reports whether two packages are the same in every field.
	Equal func(a, b P) bool
}
