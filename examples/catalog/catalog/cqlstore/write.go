package cqlstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/gocql/gocql"
)

// Put adds a package, or replaces the one of its id.
func (s *Store) Put(ctx context.Context, row *Package) error {
	return s.write(ctx, "Put", row.ID, func(batch *gocql.Batch, before *Package) error {
		if before != nil && (before.Section != row.Section || before.Name != row.Name) {
			remove(batch, before)
		}
		put(batch, row)
		return nil
	})
}

// SetMaintainer hands a package over. It returns ErrNoRow for a package that is not there.
//
// It writes the whole row: an UPDATE of one column would bring back a part of a row that is being deleted.
func (s *Store) SetMaintainer(ctx context.Context, id gocql.UUID, maintainer string) error {
	return s.write(ctx, "SetMaintainer", id, func(batch *gocql.Batch, row *Package) error {
		if row == nil {
			return ErrNoRow
		}
		row.Maintainer = maintainer
		put(batch, row)
		return nil
	})
}

// Delete deletes a package. It returns ErrNoRow for a package that is not there.
func (s *Store) Delete(ctx context.Context, id gocql.UUID) error {
	return s.write(ctx, "Delete", id, func(batch *gocql.Batch, row *Package) error {
		if row == nil {
			return ErrNoRow
		}
		batch.Query(`DELETE FROM packages_by_id WHERE id = ?`, id)
		remove(batch, row)
		return nil
	})
}

// write reads the row that is there, or nil, and changes both tables in one logged batch: all of it happens, with one
// timestamp.
func (s *Store) write(ctx context.Context, method string, id gocql.UUID, fill func(batch *gocql.Batch, before *Package) error) error {
	err := s.call(ctx, method, id.String(), func(ctx context.Context) error {
		before, err := s.byID(ctx, id)
		if err != nil && !errors.Is(err, ErrNoRow) {
			return err
		}
		batch := s.link.session().NewBatch(gocql.LoggedBatch).WithContext(ctx)
		if err := fill(batch, before); err != nil {
			return err
		}
		return s.link.session().ExecuteBatch(batch)
	})
	if err != nil {
		return fmt.Errorf("%s of package %s: %w", method, id, err)
	}
	return nil
}

func put(batch *gocql.Batch, row *Package) {
	batch.Query(`INSERT INTO packages_by_id (`+columns+`) VALUES (`+marks+`)`, row.values()...)
	batch.Query(`INSERT INTO packages_by_section (catalogue, place, `+columns+`) VALUES (?, ?, `+marks+`)`,
		append([]any{catalogue, row.ID.String()}, row.values()...)...)
}

// remove takes a row out of the section it was in.
func remove(batch *gocql.Batch, row *Package) {
	batch.Query(`DELETE FROM packages_by_section WHERE catalogue = ? AND section = ? AND name = ? AND place = ?`,
		catalogue, row.Section, row.Name, row.ID.String())
}
