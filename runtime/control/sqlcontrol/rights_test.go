package sqlcontrol

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/controltest"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// household is a database with an owner, and an application that may do less.
type household struct {
	dialect Dialect
	owner   *sqlx.DB
	app     *sqlx.DB
	role    string // the application's, as GRANT names it
	table   string // what stands before a table's name in a GRANT
}

func households(t *testing.T) []household {
	t.Helper()
	return []household{postgresHousehold(t), mariaHousehold(t)}
}

func newRole(t *testing.T, owner *sqlx.DB, create, drop string) string {
	t.Helper()
	role := "app_" + strings.ToLower(rand.Text()[:10])
	owner.MustExec(fmt.Sprintf(create, role))
	t.Cleanup(func() {
		for statement := range strings.SplitSeq(fmt.Sprintf(drop, role), ";") {
			_, err := owner.Exec(statement)
			assert.NoError(t, err)
		}
	})
	return role
}

func postgresHousehold(t *testing.T) household {
	t.Helper()
	dsn, err := url.Parse(servertest.Postgres(t))
	require.NoError(t, err)
	owner := opener("pgx", dsn.String())(t)
	role := newRole(t, owner, `CREATE ROLE %s LOGIN PASSWORD 'app'`, `DROP OWNED BY %[1]s; DROP ROLE %[1]s`)
	schema := dsn.Query().Get("search_path")
	owner.MustExec(`GRANT USAGE ON SCHEMA "` + schema + `" TO ` + role)
	dsn.User = url.UserPassword(role, "app")
	return household{Postgres, owner, opener("pgx", dsn.String())(t), role, `"` + schema + `".`}
}

func mariaHousehold(t *testing.T) household {
	t.Helper()
	config, err := mysqldriver.ParseDSN(servertest.MariaDB(t) + "&interpolateParams=true")
	require.NoError(t, err)
	owner := opener("mysql", config.FormatDSN())(t)
	role := newRole(t, owner, `CREATE USER %s IDENTIFIED BY 'app'`, `DROP USER %s`)
	// A user without any right does not reach the database.
	owner.MustExec("CREATE TABLE elsewhere (id int)")
	owner.MustExec("GRANT SELECT ON `" + config.DBName + "`.elsewhere TO " + role)
	table := "`" + config.DBName + "`."
	config.User, config.Passwd = role, "app"
	return household{MariaDB, owner, opener("mysql", config.FormatDSN())(t), role, table}
}

// create runs the printed DDL as the owner, and grants the application rights.
func (h household) create(t *testing.T, rights string) {
	t.Helper()
	ddl, err := DDL(h.dialect, "")
	require.NoError(t, err)
	for statement := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(ddl), ";"), ";\n") {
		h.owner.MustExec(statement)
	}
	for _, table := range tableNames {
		h.owner.MustExec("GRANT " + rights + " ON " + h.table + "dualgen_" + table + " TO " + h.role)
	}
}

