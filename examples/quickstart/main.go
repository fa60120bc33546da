// Command quickstart moves a catalogue of software packages from SQLite to bbolt while it is in use, and keeps account.
//
// It needs no server. The package catalog beside it holds the repository interface, the two stores, and what dualgen
// made of them; open, below, is all the wiring there is.
package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/quickstart/catalog"
	"github.com/dualgen/dualgen/examples/quickstart/catalog/boltstore"
	"github.com/dualgen/dualgen/examples/quickstart/catalog/sqlitestore"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

func main() { os.Exit(walk.Main(subject())) }

// open opens both stores and wraps them.
func open(ctx context.Context, directory string, faults *[2]dualtest.Faults, config dual.Config) (*world, error) {
	old, err := sqlitestore.Open(ctx, filepath.Join(directory, "old.sqlite"))
	if err != nil {
		return nil, err
	}
	new, err := boltstore.Open(filepath.Join(directory, "new.bolt"))
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
	return walk.NewWorld(ctx, migration, packages, func(fixed *dual.Migration) walk.Packages[string, catalog.Package] {
		return catalog.NewDualPackages(old, new, fixed)
	}, old.Close, new.Close)
}
