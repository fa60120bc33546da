// Package sqlitestore keeps packages in SQLite, in normalised tables.
package sqlitestore

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"
	"net/url"

	"github.com/jmoiron/sqlx"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed schema.sql
var schema string

// ErrNoRow is returned where a package is not there.
var ErrNoRow = sql.ErrNoRows

// Store is a SQLite database file.
type Store struct {
	db          *sqlx.DB
	interceptor Interceptor
}

// Open opens the database file, or makes it.
func Open(ctx context.Context, path string) (*Store, error) {
	options := url.Values{
		"_pragma": {"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(NORMAL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}
	db, err := sqlx.Open("sqlite", "file:"+url.PathEscape(path)+"?"+options.Encode())
	if err != nil {
		return nil, fmt.Errorf("open sqlite: %w", err)
	}
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("create sqlite schema: %w", err)
	}
	return &Store{db: db}, nil
}

// Close closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Find returns the package of that name, or ErrNoRow.
func (s *Store) Find(ctx context.Context, name string) (*Package, error) {
	var p Package
	err := s.view(ctx, "Find", name, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &p, `SELECT * FROM packages WHERE name = ?`, name); err != nil {
			return err
		}
		return details(ctx, tx, []*Package{&p})
	})
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", name, err)
	}
	return &p, nil
}

// ListSection lists the packages of a section after a name, by name.
func (s *Store) ListSection(ctx context.Context, section, after string, limit int) ([]*Package, error) {
	page, err := s.list(ctx, "ListSection", `SELECT * FROM packages WHERE section = ? AND name > ? ORDER BY name LIMIT ?`, section, after, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("list section %s: %w", section, err)
	}
	return page, nil
}

// NamesIn lists the names of a section's packages.
func (s *Store) NamesIn(ctx context.Context, section string) ([]string, error) {
	var names []string
	err := s.view(ctx, "NamesIn", "", func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &names, `SELECT name FROM packages WHERE section = ? ORDER BY name`, section)
	})
	if err != nil {
		return nil, fmt.Errorf("names in section %s: %w", section, err)
	}
	return names, nil
}

// List lists the packages after the cursor, which is the last name of the page before.
func (s *Store) List(ctx context.Context, cursor string, limit int) ([]*Package, string, error) {
	limit = max(limit, 0)
	page, err := s.list(ctx, "List", `SELECT * FROM packages WHERE name > ? ORDER BY name LIMIT ?`, cursor, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("list after %q: %w", cursor, err)
	}
	if len(page) <= limit || limit == 0 {
		return page[:min(limit, len(page))], "", nil
	}
	return page[:limit], page[limit-1].Name, nil // there is one more
}

// Count returns the number of packages.
func (s *Store) Count(ctx context.Context) (int64, error) {
	var count int64
	err := s.view(ctx, "Count", "", func(tx *sqlx.Tx) error {
		return tx.GetContext(ctx, &count, `SELECT count(*) FROM packages`)
	})
	if err != nil {
		return 0, fmt.Errorf("count packages: %w", err)
	}
	return count, nil
}

func (s *Store) list(ctx context.Context, method, query string, args ...any) ([]*Package, error) {
	var page []*Package
	err := s.view(ctx, method, "", func(tx *sqlx.Tx) error {
		if err := tx.SelectContext(ctx, &page, query, args...); err != nil {
			return err
		}
		return details(ctx, tx, page)
	})
	return page, err
}

// view runs reads that see one state of the database.
func (s *Store) view(ctx context.Context, method, key string, read func(*sqlx.Tx) error) error {
	return s.call(ctx, method, key, func(ctx context.Context) error {
		tx, err := s.db.BeginTxx(ctx, &sql.TxOptions{ReadOnly: true})
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // nothing was written
		return read(tx)
	})
}

// details reads the packages' dependencies and tags.
func details(ctx context.Context, tx *sqlx.Tx, packages []*Package) error {
	if len(packages) == 0 {
		return nil
	}
	byName := make(map[string]*Package, len(packages))
	names := make([]string, len(packages))
	for i, p := range packages {
		byName[p.Name], names[i] = p, p.Name
	}
	var dependencies []struct {
		Package string `db:"package"`
		Dependency
	}
	if err := selectIn(ctx, tx, &dependencies,
		`SELECT package, target, relation FROM dependencies WHERE package IN (?) ORDER BY package, position`, names); err != nil {
		return err
	}
	for _, row := range dependencies {
		byName[row.Package].Depends = append(byName[row.Package].Depends, row.Dependency)
	}
	var tags []struct {
		Package string `db:"package"`
		Tag     string `db:"tag"`
	}
	if err := selectIn(ctx, tx, &tags, `SELECT package, tag FROM tags WHERE package IN (?) ORDER BY package, tag`, names); err != nil {
		return err
	}
	for _, row := range tags {
		byName[row.Package].Tags = append(byName[row.Package].Tags, row.Tag)
	}
	return nil
}

func selectIn(ctx context.Context, tx *sqlx.Tx, rows any, query string, names []string) error {
	query, args, err := sqlx.In(query, names)
	if err != nil {
		return err
	}
	return tx.SelectContext(ctx, rows, query, args...)
}
