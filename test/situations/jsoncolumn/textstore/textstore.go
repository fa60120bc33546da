// Package textstore is the new store of jsoncolumn.
package textstore

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

// ErrNone is what Get returns where there is nothing.
var ErrNone = errors.New("none")

type Profile struct {
	ID     string
	Prefs  string
	Home   string
	Visits string
}

// Profiles is a store.
type Profiles struct{ profiles rows.Table[string, Profile] }

func (p *Profiles) Get(_ context.Context, id string) (Profile, error) {
	profile, err := p.profiles.Find(id)
	if err != nil {
		return profile, ErrNone
	}
	return profile, nil
}

func (p *Profiles) Save(_ context.Context, row Profile) error { return p.profiles.Upsert(row.ID, row) }
func (p *Profiles) Delete(_ context.Context, id string) error { return p.profiles.Remove(id) }
func (p *Profiles) List(context.Context) ([]Profile, error)   { return p.profiles.All(), nil }
