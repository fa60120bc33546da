package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/convert"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// member is the entity of a bypassed migration.
type member struct {
	Team string `db:"team"`
	No   int64  `db:"no"`
	Name string `db:"name"`
}

func (m member) key() dual.Key {
	return dual.Key{Kind: "Member", ID: convert.JoinKey(m.Team, convert.FormatInt(m.No))}
}

// shelf is a store: one table.
type shelf struct {
	db    *sqlx.DB
	table string
}

func (s *shelf) get(ctx context.Context, team string, no int64) (m member, found bool, err error) {
	err = s.db.GetContext(ctx, &m, `SELECT team, no, name FROM `+s.table+` WHERE team = $1 AND no = $2`, team, no)
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, nil
	}
	return m, err == nil, err
}

func (s *shelf) put(ctx context.Context, m member) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO `+s.table+` (team, no, name) VALUES ($1, $2, $3)
ON CONFLICT (team, no) DO UPDATE SET name = excluded.name`, m.Team, m.No, m.Name)
	return err
}

func (s *shelf) delete(ctx context.Context, team string, no int64) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM `+s.table+` WHERE team = $1 AND no = $2`, team, no)
	return err
}

func parseMember(key dual.Key) (team string, no int64, err error) {
	parts, err := convert.SplitKey(key.ID, 2)
	if err != nil {
		return "", 0, err
	}
	no, err = strconv.ParseInt(parts[1], 10, 64)
	return parts[0], no, err
}

// members says how members are copied.
func members() dual.Entity[*shelf, member] {
	return dual.Entity[*shelf, member]{
		Kind: "Member", Key: member.key,
		Get: func(ctx context.Context, s *shelf, key dual.Key) (member, bool, error) {
			team, no, err := parseMember(key)
			if err != nil {
				return member{}, false, err
			}
			return s.get(ctx, team, no)
		},
		Put: func(ctx context.Context, s *shelf, m member) error { return s.put(ctx, m) },
		Delete: func(ctx context.Context, s *shelf, key dual.Key) error {
			team, no, err := parseMember(key)
			if err != nil {
				return err
			}
			return s.delete(ctx, team, no)
		},
	}
}

// bypassed is a migration between two tables of the journal's own database, and a connection that knows nothing of it.
type bypassed struct {
	t         *testing.T
	psql      *sqlx.DB
	backend   *Backend
	migration *dual.Migration
	stores    [2]*shelf
	method    *dual.Method
}

// newBypassed builds one. The stores' connections have the setting dualgen.through, if any.
func newBypassed(t *testing.T, through string) *bypassed {
	t.Helper()
	dsn := servertest.Postgres(t)
	b := &bypassed{t: t, psql: opener("pgx", dsn)(t)}
	for _, table := range []string{"members_old", "members_new"} {
		b.psql.MustExec(`CREATE TABLE ` + table + ` (team text NOT NULL, no bigint NOT NULL, name text NOT NULL, PRIMARY KEY (team, no))`)
	}
	stores := opener("pgx", dsn+through)(t)
	b.stores = [2]*shelf{{stores, "members_old"}, {stores, "members_new"}}
	var err error
	b.backend, err = Open(b.psql, Options{Dialect: Postgres, Migration: "m", Poll: 5 * time.Millisecond, Sweep: 50 * time.Millisecond})
	require.NoError(t, err)
	ctx := context.WithoutCancel(t.Context()) // which ends before the clean-up
	t.Cleanup(func() { assert.NoError(t, b.backend.Close(ctx)) })
	require.NoError(t, b.backend.Migrate(ctx))
	require.NoError(t, control.Init(ctx, b.backend.Control(), "test"))
	for _, store := range b.stores {
		require.NoError(t, b.backend.MigrateBypass(ctx, watched(store.table)))
	}
	b.migration, err = dual.NewMigration(dual.Config{
		Control: b.backend.Control(), Journal: b.backend.Journal(), Settle: time.Millisecond,
		Identify: dual.Fingerprints("members_old", "members_new"),
		Logger:   slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.migration.Close(ctx)) })
	dual.AddEntity(b.migration, &b.stores, members())
	b.method = b.migration.Method(dual.MethodInfo{Name: "Members.Put", Kind: dual.KindWrite, Mirror: dual.Replay})
	return b
}

// throughDSN is how a store's connections say that their writes are the wrapper's.
const throughDSN = "&options=-c%20dualgen.through%3Don"

func watched(table string) Bypass {
	return Bypass{Table: table, Kind: "Member", Key: []string{"team", "no"}}
}

// enter stores a flag record of that phase, without gates, and waits until the instance follows.
func (b *bypassed) enter(p phase.Phase) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.t.Context(), enough)
	defer cancel()
	_, err := control.Update(ctx, b.backend.Control(), func(r *control.Record) error {
		r.Epoch, r.Phase, r.Kinds = r.Epoch+1, p, []string{"Member"}
		r.Proved = r.Kinds
		return nil
	})
	require.NoError(b.t, err)
	require.Eventually(b.t, func() bool {
		_, err := control.Settled(ctx, b.backend.Control())
		return err == nil && b.migration.Phase() == p
	}, enough, 5*time.Millisecond)
}

// put writes as a wrapper does.
func (b *bypassed) put(ctx context.Context, m member) error {
	call, err := b.migration.Begin(b.method)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &b.stores, m.key(), m, nil,
		func(ctx context.Context, store *shelf, m member) error { return store.put(ctx, m) })
}

// reconcile copies until no key is unclean, and returns how many copies that took.
func (b *bypassed) reconcile() int {
	b.t.Helper()
	copied := 0
	require.Eventually(b.t, func() bool {
		pass, err := reconcile.New(b.migration, reconcile.Config{Rate: -1}).Once(b.t.Context())
		copied += pass.Copied
		return err == nil && len(b.unclean()) == 0
	}, enough, 2*time.Millisecond)
	return copied
}

func (b *bypassed) unclean() []journal.Entry {
	b.t.Helper()
	entries, err := b.backend.journal.Unclean(context.Background(), journal.Query{Limit: 1 << 20})
	require.NoError(b.t, err)
	return entries
}

// rows lists a store.
func (b *bypassed) rows(position phase.Store) []member {
	b.t.Helper()
	var rows []member
	err := b.psql.SelectContext(b.t.Context(), &rows, `SELECT team, no, name FROM `+b.stores[position].table+` ORDER BY 1, 2`)
	require.NoError(b.t, err)
	return rows
}

func (b *bypassed) exec(statement string, args ...any) {
	b.t.Helper()
	_, err := b.psql.ExecContext(b.t.Context(), statement, args...)
	require.NoError(b.t, err)
}
