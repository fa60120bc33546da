package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/gocql/gocql"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/examples/catalog/catalog"
	"github.com/dualgen/dualgen/examples/catalog/catalog/cqlstore"
	"github.com/dualgen/dualgen/examples/catalog/catalog/pgstore"
	"github.com/dualgen/dualgen/runtime/console"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
)

// Bounds on what a store is asked for. Settle is longer than each of them, so that what a store was asked to do is done, or never
// will be, when it has passed.
const (
	statementTimeout = "2000" // of Postgres, ms
	requestTimeout   = 2 * time.Second
	schemaTimeout    = 20 * time.Second
	settle           = 3 * time.Second
	mirrorTimeout    = time.Second
	lease            = 6 * time.Second
)

// service is the catalogue over both stores.
type service struct {
	migration *dual.Migration
	packages  catalog.Packages
	recorder  *console.Recorder
	close     func()
}

// open opens both stores, what the fleet keeps in the old one, and the wrapper.
func open(ctx context.Context, log slog.Level) (*service, error) {
	at, err := placeOfEnvironment()
	if err != nil {
		return nil, err
	}
	old, err := pgstore.Open(ctx, at.old)
	if err != nil {
		return nil, err
	}
	new := cqlstore.Later(func() (*gocql.Session, error) { return connect(at) })
	db, err := sqlx.Open("pgx", at.old)
	if err != nil {
		return nil, err
	}
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "catalog"})
	if err != nil {
		return nil, err
	}
	if err := backend.Migrate(ctx); err != nil {
		return nil, err
	}
	recorder := console.NewRecorder()
	migration, err := dual.NewMigration(dual.Config{
		Observer: recorder, OnMismatch: recorder.Mismatch,
		Control: backend.Control(), Journal: backend.Journal(), Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: log})),
		Settle: settle, MirrorTimeout: mirrorTimeout, Lease: lease,
		Identify: func(ctx context.Context, store dual.Store) (control.Identity, error) {
			if store == dual.New {
				session, err := new.Session()
				if err != nil {
					return control.Identity{}, err
				}
				return cqlcontrol.Identify(ctx, session, at.keyspace, "packages_by_id", "packages_by_section")
			}
			return sqlcontrol.Identify(ctx, db, sqlcontrol.Postgres, "packages")
		},
	})
	if err != nil {
		return nil, err
	}
	return &service{migration, catalog.NewDualPackages(old, new, migration), recorder, func() {
		_ = migration.Close(context.WithoutCancel(ctx)) // what is left is the fleet's to clear, by its lease
		_ = new.Close()
		_ = db.Close()
		_ = old.Close()
	}}, nil
}

// connect makes the new store's session. Each node is reached at the address that the environment names, which may be a tunnel's.
func connect(at place) (*gocql.Session, error) {
	node, err := netip.ParseAddrPort(at.new)
	if err != nil {
		return nil, fmt.Errorf("CATALOG_NEW: want an address and a port: %w", err)
	}
	cluster := gocql.NewCluster(node.Addr().String())
	cluster.Port, cluster.Keyspace = int(node.Port()), at.keyspace
	cluster.Consistency, cluster.Timeout, cluster.ConnectTimeout = gocql.Quorum, requestTimeout, requestTimeout
	cluster.AddressTranslator = gocql.AddressTranslatorFunc(func(net.IP, int) (net.IP, int) {
		return node.Addr().AsSlice(), cluster.Port
	})
	cluster.ReconnectInterval, cluster.ConvictionPolicy = time.Second, cqlcontrol.NeverConvict{}
	session, err := cluster.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("connect to cassandra: %w", err)
	}
	return session, nil
}
