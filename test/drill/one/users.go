// Package one is the service's interface before a field was added.
package one

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ErrNotFound is returned for a user that is not there.
var ErrNotFound = errors.New("no such user")

// User is one user.
type User struct{ ID, Name string }

// Users keeps users.
//
//dualgen:entity User key=ID get=Get put=Put delete=Delete scan=List
//dualgen:notfound ErrNotFound
//go:generate go run github.com/dualgen/dualgen/cmd/dualgen -test=false
type Users interface {
	Get(ctx context.Context, id string) (User, error)
	Put(ctx context.Context, user User) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context, after string, limit int) ([]User, error)
}

// Table keeps users in a table of Postgres that has a column for each field of either build.
type Table struct {
	DB   *sql.DB
	Name string
}

// Get implements Users.
func (t *Table) Get(ctx context.Context, id string) (user User, err error) {
	err = t.DB.QueryRowContext(ctx, "SELECT id, name FROM "+t.Name+" WHERE id = $1", id).Scan(&user.ID, &user.Name)
	if errors.Is(err, sql.ErrNoRows) {
		return User{}, ErrNotFound
	}
	return user, err
}

// Put implements Users.
func (t *Table) Put(ctx context.Context, user User) error {
	_, err := t.DB.ExecContext(ctx, "INSERT INTO "+t.Name+" (id, name) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET name = excluded.name", user.ID, user.Name)
	return err
}

// Delete implements Users.
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

// List implements Users.
func (t *Table) List(ctx context.Context, after string, limit int) (users []User, err error) {
	rows, err := t.DB.QueryContext(ctx, "SELECT id, name FROM "+t.Name+" WHERE id > $1 COLLATE \"C\" ORDER BY id COLLATE \"C\" LIMIT $2", after, limit)
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var user User
		if err := rows.Scan(&user.ID, &user.Name); err != nil {
			return nil, err
		}
		users = append(users, user)
	}
	return users, rows.Err()
}
