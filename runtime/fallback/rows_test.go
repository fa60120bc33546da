package fallback_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// row is the entity of these tests.
type row struct {
	ID   string `db:"id"`
	Text string `db:"text"`
}

var errNoRow = errors.New("no such row")

// table is a store of rows: a table of Postgres, MariaDB or SQLite.
type table struct {
	db     *sqlx.DB
	upsert string
	joined string // a text and an argument
}

const (
	onConflict  = ` ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text`
	onDuplicate = ` ON DUPLICATE KEY UPDATE text = VALUES(text)`
)

func openTable(t testing.TB, driver, dsn, upsert string) table {
	t.Helper()
	db, err := sqlx.Open(driver, dsn)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16) // the default, 2, has most calls connect anew
	if driver == "sqlite" {
		db.SetMaxOpenConns(1)
	}
	_, err = db.Exec(`CREATE TABLE rows_of (id varchar(40) PRIMARY KEY, text varchar(40) NOT NULL)`)
	require.NoError(t, err)
	joined := `text || ?`
	if driver == "mysql" {
		joined = `CONCAT(text, ?)`
	}
	return table{db, upsert, joined}
}

func (s table) Get(ctx context.Context, id string) (r row, err error) {
	err = s.db.GetContext(ctx, &r, s.db.Rebind(`SELECT id, text FROM rows_of WHERE id = ?`), id)
	if errors.Is(err, sql.ErrNoRows) {
		err = errNoRow
	}
	return r, err
}

func (s table) Put(ctx context.Context, r row) error {
	_, err := s.db.ExecContext(ctx, s.db.Rebind(`INSERT INTO rows_of (id, text) VALUES (?, ?)`+s.upsert), r.ID, r.Text)
	return err
}

// Append changes a row that is there.
func (s table) Append(ctx context.Context, id, text string) error {
	_, err := s.db.ExecContext(ctx, s.db.Rebind(`UPDATE rows_of SET text = `+s.joined+` WHERE id = ?`), text, id)
	return err
}

func (s table) Delete(ctx context.Context, id string) error {
	_, err := s.db.ExecContext(ctx, s.db.Rebind(`DELETE FROM rows_of WHERE id = ?`), id)
	return err
}

func (s table) after(ctx context.Context, after string, limit int) (rows []row, next string, err error) {
	err = s.db.SelectContext(ctx, &rows, s.db.Rebind(`SELECT id, text FROM rows_of WHERE id > ? ORDER BY id LIMIT ?`), after, limit)
	if err == nil && len(rows) == limit {
		next = rows[limit-1].ID
	}
	return rows, next, err
}

// all returns what the table holds.
func (s table) all(t testing.TB) map[string]string {
	t.Helper()
	rows, _, err := s.after(t.Context(), "", 1<<20)
	require.NoError(t, err)
	all := map[string]string{}
	for _, r := range rows {
		all[r.ID] = r.Text
	}
	return all
}

// wrapper is a dual of two tables, as dualgen generates it.
type wrapper struct {
	stores                 [2]table
	migration              *dual.Migration
	get, put, append, drop *dual.Method
}

func rowKey(id string) dual.Key { return dual.Key{Kind: "Row", ID: id} }

func wrap(old, new table, m *dual.Migration) *wrapper {
	w := &wrapper{
		stores: [2]table{old, new}, migration: m,
		get:    m.Method(dual.MethodInfo{Name: "Rows.Get", Kind: dual.KindRead}),
		put:    m.Method(dual.MethodInfo{Name: "Rows.Put", Kind: dual.KindWrite}),
		append: m.Method(dual.MethodInfo{Name: "Rows.Append", Kind: dual.KindWrite, Mirror: dual.Copy}),
		drop:   m.Method(dual.MethodInfo{Name: "Rows.Delete", Kind: dual.KindDelete}),
	}
	dual.AddEntity(m, &w.stores, tableEntity())
	return w
}

