package walk

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
)

// SQLite is a backend in a file, for the driver "sqlite", which the caller imports.
func SQLite(ctx context.Context, path string) (Backend, error) {
	db, err := sqlx.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate")
	if err != nil {
		return Backend{}, err
	}
	return SQL(ctx, db, sqlcontrol.SQLite)
}

// SQL is a backend in a database, which it closes.
func SQL(ctx context.Context, db *sqlx.DB, dialect sqlcontrol.Dialect) (Backend, error) {
	control, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: dialect, Migration: "walk"})
	if err == nil {
		err = control.Migrate(ctx)
	}
	if err != nil {
		return Backend{}, errors.Join(err, db.Close())
	}
	return Backend{Control: control.Control(), Journal: control.Journal(), Close: db.Close}, nil
}
