// Command catalog moves a catalogue of software packages from Postgres to Cassandra while it is in use, and keeps
// account. It needs both servers, named by DUALGEN_POSTGRES and DUALGEN_CASSANDRA: make catalog starts them.
//
// It makes a schema and a keyspace of its own, named like its directory, and removes them if that is a temporary one.
package main

import (
	"context"
	"os"

	"github.com/google/uuid"

	"github.com/dualgen/dualgen/examples/catalog/catalog"
	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

func main() { os.Exit(walk.Main(subject())) }

// open opens both stores and wraps them.
func open(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*world, error) {
	at, err := prepare(ctx, directory)
	if err != nil {
		return nil, err
	}
	old, err := pgstore.Open(ctx, at.postgres)
	if err != nil {
		return nil, err
	}
	new, err := cqlstore.Open(at.cassandra, at.keyspace)
	if err != nil {
		return nil, err
	}
	migration, err := dual.NewMigration(config)
	if err != nil {
		return nil, err
	}
	packages := catalog.NewDualPackages(old, new, migration)

	// What follows is for the walk alone: it makes both stores fail now and then, and looks at each without the other.
	old.Intercept(walk.Interceptor(&faults[dual.Old], "old"))
	new.Intercept(walk.Interceptor(&faults[dual.New], "new"))
	return walk.NewWorld(ctx, migration, packages, func(fixed *dual.Migration) walk.Packages[uuid.UUID, *catalog.Package] {
		return catalog.NewDualPackages(old, new, fixed)
	}, old.Close, new.Close)
}
