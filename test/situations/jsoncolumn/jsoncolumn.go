// Package jsoncolumn has a map and a struct that one store holds as bytes of JSON and the other as text.
package jsoncolumn

import (
	"context"
	"errors"
)

var ErrNotFound = errors.New("no such profile")

type Profile struct {
	ID     string
	Prefs  map[string]bool
	Home   Place
	Visits []Place
}

type Place struct{ City, Street string }

//go:generate go tool dualgen -old ./bytestore.Profiles -new ./textstore.Profiles
//dualgen:notfound ErrNotFound old=bytestore.ErrNone new=textstore.ErrNone
//dualgen:field Profile.Prefs as=json
//dualgen:field Profile.Home as=json
//dualgen:field Profile.Visits as=json
type Profiles interface {
	Get(ctx context.Context, id string) (Profile, error)
	Save(ctx context.Context, profile Profile) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Profile, error)
}
