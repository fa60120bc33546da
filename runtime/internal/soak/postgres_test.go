package soak

import (
	"context"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/journal"
)

// sweepAfter is how long a clean row stays in these runs.
const sweepAfter = time.Second

func postgres(t *testing.T) place {
	dsn := servertest.Postgres(t)
	reach := func(options string) *sqlx.DB {
		db, err := sqlx.Open("pgx", dsn+options)
		require.NoError(t, err)
		db.SetMaxOpenConns(12)
		return db
	}
	look := reach("")
	t.Cleanup(func() { assert.NoError(t, look.Close()) })
	ddl, err := sqlcontrol.DDL(sqlcontrol.Postgres, "dualgen_")
	require.NoError(t, err)
	look.MustExec(ddl) // by hand, as an owner does
	open := func(db *sqlx.DB) (*sqlcontrol.Backend, func()) {
		b, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "soak", Sweep: sweepAfter})
		require.NoError(t, err)
		return b, func() {
			assert.NoError(t, b.Close(context.Background()))
			assert.NoError(t, db.Close())
		}
	}
	// Sessions report when they end, and others within a second.
	cost := func(t *testing.T) (rows int64) {
		time.Sleep(1500 * time.Millisecond)
		require.NoError(t, look.Get(&rows, `SELECT COALESCE(sum(seq_tup_read + COALESCE(idx_tup_fetch, 0)), 0)
FROM pg_stat_user_tables WHERE schemaname = current_schema() AND relname = 'dualgen_entry'`))
		return rows
	}
	return place{
		name: "postgres", calls: 6000, burst: 20_000, cost: cost, rest: 3 * sweepAfter,
		open: func(t *testing.T) backend {
			b, closing := open(reach(""))
			return backend{b.Control(), b.Journal(), closing}
		},
		age: func(t *testing.T) {
			look.MustExec(`UPDATE dualgen_lease SET expires = expires - 25 * 3600 * 1000000::bigint`)
		},
		ageKeys: func(t *testing.T) {
			look.MustExec(`UPDATE dualgen_entry SET touched = touched - 3600 * 1000000::bigint WHERE dirty = 1`)
		},
		measure: func(t *testing.T, do func(context.Context, journal.Journal)) figures {
			before := cost(t)
			b, closing := open(reach(""))
			do(t.Context(), b.Journal())
			closing()
			f := figures{rowsRead: cost(t) - before}
			for _, table := range []string{"entry", "lease", "activity", "track", "meta"} {
				var rows int64
				require.NoError(t, look.Get(&rows, `SELECT count(*) FROM dualgen_`+table+` WHERE migration <> ''`))
				f["rows of "+table] = rows
			}
			return f
		},
	}
}
