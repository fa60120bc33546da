package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gocql/gocql"
)

// schemaTimeout bounds the making of a keyspace.
const schemaTimeout = 20 * time.Second

// place is where one walk keeps its packages.
type place struct {
	postgres            string // URL
	cassandra, keyspace string
}

// prepare makes the directory's schema and keyspace, unless they are there.
func prepare(ctx context.Context, directory string) (place, error) {
	name := placeName(directory)
	err := onServers(ctx, "CREATE SCHEMA IF NOT EXISTS "+name,
		"CREATE KEYSPACE IF NOT EXISTS "+name+" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
	if err != nil {
		return place{}, fmt.Errorf("make a schema and a keyspace: %w", err)
	}
	at, err := url.Parse(os.Getenv("DUALGEN_POSTGRES"))
	if err != nil {
		return place{}, fmt.Errorf("DUALGEN_POSTGRES: %w", err)
	}
	query := at.Query()
	query.Set("search_path", name)
	at.RawQuery = query.Encode()
	return place{at.String(), os.Getenv("DUALGEN_CASSANDRA"), name}, nil
}

// remove removes them.
func remove(ctx context.Context, directory string) error {
	name := placeName(directory)
	return onServers(ctx, "DROP SCHEMA IF EXISTS "+name+" CASCADE", "DROP KEYSPACE IF EXISTS "+name)
}

// onServers runs one statement on each server.
func onServers(ctx context.Context, postgres, cassandra string) error {
	url, err := server("DUALGEN_POSTGRES")
	if err != nil {
		return err
	}
	nodes, err := server("DUALGEN_CASSANDRA")
	if err != nil {
		return err
	}
	return errors.Join(onPostgres(ctx, url, postgres), onCassandra(ctx, nodes, cassandra))
}

func onPostgres(ctx context.Context, url, statement string) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, statement)
	return err
}

func onCassandra(ctx context.Context, nodes, statement string) error {
	cluster := gocql.NewCluster(strings.Split(nodes, ",")...)
	cluster.Timeout = schemaTimeout
	session, err := cluster.CreateSession()
	if err != nil {
		return err
	}
	defer session.Close()
	return session.Query(statement).WithContext(ctx).Exec()
}

// server returns what an environment variable names.
func server(variable string) (string, error) {
	if value := os.Getenv(variable); value != "" {
		return value, nil
	}
	return "", fmt.Errorf("%s is not set: run make catalog, or eval \"$(scripts/servers up)\" first", variable)
}

// placeName makes a name that needs no quotes from the directory's.
func placeName(directory string) string {
	return "walk_" + strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToLower(filepath.Base(directory)))
}
