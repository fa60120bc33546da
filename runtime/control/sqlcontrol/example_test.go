package sqlcontrol_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/jmoiron/sqlx"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/sqlcontrol"
	"github.com/dualgen/dualgen/runtime/dual"
)

// A fleet keeps flags and journal in one database; here it is a file, for the processes of one machine.
func ExampleOpen() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "sqlcontrol")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(folder)
	const pragmas = "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_txlock=immediate"
	db, err := sqlx.Open("sqlite", "file:"+filepath.Join(folder, "migration.db")+pragmas)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer db.Close()

	backend, err := sqlcontrol.Open(db, sqlcontrol.Options{Dialect: sqlcontrol.SQLite, Migration: "shop-users"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer backend.Close(ctx)
	fmt.Println(backend.Migrate(ctx), control.Init(ctx, backend.Control(), "example"))

	migration, err := dual.NewMigration(dual.Config{
		Control: backend.Control(), Journal: backend.Journal(), Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer migration.Close(ctx)
	record, err := migration.Control().Load(ctx)
	fmt.Println(record.Phase, err)
	// Output:
	// <nil> <nil>
	// OldOnly <nil>
}