func (h household) backend(t *testing.T, options Options) *Backend {
	t.Helper()
	options.Dialect, options.Migration = h.dialect, cmp.Or(options.Migration, "rights")
	b, err := Open(h.app, options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
	return b
}

func eachHousehold(t *testing.T, test func(t *testing.T, h household)) {
	t.Helper()
	for _, h := range households(t) {
		t.Run(string(h.dialect), func(t *testing.T) { test(t, h) })
	}
}

// The owner runs the printed DDL, and the application has the four rights: all works, whether it runs Migrate or not.
func TestLeastPrivilege(t *testing.T) {
	eachHousehold(t, func(t *testing.T, h household) {
		h.create(t, "SELECT, INSERT, UPDATE, DELETE")
		migrations := 0
		controltest.Run(t, func(t *testing.T) control.Control {
			migrations++
			b := h.backend(t, Options{Migration: fmt.Sprint("m", migrations)})
			require.NoError(t, b.Migrate(t.Context()))
			return b.Control()
		})
		h.useJournal(t)
	})
}

// useJournal runs every statement of a journal.
func (h household) useJournal(t *testing.T) {
	t.Helper()
	ctx, b := t.Context(), h.backend(t, Options{Migration: "unmigrated", Sweep: time.Nanosecond})
	j := b.journal
	_, err := j.Incarnation(ctx)
	require.NoError(t, err, "the migration's row is made where it is missed")
	require.NoError(t, j.Renew(ctx, "me", time.Minute))
	_, err = j.Track(ctx, "track")
	require.NoError(t, err)
	token, err := j.Begin(ctx, "me", key, phase.Old)
	require.NoError(t, err)
	require.NoError(t, j.End(ctx, key, token, true))
	whole := journal.Key{Kind: key.Kind, Whole: true}
	tokens, err := j.BeginMany(ctx, "me", []journal.Key{whole, key}, phase.Old)
	require.NoError(t, err)
	require.NoError(t, j.EndMany(ctx, []journal.Key{whole, key}, tokens, true))
	require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	token, ok, err := j.BeginCopy(ctx, "me", key, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, j.Fail(ctx, key, token, "cause", 1))
	_, err = j.Unclean(ctx, journal.Query{Quarantined: true})
	require.NoError(t, err)
	require.NoError(t, j.Renew(ctx, "me", time.Minute))
	j.tidier.work.Wait()
	require.NoError(t, j.Renew(ctx, "other", time.Nanosecond), "the sweep had no error")
	_, err = j.Expire(ctx)
	require.NoError(t, err)
	_, err = j.Activity(ctx, key.Kind, 0)
	require.NoError(t, err)
	require.NoError(t, j.Untrack(ctx, "track"))
}

// Without the tables, a role that may not create them is told who can, and by what.
func TestMigrateWithoutTheRight(t *testing.T) {
	eachHousehold(t, func(t *testing.T, h household) {
		err := h.backend(t, Options{}).Migrate(t.Context())
		require.ErrorContains(t, err, "let their owner run what sqlcontrol.DDL prints")
	})
}

// A mistake of the drill: a right is lacking. The fleet does not begin to write both stores, and the refusal says what to grant.
func TestDrillWrongPrivileges(t *testing.T) {
	eachHousehold(t, func(t *testing.T, h household) {
		h.create(t, "SELECT, INSERT, UPDATE, DELETE")
		h.owner.MustExec("REVOKE INSERT, DELETE ON " + h.table + "dualgen_entry FROM " + h.role)
		ctx, b := t.Context(), h.backend(t, Options{})
		require.NoError(t, control.Init(ctx, b.Control(), "test"))
		m, err := dual.NewMigration(dual.Config{
			Name: "drill", Control: b.Control(), Journal: b.Journal(), Logger: slog.New(slog.DiscardHandler),
			Identify: dual.Fingerprints("old", "new"),
		})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, m.Close(context.Background())) })
		require.NoError(t, m.Ready(), "one store needs no journal")
		coordinator := control.NewCoordinator(b.Control(), b.Journal())
		remedy := ""
		servertest.Eventually(t, func(c *servertest.Try) {
			_, err := coordinator.Advance(ctx, control.Step{})
			if assert.ErrorContains(c, err, "GRANT INSERT, DELETE ON dualgen_entry TO ") {
				_, remedy, _ = strings.Cut(err.Error(), "owner run ")
				remedy, _, _ = strings.Cut(remedy, ";")
			}
		}, enough, 50*time.Millisecond)
		record, err := b.Control().Load(ctx)
		require.NoError(t, err)
		require.Equal(t, phase.OldOnly, record.Phase)

		h.owner.MustExec(remedy) // as it is written
		servertest.Eventually(t, func(c *servertest.Try) {
			_, err := coordinator.Advance(ctx, control.Step{})
			assert.NoError(c, err)
		}, enough, 50*time.Millisecond) // the remedy works
	})
}
