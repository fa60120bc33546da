// Package jsonstore has the new format of inplace: another column of the same rows. It leaves the old one alone.
package jsonstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("no document")

// Expand makes room for the new format, Contract removes the old one.
const (
	Expand   = `ALTER TABLE profiles ADD COLUMN doc jsonb`
	Contract = `ALTER TABLE profiles DROP COLUMN lines`
)

type Document struct {
	ID    string `json:"-"`
	Name  string `json:"name"`
	Theme string `json:"theme"`
	Beta  bool   `json:"beta"`
}

// Profiles is a store.
type Profiles struct{ DB *sql.DB }

func (s Profiles) Get(ctx context.Context, id string) (Document, error) {
	d := Document{ID: id}
	var text []byte
	err := s.DB.QueryRowContext(ctx, `SELECT doc FROM profiles WHERE id = $1 AND doc IS NOT NULL`, id).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return Document{}, ErrNone
	}
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	return d, err
}

func (s Profiles) Save(ctx context.Context, d Document) error {
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO profiles (id, doc) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET doc = EXCLUDED.doc`, d.ID, text)
	return err
}

// Delete empties the store's own column, and removes a row that nobody has anything in. A statement that removes the row would take
// the other format with it, and one that lands late would take what was written since.
func (s Profiles) Delete(ctx context.Context, id string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE profiles SET doc = NULL WHERE id = $1`, id)
	if err == nil {
		_, err = s.DB.ExecContext(ctx, `DELETE FROM profiles WHERE id = $1 AND lines IS NULL AND doc IS NULL`, id)
	}
	return err
}

func (s Profiles) List(ctx context.Context, afterID string, limit int) (all []Document, err error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT id, doc FROM profiles WHERE id > $1 AND doc IS NOT NULL ORDER BY id LIMIT $2`, afterID, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Document
		var text []byte
		if err := rows.Scan(&d.ID, &text); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &d); err != nil {
			return nil, err
		}
		all = append(all, d)
	}
	return all, rows.Err()
}
