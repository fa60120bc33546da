package sqlitestore

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// rowsPerInsert bounds the variables of one INSERT.
const rowsPerInsert = 500

// Upsert adds a package, or replaces the one of its name.
func (s *Store) Upsert(ctx context.Context, p *Package) error {
	row := *p
	row.Updated = p.Updated.UTC() // the driver writes a zone by its name, which it cannot read back
	err := s.update(ctx, "Upsert", p.Name, func(tx *sqlx.Tx) error {
		if _, err := tx.NamedExecContext(ctx, `
			INSERT INTO packages (name, version, section, priority, maintainer, homepage, size, installed_size, updated)
			VALUES (:name, :version, :section, :priority, :maintainer, :homepage, :size, :installed_size, :updated)
			ON CONFLICT (name) DO UPDATE SET version = excluded.version, section = excluded.section, priority = excluded.priority,
				maintainer = excluded.maintainer, homepage = excluded.homepage, size = excluded.size,
				installed_size = excluded.installed_size, updated = excluded.updated`, &row); err != nil {
			return err
		}
		if err := replaceDependencies(ctx, tx, p); err != nil {
			return err
		}
		return replaceTags(ctx, tx, p)
	})
	if err != nil {
		return fmt.Errorf("upsert %s: %w", p.Name, err)
	}
	return nil
}

// ChangeMaintainer sets one column. It returns ErrNoRow for a package that is not there.
func (s *Store) ChangeMaintainer(ctx context.Context, name, maintainer string) error {
	return s.one(ctx, "ChangeMaintainer", name, `UPDATE packages SET maintainer = ? WHERE name = ?`, maintainer, name)
}

// Remove deletes a package. It returns ErrNoRow for a package that is not there.
func (s *Store) Remove(ctx context.Context, name string) error {
	return s.one(ctx, "Remove", name, `DELETE FROM packages WHERE name = ?`, name)
}

// DeleteSection deletes a section's packages, and returns how many.
func (s *Store) DeleteSection(ctx context.Context, section string) (int, error) {
	var deleted int64
	err := s.update(ctx, "DeleteSection", "", func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, `DELETE FROM packages WHERE section = ?`, section)
		if err != nil {
			return err
		}
		deleted, err = result.RowsAffected()
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete section %s: %w", section, err)
	}
	return int(deleted), nil
}

// one runs a statement that must touch the package's row.
func (s *Store) one(ctx context.Context, method, name, statement string, args ...any) error {
	err := s.update(ctx, method, name, func(tx *sqlx.Tx) error {
		result, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		if rows, err := result.RowsAffected(); err != nil || rows > 0 {
			return err
		}
		return ErrNoRow
	})
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, name, err)
	}
	return nil
}

func replaceDependencies(ctx context.Context, tx *sqlx.Tx, p *Package) error {
	type row struct {
		Package  string `db:"package"`
		Position int    `db:"position"`
		Dependency
	}
	rows := make([]row, len(p.Depends))
	for i, dependency := range p.Depends {
		rows[i] = row{p.Name, i, dependency}
	}
	return replace(ctx, tx, p.Name, `DELETE FROM dependencies WHERE package = ?`,
		`INSERT INTO dependencies (package, position, target, relation) VALUES (:package, :position, :target, :relation)`, rows)
}

func replaceTags(ctx context.Context, tx *sqlx.Tx, p *Package) error {
	type row struct {
		Package string `db:"package"`
		Tag     string `db:"tag"`
	}
	rows := make([]row, len(p.Tags))
	for i, tag := range p.Tags {
		rows[i] = row{p.Name, tag}
	}
	return replace(ctx, tx, p.Name, `DELETE FROM tags WHERE package = ?`, `INSERT INTO tags (package, tag) VALUES (:package, :tag)`, rows)
}

// replace puts rows in the place of those that a package had.
func replace[R any](ctx context.Context, tx *sqlx.Tx, name, remove, insert string, rows []R) error {
	if _, err := tx.ExecContext(ctx, remove, name); err != nil {
		return err
	}
	for len(rows) > 0 {
		n := min(len(rows), rowsPerInsert)
		if _, err := tx.NamedExecContext(ctx, insert, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func (s *Store) update(ctx context.Context, method, key string, write func(*sqlx.Tx) error) error {
	return s.call(ctx, method, key, func(ctx context.Context) error {
		tx, err := s.db.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		defer tx.Rollback() //nolint:errcheck // does nothing after a commit
		if err := write(tx); err != nil {
			return err
		}
		return tx.Commit()
	})
}