// tableEntity says how rows are copied.
func tableEntity() dual.Entity[table, row] {
	return dual.Entity[table, row]{
		Kind: "Row",
		Key:  func(r row) dual.Key { return rowKey(r.ID) },
		Get: func(ctx context.Context, store table, key dual.Key) (row, bool, error) {
			r, err := store.Get(ctx, key.ID)
			if errors.Is(err, errNoRow) {
				return row{}, false, nil
			}
			return r, err == nil, err
		},
		Put:    func(ctx context.Context, store table, r row) error { return store.Put(ctx, r) },
		Delete: func(ctx context.Context, store table, key dual.Key) error { return store.Delete(ctx, key.ID) },
		Scan: func(ctx context.Context, store table, cursor string, limit int) ([]row, string, error) {
			return store.after(ctx, cursor, limit)
		},
		Diff: func(a, b row) []dual.Difference {
			if a == b {
				return nil
			}
			return []dual.Difference{{Path: "Text", Old: a.Text, New: b.Text}}
		},
	}
}

var readingRow = dual.Reading[string, row]{Absent: func(_ row, err error) bool { return errors.Is(err, errNoRow) }}

func (w *wrapper) Get(ctx context.Context, id string) (row, error) {
	call, err := w.migration.Begin(w.get)
	if err != nil {
		return row{}, err
	}
	defer call.End()
	return dual.Read(ctx, call, &w.stores, rowKey(id), id, &readingRow,
		func(ctx context.Context, store table, id string) (row, error) { return store.Get(ctx, id) })
}

func (w *wrapper) Put(ctx context.Context, r row) error {
	call, err := w.migration.Begin(w.put)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &w.stores, rowKey(r.ID), r, nil,
		func(ctx context.Context, store table, r row) error { return store.Put(ctx, r) })
}

func (w *wrapper) Append(ctx context.Context, id, text string) error {
	call, err := w.migration.Begin(w.append)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &w.stores, rowKey(id), row{id, text}, nil,
		func(ctx context.Context, store table, r row) error { return store.Append(ctx, r.ID, r.Text) })
}

func (w *wrapper) Delete(ctx context.Context, id string) error {
	call, err := w.migration.Begin(w.drop)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(ctx, call, &w.stores, rowKey(id), id, nil,
		func(ctx context.Context, store table, id string) error { return store.Delete(ctx, id) })
}

// fleet is one instance over Postgres and MariaDB, whose record and journal are in Postgres.
type fleet struct {
	*wrapper
	old, new table
	backend  *sqlcontrol.Backend
}

func open(t testing.TB, p phase.Phase, settings phase.Settings) *fleet {
	t.Helper()
	return openOn(t, servertest.Postgres(t), servertest.MariaDB(t)+"&interpolateParams=true", p, settings)
}

// openOn is open on databases that the caller knows.
func openOn(t testing.TB, old, new string, p phase.Phase, settings phase.Settings) *fleet {
	t.Helper()
	f := &fleet{old: openTable(t, "pgx", old, onConflict), new: openTable(t, "mysql", new, onDuplicate)}
	var err error
	f.backend, err = sqlcontrol.Open(f.old.db, sqlcontrol.Options{Dialect: sqlcontrol.Postgres, Migration: "rows"})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, f.backend.Close(context.Background())) })
	require.NoError(t, f.backend.Migrate(t.Context()))
	_, err = control.Update(t.Context(), f.backend.Control(), func(r *control.Record) error {
		r.Epoch, r.Phase, r.Settings, r.MirroredSince, r.MirroredFrom = 1, p, settings, 1, phase.Old
		r.Kinds, r.Proved = []string{"Row"}, []string{"Row"}
		if !p.Mirrored() {
			r.MirroredSince = 0
		}
		return nil
	})
	require.NoError(t, err)
	m, err := dual.NewMigration(f.config())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, m.Close(context.Background())) })
	f.wrapper = wrap(f.old, f.new, m)
	require.Eventually(t, func() bool { return m.Phase() == p && (m.Ready() == nil || settings.Freeze == phase.FreezeAll) }, enough, pause)
	return f
}
