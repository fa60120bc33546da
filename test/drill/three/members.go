// Package three is the service's interface after its kind was given another name: what a User was is a Member.
package three

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotFound is returned for a member that is not there.
var ErrNotFound = errors.New("no such member")

// Member is one member.
type Member struct{ ID, Name string }

// Members keeps members.
//
//dualgen:entity Member key=ID get=Get put=Put delete=Delete scan=List
//dualgen:notfound ErrNotFound
//go:generate go run github.com/dualgen/dualgen/cmd/dualgen -test=false
type Members interface {
	Get(ctx context.Context, id string) (Member, error)
	Put(ctx context.Context, member Member) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context, after string, limit int) ([]Member, error)
}

// Table keeps members in a table of Postgres that has a column for each field of every build.
type Table struct {
	DB   *sql.DB
	Name string
}

// Get implements Members.
func (t *Table) Get(ctx context.Context, id string) (member Member, err error) {
	err = t.DB.QueryRowContext(ctx, "SELECT id, name FROM "+t.Name+" WHERE id = $1", id).Scan(&member.ID, &member.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return Member{}, ErrNotFound
	}
	return member, err
}

// Put implements Members.
func (t *Table) Put(ctx context.Context, member Member) error {
	_, err := t.DB.ExecContext(ctx, "INSERT INTO "+t.Name+" (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name", member.ID, member.Name)
	return err
}

// Delete implements Members.
func (t *Table) Delete(ctx context.Context, id string) error {
	result, err := t.DB.ExecContext(ctx, "DELETE FROM "+t.Name+" WHERE id = $1", id)
	if err != nil {
		return err
	}
	if n, err := result.RowsAffected(); err != nil || n > 0 {
		return err
	}
	return ErrNotFound
}

// List implements Members.
func (t *Table) List(ctx context.Context, after string, limit int) (members []Member, err error) {
	rows, err := t.DB.QueryContext(ctx, "SELECT id, name FROM "+t.Name+" WHERE id > $1 COLLATE \"C\" ORDER BY id COLLATE \"C\" LIMIT $2", after, limit)
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var member Member
		if err := rows.Scan(&member.ID, &member.Name); err != nil {
			return nil, err
		}
		members = append(members, member)
	}
	return members, rows.Err()
}
