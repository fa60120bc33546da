// Command mongo moves a catalogue of software packages from documents of MongoDB to query tables of Cassandra while it is in use, and keeps
// account: its writes branch first, then its reads. It needs both servers, named by DUALGEN_MONGO and DUALGEN_CASSANDRA: make mongo starts
// them.
//
// It makes a database and a keyspace of its own, named like its directory, and removes them if that is a temporary one.
package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/google/uuid"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/examples/internal/place"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/mongo/catalog"
	"github.com/dualgen/dualgen/examples/mongo/catalog/mongostore"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

func main() { os.Exit(walk.Main(subject())) }

// open opens both stores and wraps them.
func open(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*world, error) {
	url, nodes, err := servers()
	if err != nil {
		return nil, err
	}
	old, err := mongostore.Open(ctx, url, place.Name(directory))
	if err != nil {
		return nil, err
	}
	if err := place.Cassandra(ctx, nodes, place.Name(directory)); err != nil {
		return nil, err
	}
	new, err := cqlstore.Open(nodes, place.Name(directory))
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

// remove removes the database and the keyspace.
func remove(ctx context.Context, directory string) error {
	url, nodes, err := servers()
	if err != nil {
		return err
	}
	documents, err := mongostore.Open(ctx, url, place.Name(directory))
	if err != nil {
		return err
	}
	return errors.Join(documents.Drop(ctx), documents.Close(), place.DropCassandra(ctx, nodes, place.Name(directory)))
}

// servers are what the environment names.
func servers() (mongo, nodes string, err error) {
	mongo, inMongo := place.Server("DUALGEN_MONGO", "ferretdb cassandra")
	nodes, inCassandra := place.Server("DUALGEN_CASSANDRA", "ferretdb cassandra")
	return mongo, nodes, errors.Join(inMongo, inCassandra)
}

// backend keeps the flags and the journal in a database beside the service, which survives it. A service with several instances keeps
// them where all share them: in a SQL database, or in Cassandra (runtime/control/cqlcontrol).
func backend(ctx context.Context, directory string) (walk.Backend, error) {
	return walk.SQLite(ctx, filepath.Join(directory, "control.sqlite"))
}
