// Package pgnotes keeps notes in a table of Postgres.
package pgnotes

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/test/situations/waiting"
)

// Notes is one table.
type Notes struct {
	DB    *sql.DB
	Table string
}

// Make makes the table.
func (n Notes) Make(ctx context.Context) error {
	_, err := n.DB.ExecContext(ctx, `CREATE TABLE `+n.Table+` (id text COLLATE "C" PRIMARY KEY, text text NOT NULL, stars integer NOT NULL, secret text NOT NULL)`)
	return err
}

func (n Notes) Get(ctx context.Context, id string) (note waiting.Note, err error) {
	err = n.DB.QueryRowContext(ctx, `SELECT id, text, stars, secret FROM `+n.Table+` WHERE id = $1`, id).Scan(&note.ID, &note.Text, &note.Stars, &note.Secret)
	if errors.Is(err, sql.ErrNoRows) {
		err = waiting.ErrNotFound
	}
	return note, err
}

func (n Notes) List(ctx context.Context, after string, limit int) (notes []waiting.Note, err error) {
	rows, err := n.DB.QueryContext(ctx, `SELECT id, text, stars, secret FROM `+n.Table+` WHERE id > $1 ORDER BY id LIMIT $2`, after, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var note waiting.Note
		if err := rows.Scan(&note.ID, &note.Text, &note.Stars, &note.Secret); err != nil {
			return nil, err
		}
		notes = append(notes, note)
	}
	return notes, rows.Err()
}

func (n Notes) Save(ctx context.Context, note waiting.Note) error {
	_, err := n.DB.ExecContext(ctx, `INSERT INTO `+n.Table+` VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET text = EXCLUDED.text, stars = EXCLUDED.stars, secret = EXCLUDED.secret`, note.ID, note.Text, note.Stars, note.Secret)
	return err
}

func (n Notes) SetStars(ctx context.Context, id string, stars int) error {
	return n.one(n.DB.ExecContext(ctx, `UPDATE `+n.Table+` SET stars = $2 WHERE id = $1`, id, stars))
}

func (n Notes) Delete(ctx context.Context, id string) error {
	return n.one(n.DB.ExecContext(ctx, `DELETE FROM `+n.Table+` WHERE id = $1`, id))
}

// one says whether a row was changed.
func (n Notes) one(result sql.Result, err error) error {
	if err != nil {
		return err
	}
	if rows, err := result.RowsAffected(); err != nil || rows == 0 {
		return errors.Join(fmt.Errorf("%s: %w", n.Table, waiting.ErrNotFound), err)
	}
	return nil
}
