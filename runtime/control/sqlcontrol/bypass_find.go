package sqlcontrol

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// bypassPlace is where a trigger and its function stand, quoted and with schemas: whoever fires the trigger has a search
// path of his own.
type bypassPlace struct {
	Table    string `db:"watched"`
	RelKind  string `db:"relkind"`
	Schema   string `db:"journal_schema"`
	Encoding string `db:"encoding"`
	name     string // of the trigger and of its function
}

func (p bypassPlace) function() string { return p.Schema + "." + p.name }

// prefix is that of the journal's tables with their schema.
func (p bypassPlace) prefix(prefix string) string { return p.Schema + "." + unqualified(prefix) }

func unqualified(prefix string) string { return prefix[strings.LastIndexByte(prefix, '.')+1:] }

const (
	findTable = `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS watched, c.relkind::text AS relkind,
	(SELECT quote_ident(jn.nspname) FROM pg_class j JOIN pg_namespace jn ON jn.oid = j.relnamespace WHERE j.oid = '{entry}'::regclass) AS journal_schema,
	current_setting('server_encoding') AS encoding
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = to_regclass(?)`
	// findColumns looks through a domain to the type that it is made of.
	findColumns = `SELECT a.attname AS plain, quote_ident(a.attname) AS quoted, a.attnotnull AS filled,
	format_type(COALESCE(NULLIF(t.typbasetype, 0), t.oid), NULL) AS type
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped`
)

// maxIdentifier is the longest name in Postgres; what is longer is cut.
const maxIdentifier = 63

func (b Bypass) refused(format string, args ...any) error {
	return fmt.Errorf("sqlcontrol: watch writes of %s that bypass the wrapper: %s", b.Table, fmt.Sprintf(format, args...))
}

// findBypass finds the table and the journal's schema.
func (b *Backend) findBypass(ctx context.Context, bypass Bypass) (bypassPlace, error) {
	var place bypassPlace
	if b.dialect != Postgres {
		return place, bypass.refused("that needs Postgres, not %s: only there can a trigger wait for the commit and be told by a session whose writes these are", b.dialect)
	}
	err := b.get(ctx, "find the table", &place, findTable, bypass.Table)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return place, bypass.refused("there is no such table in the journal's database; a trigger reaches no other")
	case err != nil:
		return place, err
	case place.RelKind != "r" && place.RelKind != "p":
		return place, bypass.refused("it is no table")
	case place.Encoding != "UTF8":
		return place, bypass.refused("the database's encoding is %s, not UTF8", place.Encoding)
	}
	sum := sha256.Sum256([]byte(b.options.Migration + "\x00" + place.Table + "\x00" + bypass.Kind))
	place.name = unqualified(b.prefix) + "bypass_" + hex.EncodeToString(sum[:5])
	if len(place.name) > maxIdentifier {
		return place, bypass.refused("the prefix %q is too long", b.prefix)
	}
	return place, nil
}

// keyTypes are the types whose text is the same in Postgres and in the wrapper's key. A type that pads, folds case or has
// several texts for one value is not among them.
var keyTypes = map[string]bool{
	"text": true, "character varying": true, "smallint": true, "integer": true, "bigint": true, "uuid": true, "boolean": true,
}

// keyColumns returns the key's columns, quoted.
func (b *Backend) keyColumns(ctx context.Context, bypass Bypass) ([]string, error) {
	if len(bypass.Key) == 0 {
		return nil, bypass.refused("name the columns of the key")
	}
	var found []struct {
		Plain, Quoted, Type string
		Filled              bool
	}
	if err := b.query(ctx, "find the table's columns", &found, findColumns, bypass.Table); err != nil {
		return nil, err
	}
	columns := make([]string, len(bypass.Key))
	for i, name := range bypass.Key {
		for _, c := range found {
			if c.Plain != name {
				continue
			}
			if !keyTypes[c.Type] {
				return nil, bypass.refused("column %s is of type %s; a key is made of text, integers, uuid and boolean", name, c.Type)
			}
			if !c.Filled {
				return nil, bypass.refused("column %s may be NULL, which no key is", name)
			}
			columns[i] = c.Quoted
		}
		if columns[i] == "" {
			return nil, bypass.refused("it has no column %q", name)
		}
	}
	return columns, nil
}
