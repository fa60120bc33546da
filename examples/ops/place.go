package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
)

// place says where the stores are. Each process has it from its environment.
type place struct {
	old      string // CATALOG_OLD, the URL of the old store: a schema of Postgres
	new      string // CATALOG_NEW, a node of Cassandra, HOST:PORT
	keyspace string // CATALOG_KEYSPACE, the new store's
}

func placeOfEnvironment() (place, error) {
	p := place{old: os.Getenv("CATALOG_OLD"), new: os.Getenv("CATALOG_NEW"), keyspace: os.Getenv("CATALOG_KEYSPACE")}
	if p.old == "" || p.new == "" || p.keyspace == "" {
		return p, fmt.Errorf("CATALOG_OLD, CATALOG_NEW and CATALOG_KEYSPACE are not all set: ops alone sets them for the processes that it starts")
	}
	return p, nil
}

// environment is the place, as processes get it.
func (p place) environment() []string {
	return []string{"CATALOG_OLD=" + p.old, "CATALOG_NEW=" + p.new, "CATALOG_KEYSPACE=" + p.keyspace}
}

// prepare makes an empty schema and an empty keyspace of that name on the servers. remove takes both away.
func prepare(ctx context.Context, name string) (p place, remove func(), err error) {
	server, node := os.Getenv("DUALGEN_POSTGRES"), os.Getenv("DUALGEN_CASSANDRA")
	if server == "" || node == "" {
		return p, nil, fmt.Errorf("DUALGEN_POSTGRES and DUALGEN_CASSANDRA are not set: make ops sets them, or eval \"$(scripts/servers up postgres cassandra)\"")
	}
	node, _, _ = strings.Cut(node, ",")
	at, err := url.Parse(server)
	if err != nil {
		return p, nil, fmt.Errorf("DUALGEN_POSTGRES: %w", err)
	}
	query := at.Query()
	query.Set("search_path", name)
	query.Set("statement_timeout", statementTimeout)
	at.RawQuery = query.Encode()
	clear := func() error {
		return onServers(context.WithoutCancel(ctx), server, node, "DROP SCHEMA IF EXISTS "+name+" CASCADE", "DROP KEYSPACE IF EXISTS "+name)
	}
	if err := clear(); err != nil {
		return p, nil, err
	}
	err = onServers(ctx, server, node, "CREATE SCHEMA "+name,
		"CREATE KEYSPACE "+name+" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}")
	if err != nil {
		return p, nil, err
	}
	remove = func() {
		if err := clear(); err != nil {
			fmt.Fprintln(os.Stderr, "ops: left behind:", name, err)
		}
	}
	// The tables are made here, before there are instances, as a deploy would.
	store, err := cqlstore.Open(node, name)
	if err != nil {
		remove()
		return p, nil, err
	}
	return place{old: at.String(), new: node, keyspace: name}, remove, store.Close()
}

// onServers runs one statement on each server.
func onServers(ctx context.Context, server, node, postgres, cassandra string) error {
	db, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, postgres); err != nil {
		return fmt.Errorf("%s: %w", postgres, err)
	}
	cluster := gocql.NewCluster(node)
	cluster.Timeout = schemaTimeout
	session, err := cluster.CreateSession()
	if err != nil {
		return fmt.Errorf("connect to cassandra: %w", err)
	}
	defer session.Close()
	if err := session.Query(cassandra).WithContext(ctx).Exec(); err != nil {
		return fmt.Errorf("%s: %w", cassandra, err)
	}
	return nil
}
