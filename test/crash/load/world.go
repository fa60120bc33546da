package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/gocql/gocql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/reconcile"
	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
	"github.com/dualgen/dualgen/test/crash/items"
	"github.com/dualgen/dualgen/test/crash/items/cqlnew"
	"github.com/dualgen/dualgen/test/crash/items/pgnew"
	"github.com/dualgen/dualgen/test/crash/items/pgold"
)

// world is what a process has opened.
type world struct {
	settings  setting.Settings
	items     items.Items
	migration *dual.Migration // nil where Mode is Naive
	log       *slog.Logger
}

// open opens both stores, the journal and the control store, and wraps the stores.
func open(ctx context.Context, s setting.Settings, log *slog.Logger) (*world, error) {
	w := &world{settings: s, log: log}
	points := newPoints(s)
	pool, err := openPool(ctx, s.Old)
	if err != nil {
		return nil, err
	}
	old := pgold.New(pool, points.store("old"))
	config, err := w.config(points)
	if err != nil {
		return nil, err
	}
	if w.migration, err = dual.NewMigration(config); err != nil {
		return nil, err
	}
	if s.New == "" {
		session, err := openCassandra(s.Node, s.Space)
		for err != nil && ctx.Err() == nil { // the server may be down just now
			time.Sleep(100 * time.Millisecond)
			session, err = openCassandra(s.Node, s.Space)
		}
		if err != nil {
			return nil, err
		}
		w.items = items.NewDualWideItems(old, cqlnew.New(session, points.store("new")), w.migration)
		return w, nil
	}
	newPool, err := openPool(ctx, s.New)
	if err != nil {
		return nil, err
	}
	new := pgnew.New(newPool, points.store("new"))
	w.items = items.NewDualSweptItems(old, new, w.migration)
	if s.Mode == setting.Naive {
		w.items = naive{old: old, new: new, Items: w.items}
	}
	return w, nil
}

func openPool(ctx context.Context, url string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	config.MaxConns = 6
	config.ConnConfig.ConnectTimeout = setting.CallTimeout
	return pgxpool.NewWithConfig(ctx, config)
}

// openCassandra opens a session on a keyspace. One request lasts as long as a call at most.
func openCassandra(address, space string) (*gocql.Session, error) {
	node, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("cassandra's address: %w", err)
	}
	cluster := gocql.NewCluster(node.Addr().String())
	cluster.Port = int(node.Port()) // the driver takes it from here when it looks for nodes that were down
	cluster.Keyspace, cluster.Consistency, cluster.Timeout = space, gocql.Quorum, setting.CallTimeout
	cluster.ConnectTimeout, cluster.NumConns = 2*time.Second, 1
	cluster.AddressTranslator = gocql.AddressTranslatorFunc(func(net.IP, int) (net.IP, int) {
		return node.Addr().AsSlice(), cluster.Port // its proxy's, not what the node says of itself
	})
	cluster.ReconnectInterval, cluster.ConvictionPolicy = time.Second, cqlcontrol.NeverConvict{}
	session, err := cluster.CreateSession()
	if err != nil {
		return nil, fmt.Errorf("connect to cassandra: %w", err)
	}
	return session, nil
}

// config is the migration's, with control and journal in Postgres.
func (w *world) config(points *points) (dual.Config, error) {
	s := w.settings
	db, err := sqlx.Open("pgx", s.Control)
	if err != nil {
		return dual.Config{}, err
	}
	db.SetMaxOpenConns(6)
	db.SetMaxIdleConns(6)
	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{
		Dialect: sqlcontrol.Postgres, Migration: "crash", Poll: 200 * time.Millisecond, Sweep: time.Second, Listen: listen(s.Control),
		Connections: 5,
	})
	if err != nil {
		return dual.Config{}, err
	}
	config := dual.Config{
		Name: "crash", Instance: s.ID, Logger: w.log, Lease: setting.Lease, Settle: s.Settle, MirrorTimeout: setting.MirrorTimeout,
		Joins: [2]bool{s.Joined, false}, Workers: 4,
		Identify: dual.Fingerprints("old", "new"),
		Control:  &watchedControl{backend.Control(), points},
	}
	switch stored := backend.Journal(); s.Mode {
	case setting.Memory:
		config.Journal = journal.NewMemory()
	default:
		agreed, ok := stored.(journal.Agreed)
		if !ok {
			return config, errors.New("the journal cannot join")
		}
		watched := &watchedJournal{stored, agreed, points}
		config.Journal = watched
		if claims, ok := stored.(journal.Claims); ok {
			config.Journal = claimingJournal{watched, claims}
		}
	}
	return config, nil
}

// listen follows Postgres notifications.
func listen(url string) sqlcontrol.Listen {
	return func(ctx context.Context, channel string, wake func()) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(ctx))
		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
			return err
		}
		for {
			wake()
			if _, err := conn.WaitForNotification(ctx); err != nil {
				return err
			}
		}
	}
}

// background runs what a service runs beside its traffic.
func (w *world) background(ctx context.Context, running *sync.WaitGroup, book *ledger.Writer) {
	s := w.settings
	if s.Mode == setting.Naive {
		return
	}
	running.Go(func() {
		reconcile.Run(as(ctx, "reconcile"), w.migration, reconcile.Config{
			Settle: s.Settle, Interval: 150 * time.Millisecond, Rate: -1, Lease: setting.Lease, Timeout: setting.MirrorTimeout,
			QuarantineAfter: -1, Backoff: 300 * time.Millisecond, MaxBackoff: 2 * time.Second, Logger: w.log,
		})
	})
	if s.Mover {
		running.Go(func() { (&mover{w, book}).run(ctx) })
	}
}
