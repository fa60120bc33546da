// Package waiting has a repository whose writes are answered from a queue, in a table of Postgres, and made in both stores by a worker.
package waiting

import (
	"context"
	"errors"
)

// ErrNotFound: there is no such note.
var ErrNotFound = errors.New("no such note")

// Note is a text under a key of the caller's.
type Note struct {
	ID     string
	Text   string
	Stars  int
	Secret string `json:"-"`
}

//go:generate go tool dualgen -queued
//dualgen:entity Note key=ID get=Get put=Save delete=Delete scan=List
//dualgen:notfound ErrNotFound
type Notes interface {
	Get(ctx context.Context, id string) (Note, error)
	List(ctx context.Context, after string, limit int) ([]Note, error)
	Save(ctx context.Context, note Note) error
	// SetStars changes a part of a note: to what it is given, however often.
	//
	//dualgen:write
	//dualgen:entity Note
	//dualgen:idempotent
	SetStars(ctx context.Context, id string, stars int) error
	Delete(ctx context.Context, id string) error
}
