package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
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

// prepare makes a schema and a keyspace of that name, unless they are there.
func prepare(ctx context.Context, name string) (place, error) {
	name = "walk_" + strings.Map(wordRune, strings.ToLower(name))
	postgres, err := server("DUALGEN_POSTGRES")
	if err != nil {
		return place{}, err
	}
	nodes, err := server("DUALGEN_CASSANDRA")
	if err != nil {
		return place{}, err
	}
	if err := makeKeyspace(ctx, nodes, name); err != nil {
		return place{}, fmt.Errorf("make a keyspace: %w", err)
	}
	postgres, err = makeSchema(ctx, postgres, name)
	if err != nil {
		return place{}, fmt.Errorf("make a schema: %w", err)
	}
	return place{postgres, nodes, name}, nil
}

// makeSchema returns the URL of the schema.
func makeSchema(ctx context.Context, server, name string) (string, error) {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS "+name); err != nil {
		return "", err
	}
	at, err := url.Parse(server)
	if err != nil {
		return "", err
	}
	query := at.Query()
	query.Set("search_path", name)
	at.RawQuery = query.Encode()
	return at.String(), nil
}

func makeKeyspace(ctx context.Context, nodes, name string) error {
	cluster := gocql.NewCluster(strings.Split(nodes, ",")...)
	cluster.Timeout = schemaTimeout
	session, err := cluster.CreateSession()
	if err != nil {
		return err
	}
	defer session.Close()
	return session.Query("CREATE KEYSPACE IF NOT EXISTS " + name +
		" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}").WithContext(ctx).Exec()
}

// wordRune keeps what an unquoted name may have.
func wordRune(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return '_'
}
