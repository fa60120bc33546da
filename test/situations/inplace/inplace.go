// Package inplace has one table of Postgres and two formats: profiles were lines of text in one column, and shall be JSON in another
// one of the same rows.
package inplace

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("no such profile")

// Profile is what callers know.
type Profile struct {
	ID    string
	Name  string
	Theme string
	Beta  bool
}

//go:generate go tool dualgen -old ./linestore.Profiles -new ./jsonstore.Profiles
//dualgen:entity Profile key=ID get=Get put=Save delete=Delete scan=List
//dualgen:notfound ErrNotFound old=linestore.ErrNone new=jsonstore.ErrNone
type Profiles interface {
	Get(ctx context.Context, id string) (Profile, error)
	Save(ctx context.Context, profile Profile) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context, afterID string, limit int) ([]Profile, error)
}
