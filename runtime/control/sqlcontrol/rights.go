package sqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// tableNames are the tables, as statements name them.
var tableNames = []string{"entry", "activity", "track", "lease", "meta", "record", "instance", "checkpoint", "longkey"}

// uses are statements that change nothing, and need the right that they are named for.
var uses = []struct{ right, statement string }{
	{"SELECT", `SELECT count(*) FROM {table} WHERE migration = '' AND 1 = 0`},
	{"INSERT", `INSERT INTO {table}{columns} SELECT {all} FROM {table} WHERE 1 = 0`},
	{"UPDATE", `UPDATE {table} SET migration = migration WHERE migration = '' AND 1 = 0`},
	{"DELETE", `DELETE FROM {table} WHERE migration = '' AND 1 = 0`},
}

// errRights: the database refused a statement for want of a right.
var errRights = errors.New("this role lacks a right")

// checkRights returns an error that names every right which is lacking, and ErrTables where the tables are of another version. A role that may only read is not let in as an
// instance, which would fail at its first write.
func (d *database) checkRights(ctx context.Context) error {
	var lacking []string
	for _, table := range tableNames {
		var rights []string
		words := strings.NewReplacer("{table}", "{"+table+"}", "{columns}", "", "{all}", "*")
		if table == "entry" { // has columns that nobody may write; of an earlier version's, checkVersion tells
			words = strings.NewReplacer("{table}", "{entry}", "{columns}", " ("+written1+")", "{all}", written1)
		}
		for _, use := range uses {
			_, err := d.exec(ctx, "look at the table "+d.prefix+table, words.Replace(use.statement))
			switch {
			case forbidden(err):
				rights = append(rights, use.right)
			case err != nil:
				return err
			}
		}
		if len(rights) > 0 {
			lacking = append(lacking, fmt.Sprintf("GRANT %s ON %s%s TO %s", strings.Join(rights, ", "), d.prefix, table, d.role(ctx)))
		}
	}
	if lacking == nil {
		return d.checkVersion(ctx)
	}
	return fmt.Errorf("sqlcontrol: %w: let the tables' owner run %s;", errRights, strings.Join(lacking, "; "))
}

// role names who runs the statements, as a GRANT does.
func (d *database) role(ctx context.Context) (name string) {
	statement := `SELECT quote_ident(current_user)`
	if d.dialect != Postgres {
		statement = `SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1)))`
	}
	if err := d.get(ctx, "ask for the role", &name, statement); err != nil {
		return "the role of this instance"
	}
	return name
}

// remedy says what to do about an error that only a person can mend; empty for any other.
func remedy(err error) string {
	switch {
	case forbidden(err):
		return " (the tables' owner must grant SELECT, INSERT, UPDATE and DELETE on them to this role: docs/journal.md, Tables)"
	case unknownTable(err):
		return " (the tables are not there, or of an earlier version: let their owner run Migrate: docs/journal.md, Tables)"
	case unknownColumn(err):
		return " (the tables are of an earlier version: let their owner run Migrate: docs/journal.md, Tables)"
	case pooled(err):
		return " (a pooler that shares connections between transactions is in between, and statements are prepared: " +
			"with pgx, add default_query_exec_mode=exec to the data source name: docs/control.md, PgBouncer)"
	}
	return ""
}

// pooled reports whether a prepared statement was looked for in another connection than it was prepared in.
func pooled(err error) bool {
	switch sqlState(err) {
	case "26000", "42P05": // there is none of that name; there is one already
		return true
	case "08P01":
		return strings.Contains(err.Error(), "prepared statement")
	}
	return false
}

// unknownTable reports whether there is no such table.
func unknownTable(err error) bool {
	if state := sqlState(err); state != "" {
		return state == "42P01"
	}
	return strings.Contains(err.Error(), "Error 1146") || strings.Contains(err.Error(), "no such table")
}

// unknownColumn reports whether a table lacks a column.
func unknownColumn(err error) bool {
	if state := sqlState(err); state != "" {
		return state == "42703"
	}
	for _, text := range []string{"Error 1054", "no such column", "has no column named"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}

// forbidden reports whether the database refused a statement for want of a right. MySQL: 1142 and 1143 on a table, 1044 on a
// database, 1227 in general.
func forbidden(err error) bool {
	if err == nil {
		return false
	}
	if state := sqlState(err); state != "" {
		return state == "42501"
	}
	for _, text := range []string{"Error 1142", "Error 1143", "Error 1044", "Error 1227"} {
		if strings.Contains(err.Error(), text) {
			return true
		}
	}
	return false
}
