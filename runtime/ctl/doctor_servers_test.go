package ctl_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// On a real Postgres and a real MariaDB, doctor knows the stores, their tables, their time limits and the control store's clock.
func TestDoctorOnServers(t *testing.T) {
	pg, bounded, my := databases(t)
	backend, err := sqlcontrol.Open(pg, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "items"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, backend.Close(context.Background())) })
	require.NoError(t, backend.Migrate(t.Context()))
	require.NoError(t, control.Init(t.Context(), backend.Control(), "test"))
	stores := new([2]*dualtest.Store[rig.Item])
	for position := range stores {
		stores[position] = dualtest.NewStore(dualtest.StoreConfig[rig.Item]{Name: phase.Store(position).String(), ID: func(i rig.Item) string { return i.ID }})
	}
	doctor := func(old *sqlx.DB) (int, string) {
		var out bytes.Buffer
		status := ctl.Run(t.Context(), []string{"doctor"}, &out, &out, func(context.Context) (*dual.Migration, error) {
			m, err := dual.NewMigration(dual.Config{
				Control: backend.Control(), Journal: backend.Journal(), Settle: 10 * time.Second, Lease: 5 * time.Minute, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
				Identify: func(ctx context.Context, store dual.Store) (control.Identity, error) {
					if store == dual.Old {
						return sqlcontrol.Identify(ctx, old, sqlcontrol.Postgres, "items")
					}
					return sqlcontrol.Identify(ctx, my, sqlcontrol.MariaDB, "items")
				},
			})
			if err == nil {
				dual.AddEntity(m, stores, rig.Entity())
			}
			return m, err
		})
		return status, out.String()
	}
	status, text := doctor(pg)
	require.Equal(t, ctl.ExitFailed, status, text)
	require.Contains(t, text, "there is no such table")

	for _, db := range []*sqlx.DB{pg, my} {
		_, err := db.ExecContext(t.Context(), "CREATE TABLE items (id INTEGER PRIMARY KEY)")
		require.NoError(t, err)
	}
	status, text = doctor(pg)
	require.Equal(t, ctl.ExitFailed, status, text)
	require.Contains(t, text, "nothing bounds a statement in the old store")
	require.Contains(t, text, `do:  ALTER DATABASE "postgres" SET statement_timeout = '8000ms'`)
	require.Contains(t, text, "nothing bounds a statement in the new store")
	require.Contains(t, text, "do:  SET GLOBAL max_statement_time = 8")
	require.Contains(t, text, "ok       clock: as the control store's")
	require.Contains(t, text, "two different stores, and not pinned")

	_, text = doctor(bounded)
	require.Contains(t, text, "a statement in the old store may take 2s, less than Settle (10s)")
}

// databases are a Postgres, the same with a time limit for statements of these connections alone, and a MariaDB.
func databases(t *testing.T) (pg, bounded, my *sqlx.DB) {
	dsn := servertest.Postgres(t)
	limited, err := url.Parse(dsn)
	require.NoError(t, err)
	query := limited.Query()
	query.Set("statement_timeout", "2000")
	limited.RawQuery = query.Encode()
	open := func(driver, dsn string) *sqlx.DB {
		db, err := sqlx.Open(driver, dsn)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, db.Close()) })
		return db
	}
	return open("pgx", dsn), open("pgx", limited.String()), open("mysql", servertest.MariaDB(t))
}
