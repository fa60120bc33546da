// Command dynamo moves a catalogue of software packages from Postgres to DynamoDB while it is in use, and keeps account. Reads move first:
// what DynamoDB does not have yet is read from Postgres and saved. It needs both servers, named by DUALGEN_POSTGRES and DUALGEN_DYNAMO: make dynamo starts them.
//
// It makes a schema and a table of its own, named like its directory, and removes them if that is a temporary one.
package main

import (
	"context"
	"errors"
	"os"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/examples/dynamo/catalog"
	"github.com/dualgen/dualgen/examples/dynamo/catalog/dynstore"
	"github.com/dualgen/dualgen/examples/internal/place"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

func main() { os.Exit(walk.Main(subject())) }

// open opens both stores and wraps them.
func open(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*world, error) {
	url, err := schema(ctx, directory)
	if err != nil {
		return nil, err
	}
	old, err := pgstore.Open(ctx, url)
	if err != nil {
		return nil, err
	}
	new, err := openTable(ctx, directory)
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
	}, old.Close)
}

// backend keeps the flags and the journal in the old store's database, which all instances of a service share.
func backend(ctx context.Context, directory string) (walk.Backend, error) {
	url, err := schema(ctx, directory)
	if err != nil {
		return walk.Backend{}, err
	}
	db, err := sqlx.Open("pgx", url)
	if err != nil {
		return walk.Backend{}, err
	}
	return walk.SQL(ctx, db, sqlcontrol.Postgres)
}

const servers = "postgres dynalite" // that scripts/servers starts

// schema makes the directory's schema, unless it is there.
func schema(ctx context.Context, directory string) (url string, err error) {
	postgres, err := place.Server("DUALGEN_POSTGRES", servers)
	if err != nil {
		return "", err
	}
	return place.Postgres(ctx, postgres, place.Name(directory))
}

func openTable(ctx context.Context, directory string) (*dynstore.Store, error) {
	endpoint, err := place.Server("DUALGEN_DYNAMO", servers)
	if err != nil {
		return nil, err
	}
	return dynstore.Open(ctx, endpoint, place.Name(directory))
}

// remove removes the schema and the table.
func remove(ctx context.Context, directory string) error {
	postgres, err := place.Server("DUALGEN_POSTGRES", servers)
	if err != nil {
		return err
	}
	table, err := openTable(ctx, directory)
	if err != nil {
		return err
	}
	return errors.Join(place.DropPostgres(ctx, postgres, place.Name(directory)), table.Drop(ctx))
}
