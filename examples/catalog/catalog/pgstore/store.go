// Package pgstore keeps packages in a Postgres table.
package pgstore

import (
	"context"
	"database/sql"
	_ "embed"
	"fmt"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/jmoiron/sqlx"
)

//go:embed schema.sql
var schema string

// ErrNoRow is returned where a package is not there.
var ErrNoRow = sql.ErrNoRows

// maxConnections bounds what one process takes of the server.
const maxConnections = 16

// Store is a Postgres database.
type Store struct {
	db          *sqlx.DB
	interceptor Interceptor
}

// Open connects to the database of that URL and makes the table if there is none.
func Open(ctx context.Context, url string) (*Store, error) {
	db, err := sqlx.ConnectContext(ctx, "pgx", url)
	if err != nil {
		return nil, fmt.Errorf("connect to postgres: %w", err)
	}
	db.SetMaxOpenConns(maxConnections)
	db.SetMaxIdleConns(maxConnections)
	if _, err := db.ExecContext(ctx, schema); err != nil {
		db.Close()
		return nil, fmt.Errorf("create postgres schema: %w", err)
	}
	return &Store{db: db}, nil
}

// Close closes the connections.
func (s *Store) Close() error { return s.db.Close() }

// Get returns the package of that id, or ErrNoRow.
func (s *Store) Get(ctx context.Context, id uuid.UUID) (*Package, error) {
	var row Package
	err := s.call(ctx, "Get", id.String(), func(ctx context.Context) error {
		return s.db.GetContext(ctx, &row, `SELECT * FROM packages WHERE id = $1`, id)
	})
	if err != nil {
		return nil, fmt.Errorf("get package %s: %w", id, err)
	}
	return &row, nil
}

// Upsert adds a package, or replaces the one of its id.
func (s *Store) Upsert(ctx context.Context, row *Package) error {
	err := s.call(ctx, "Upsert", row.ID.String(), func(ctx context.Context) error {
		_, err := s.db.ExecContext(ctx, `
			INSERT INTO packages (id, name, version, section, priority, maintainer, homepage, size, installed_size, depends, tags, updated)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, '{}'::text[]), coalesce($11, '{}'::text[]), $12)
			ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, section = excluded.section,
				priority = excluded.priority, maintainer = excluded.maintainer, homepage = excluded.homepage, size = excluded.size,
				installed_size = excluded.installed_size, depends = excluded.depends, tags = excluded.tags, updated = excluded.updated`,
			row.ID, row.Name, row.Version, row.Section, row.Priority, row.Maintainer, row.Homepage, row.Size, row.InstalledSize,
			[]string(row.Depends), []string(row.Tags), row.Updated)
		return err
	})
	if err != nil {
		return fmt.Errorf("upsert package %s: %w", row.ID, err)
	}
	return nil
}

// SetMaintainer sets one column. It returns ErrNoRow for a package that is not there.
func (s *Store) SetMaintainer(ctx context.Context, id uuid.UUID, maintainer string) error {
	return s.one(ctx, "SetMaintainer", id, `UPDATE packages SET maintainer = $2 WHERE id = $1`, maintainer)
}

// Delete deletes a package. It returns ErrNoRow for a package that is not there.
func (s *Store) Delete(ctx context.Context, id uuid.UUID) error {
	return s.one(ctx, "Delete", id, `DELETE FROM packages WHERE id = $1`)
}

// one runs a statement that must touch the package's row.
func (s *Store) one(ctx context.Context, method string, id uuid.UUID, statement string, args ...any) error {
	err := s.call(ctx, method, id.String(), func(ctx context.Context) error {
		result, err := s.db.ExecContext(ctx, statement, append([]any{id}, args...)...)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows > 0 {
			return err
		}
		return ErrNoRow
	})
	if err != nil {
		return fmt.Errorf("%s of package %s: %w", method, id, err)
	}
	return nil
}

// BySection lists the packages of a section after a name, by name.
func (s *Store) BySection(ctx context.Context, section, after string, limit int) ([]*Package, error) {
	return s.list(ctx, "BySection", `SELECT * FROM packages WHERE section = $1 AND name > $2 ORDER BY name, id LIMIT $3`, section, after, max(limit, 0))
}

// Scan lists the packages by id, after the cursor, which is the last id of the page before.
func (s *Store) Scan(ctx context.Context, cursor string, limit int) ([]*Package, string, error) {
	after := uuid.NullUUID{} // below every id, the zero one too
	if cursor != "" {
		var err error
		if after.UUID, err = uuid.Parse(cursor); err != nil {
			return nil, "", fmt.Errorf("cursor %q: %w", cursor, err)
		}
		after.Valid = true
	}
	page, err := s.list(ctx, "Scan", `SELECT * FROM packages WHERE $1::uuid IS NULL OR id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil || len(page) < limit || len(page) == 0 {
		return page, "", err
	}
	return page, page[len(page)-1].ID.String(), nil
}

// Count returns the number of packages.
func (s *Store) Count(ctx context.Context) (int64, error) {
	var count int64
	err := s.call(ctx, "Count", "", func(ctx context.Context) error {
		return s.db.GetContext(ctx, &count, `SELECT count(*) FROM packages`)
	})
	if err != nil {
		return 0, fmt.Errorf("count packages: %w", err)
	}
	return count, nil
}

func (s *Store) list(ctx context.Context, method, query string, args ...any) ([]*Package, error) {
	var page []*Package
	err := s.call(ctx, method, "", func(ctx context.Context) error {
		return s.db.SelectContext(ctx, &page, query, args...)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	return page, nil
}
