// Package linestore has the old format of inplace: a column of lines. Before there was another one, Delete removed the row.
package linestore

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("no lines")

// Schema is the table as it was.
const Schema = `CREATE TABLE profiles (id text COLLATE "C" PRIMARY KEY, lines text)`

type Profile struct {
	ID    string
	Name  string
	Theme string
	Beta  bool
}

// Profiles is a store.
type Profiles struct{ DB *sql.DB }

func write(p Profile) string {
	return fmt.Sprintf("name %s\ntheme %s\nbeta %t\n", strconv.Quote(p.Name), strconv.Quote(p.Theme), p.Beta)
}

func read(id, lines string) (Profile, error) {
	p := Profile{ID: id}
	var err error
	for scanner := bufio.NewScanner(strings.NewReader(lines)); scanner.Scan() && err == nil; {
		word, value, _ := strings.Cut(scanner.Text(), " ")
		switch word {
		case "name":
			p.Name, err = strconv.Unquote(value)
		case "theme":
			p.Theme, err = strconv.Unquote(value)
		case "beta":
			p.Beta, err = strconv.ParseBool(value)
		}
	}
	return p, err
}

func (s Profiles) Get(ctx context.Context, id string) (Profile, error) {
	var lines string
	err := s.DB.QueryRowContext(ctx, `SELECT lines FROM profiles WHERE id = $1 AND lines IS NOT NULL`, id).Scan(&lines)
	if errors.Is(err, sql.ErrNoRows) {
		return Profile{}, ErrNone
	}
	if err != nil {
		return Profile{}, err
	}
	return read(id, lines)
}

func (s Profiles) Save(ctx context.Context, p Profile) error {
	_, err := s.DB.ExecContext(ctx, `INSERT INTO profiles (id, lines) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET lines = EXCLUDED.lines`, p.ID, write(p))
	return err
}

// Delete empties the store's own column, and removes a row that nobody has anything in. A statement that removes the row would take
// the other format with it, and one that lands late would take what was written since.
func (s Profiles) Delete(ctx context.Context, id string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE profiles SET lines = NULL WHERE id = $1`, id)
	if err == nil {
		_, err = s.DB.ExecContext(ctx, `DELETE FROM profiles WHERE id = $1 AND lines IS NULL AND doc IS NULL`, id)
	}
	return err
}

func (s Profiles) List(ctx context.Context, afterID string, limit int) (all []Profile, err error) {
	rows, err := s.DB.QueryContext(ctx, `SELECT id, lines FROM profiles WHERE id > $1 AND lines IS NOT NULL ORDER BY id LIMIT $2`, afterID, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, lines string
		if err := rows.Scan(&id, &lines); err != nil {
			return nil, err
		}
		p, err := read(id, lines)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, rows.Err()
}
