package main

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/examples/internal/place"
)

// at is where one walk keeps its packages.
type at struct {
	postgres            string // URL
	cassandra, keyspace string
}

// prepare makes the directory's schema and keyspace, unless they are there.
func prepare(ctx context.Context, directory string) (at, error) {
	postgres, nodes, err := servers()
	if err != nil {
		return at{}, err
	}
	name := place.Name(directory)
	url, err := place.Postgres(ctx, postgres, name)
	if err != nil {
		return at{}, err
	}
	return at{url, nodes, name}, place.Cassandra(ctx, nodes, name)
}

// remove removes them.
func remove(ctx context.Context, directory string) error {
	postgres, nodes, err := servers()
	if err != nil {
		return err
	}
	name := place.Name(directory)
	return errors.Join(place.DropPostgres(ctx, postgres, name), place.DropCassandra(ctx, nodes, name))
}

// servers are what the environment names.
func servers() (postgres, nodes string, err error) {
	postgres, inPostgres := place.Server("DUALGEN_POSTGRES", "postgres cassandra")
	nodes, inCassandra := place.Server("DUALGEN_CASSANDRA", "postgres cassandra")
	return postgres, nodes, errors.Join(inPostgres, inCassandra)
}
