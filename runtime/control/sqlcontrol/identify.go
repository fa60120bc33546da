package sqlcontrol

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"github.com/dualgen/dualgen/runtime/control"
)

// whereabouts is one row of one text that names the database, the same from wherever it is reached.
var whereabouts = map[Dialect]string{
	Postgres: `SELECT 'postgres ' || system_identifier || ' ' || current_database() || ' ' || current_schema() FROM pg_control_system()`,
	MariaDB:  `SELECT CONCAT('mariadb ', @@hostname, ' ', @@port, ' ', @@datadir, ' ', DATABASE())`,
	MySQL:    `SELECT CONCAT('mysql ', @@server_uuid, ' ', DATABASE())`,
	SQLite:   `SELECT 'sqlite ' || file FROM pragma_database_list WHERE name = 'main'`,
}

// columns lists what makes a table's schema, a text a column.
var columns = map[Dialect]string{
	Postgres: `SELECT concat_ws(' ', column_name, udt_name, is_nullable, character_maximum_length, numeric_precision, numeric_scale, datetime_precision)
FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ? ORDER BY 1`,
	MariaDB: `SELECT CONCAT_WS(' ', column_name, column_type, is_nullable) FROM information_schema.columns
WHERE table_schema = DATABASE() AND table_name = ? ORDER BY 1`,
	SQLite: `SELECT name || ' ' || type || ' ' || "notnull" FROM pragma_table_info(?) ORDER BY 1`,
}

// Identify is for dual.Config.Identify: which tables of which database these are, and what columns they have. Name the tables
// that one of the two stores keeps its entities in; two stores in one database have different ones. A table that is not
// there is an error.
//
// Where old and new are columns of one table, name those too: "users(id, doc_v1)" and "users(id, doc_v2)". The other columns are
// then no part of the store's schema.
//
//	Identify: func(ctx context.Context, store dual.Store) (control.Identity, error) {
//		return sqlcontrol.Identify(ctx, databases[store], sqlcontrol.Postgres, "users", "orders")
//	},
func Identify(ctx context.Context, db *sqlx.DB, dialect Dialect, tables ...string) (control.Identity, error) {
	if _, err := grammarOf(dialect); err != nil {
		return control.Identity{}, err
	}
	if len(tables) == 0 {
		return control.Identity{}, errors.New("sqlcontrol: identify a store: name its tables")
	}
	var where string
	if err := db.GetContext(ctx, &where, whereabouts[dialect]); err != nil {
		return control.Identity{}, fmt.Errorf("sqlcontrol: identify a store: %w", err)
	}
	tables = slices.Clone(tables)
	slices.Sort(tables)
	schema := sha256.New()
	for i, said := range tables {
		table, only := tableAndColumns(said)
		found, err := columnsOf(ctx, db, dialect, table)
		if err == nil {
			found, err = among(found, table, only)
		}
		if err != nil {
			return control.Identity{}, err
		}
		tables[i] = table
		if len(only) > 0 {
			tables[i] += "(" + strings.Join(only, ", ") + ")"
		}
		fmt.Fprintf(schema, "%s\n%s\n\n", table, strings.Join(found, "\n"))
	}
	return control.Identity{
		Store:   where + ": " + strings.Join(tables, ", "),
		Schema:  hex.EncodeToString(schema.Sum(nil)[:8]),
		Timeout: timeoutOf(ctx, db, dialect),
	}, nil
}

// tableAndColumns takes "users(id, doc)" apart. Without columns, all are meant.
func tableAndColumns(said string) (table string, only []string) {
	table, rest, ok := strings.Cut(said, "(")
	if !ok {
		return said, nil
	}
	for _, name := range strings.Split(strings.TrimSuffix(strings.TrimSpace(rest), ")"), ",") {
		only = append(only, strings.TrimSpace(name))
	}
	slices.Sort(only)
	return strings.TrimSpace(table), only
}

// among are the descriptions of some columns, which begin with their names; of all where none is named.
func among(described []string, table string, only []string) (found []string, err error) {
	if len(only) == 0 {
		return described, nil
	}
	for _, name := range only {
		i := slices.IndexFunc(described, func(d string) bool { return strings.HasPrefix(d, name+" ") })
		if i < 0 {
			return nil, fmt.Errorf("sqlcontrol: look at the columns of %s: there is no column %q", table, name)
		}
		found = append(found, described[i])
	}
	return found, nil
}

func columnsOf(ctx context.Context, db *sqlx.DB, dialect Dialect, table string) ([]string, error) {
	statement, ok := columns[dialect]
	if !ok {
		statement = columns[MariaDB]
	}
	var found []string
	err := db.SelectContext(ctx, &found, db.Rebind(statement), table)
	if err == nil && len(found) == 0 {
		err = errors.New("there is no such table")
	}
	if err != nil {
		return nil, fmt.Errorf("sqlcontrol: look at the columns of %s: %w", table, err)
	}
	return found, nil
}

// timeouts ask how long a statement of the session may take, in milliseconds; 0 is for ever.
var timeouts = map[Dialect]string{
	Postgres: `SELECT setting::bigint FROM pg_settings WHERE name = 'statement_timeout'`,
	MariaDB:  `SELECT CAST(@@max_statement_time * 1000 AS SIGNED)`,
}

// timeoutOf returns how long a statement may take: negative for ever, 0 where it is not known.
func timeoutOf(ctx context.Context, db *sqlx.DB, dialect Dialect) time.Duration {
	question, known := timeouts[dialect]
	var millis int64
	if !known || db.GetContext(ctx, &millis, question) != nil {
		return 0
	}
	if millis == 0 {
		return -1
	}
	return time.Duration(millis) * time.Millisecond
}
