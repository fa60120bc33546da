// Command service is a small service of the drill: it writes and reads users through the generated wrapper, runs a
// reconciler beside it, and tells on stdout what was acknowledged. The build tag "two" makes the build whose users have an
// email, "three" the one in which they are members.
//
//	service serve N     writes until stdin ends, N writes at most
//	service raw N       the same past the wrapper, as a build from before it did
//	service ctl …       the command of the migration
//
// The environment says where the stores and the control tables are (OLD, NEW, CTL), the migration's name (MIGRATION), what
// the instance's keys begin with (KEYS), whose it reads besides (READ), and what mistake is made (SWAPPED, UNRECONCILED,
// UNMIGRATED).
package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strconv"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// users is the repository, whatever the build: an email is of no effect in the build without.
type users interface {
	put(ctx context.Context, id, name, email string) error
	get(ctx context.Context, id string) error
}

// Times of the drill: a lease short enough to wait for, and a settle window.
const (
	lease  = 3 * time.Second
	settle = 300 * time.Millisecond
)

func main() {
	verb, args := os.Args[1], os.Args[2:]
	switch verb {
	case "ctl":
		os.Args = append(os.Args[:1:1], args...)
		ctl.Main(func(ctx context.Context) (*dual.Migration, error) {
			migration, _, err := open(ctx)
			return migration, err
		})
	case "serve", "raw":
		n, err := strconv.Atoi(args[0])
		if err == nil {
			err = run(verb, n)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// run writes and reads until stdin ends.
func run(verb string, writes int) error {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, bufio.NewReader(os.Stdin))
		stop()
	}()
	if verb == "raw" {
		db, err := database("OLD")
		if err != nil {
			return err
		}
		traffic(ctx, past(db), writes)
		return nil
	}
	migration, repository, err := open(ctx)
	if err != nil {
		return err
	}
	if os.Getenv("UNRECONCILED") == "" {
		go reconcile.Run(ctx, migration, reconcile.Config{Interval: 100 * time.Millisecond, Backoff: 100 * time.Millisecond})
	}
	fmt.Println("instance", migration.Instance())
	traffic(ctx, repository, writes)
	return migration.Close(context.WithoutCancel(ctx))
}

// traffic writes one user after the other, and reads others, until ctx ends.
func traffic(ctx context.Context, repository users, writes int) {
	refused := ""
	for n := 0; ctx.Err() == nil; {
		if n < writes {
			id := fmt.Sprintf("%s-%06d", os.Getenv("KEYS"), n)
			err := repository.put(ctx, id, "name of "+id, "mail of "+id)
			switch {
			case err == nil:
				fmt.Println("acknowledged", id)
				n++
			case err.Error() != refused && ctx.Err() == nil:
				refused = err.Error()
				fmt.Println("refused", refused)
			}
		}
		if other := os.Getenv("READ"); other != "" {
			for i := range 10 {
				_ = repository.get(ctx, fmt.Sprintf("%s-%06d", other, i)) // what counts is the comparison
			}
		}
		pause(ctx, 20*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func database(variable string) (*sqlx.DB, error) {
	db, err := sqlx.Open("pgx", os.Getenv(variable))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(8)
	return db, nil
}

// open opens the migration and the wrapper.
func open(ctx context.Context) (*dual.Migration, users, error) {
	var stores [2]*sqlx.DB
	for position, variable := range []string{"OLD", "NEW"} {
		db, err := database(variable)
		if err != nil {
			return nil, nil, err
		}
		stores[position] = db
	}
	if os.Getenv("SWAPPED") != "" {
		stores[dual.Old], stores[dual.New] = stores[dual.New], stores[dual.Old]
	}
	tables, err := database("CTL")
	if err != nil {
		return nil, nil, err
	}
	backend, err := sqlcontrol.Open(tables, sqlcontrol.Options{
		Dialect: sqlcontrol.Postgres, Migration: os.Getenv("MIGRATION"), Poll: 50 * time.Millisecond,
	})
	if err != nil {
		return nil, nil, err
	}
	if os.Getenv("READONLY") == "" && os.Getenv("UNMIGRATED") == "" {
		if err := backend.Migrate(ctx); err != nil {
			return nil, nil, err
		}
	}
	migration, err := dual.NewMigration(dual.Config{
		Control: backend.Control(), Journal: backend.Journal(), Lease: lease, Settle: settle,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Identify: func(ctx context.Context, store dual.Store) (control.Identity, error) {
			return sqlcontrol.Identify(ctx, stores[store], sqlcontrol.Postgres, "users")
		},
	})
	if err != nil {
		return nil, nil, err
	}
	return migration, wrap(stores[dual.Old].DB, stores[dual.New].DB, migration), nil
}

// unwrapped writes the old store past the wrapper.
type unwrapped struct{ db *sql.DB }

func past(db *sqlx.DB) users { return unwrapped{db.DB} }

func (u unwrapped) put(ctx context.Context, id, name, email string) error {
	_, err := u.db.ExecContext(ctx, "INSERT INTO users (id, name, email) VALUES ($1, $2, $3)", id, name, email)
	return err
}

func (u unwrapped) get(context.Context, string) error { return errors.ErrUnsupported }
