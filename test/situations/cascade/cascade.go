// Package cascade has a delete that also removes what another repository of the same store keeps, as a foreign key with ON DELETE CASCADE
// does in the old store, and nothing in the new one.
package cascade

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("not there")

type Team struct{ ID, Name string }

type Membership struct{ ID, TeamID, Person string }

// Club does not say what a delete of a team removes.
//
//go:generate go tool dualgen
type Club interface {
	Teams() Teams
	Members() Members
}

//go:generate go tool dualgen
type Teams interface {
	Get(ctx context.Context, id string) (Team, error)
	Save(ctx context.Context, team Team) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Team, error)
}

//go:generate go tool dualgen
type Members interface {
	Get(ctx context.Context, id string) (Membership, error)
	Save(ctx context.Context, membership Membership) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Membership, error)
}

// League is the same store, and says so.
//
//go:generate go tool dualgen
type League interface {
	Sides() Sides
	Members() Members
}

//dualgen:entity Membership key=ID shared writeonly
//go:generate go tool dualgen
type Sides interface {
	Get(ctx context.Context, id string) (Team, error)
	Save(ctx context.Context, team Team) error
	//dualgen:entity Team,Membership
	//dualgen:key Team=id Membership=none
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Team, error)
}

// Store is both.
type Store struct {
	Cascades bool // the foreign key
	teams    rows.Table[string, Team]
	members  rows.Table[string, Membership]
}

func (s *Store) Teams() Teams     { return teams{s} }
func (s *Store) Sides() Sides     { return teams{s} }
func (s *Store) Members() Members { return members{s} }

func known[V any](row V, err error) (V, error) {
	if err != nil {
		return row, ErrNotFound
	}
	return row, nil
}

type teams struct{ *Store }

func (s teams) Get(_ context.Context, id string) (Team, error) { return known(s.teams.Find(id)) }
func (s teams) Save(_ context.Context, t Team) error           { return s.teams.Upsert(t.ID, t) }
func (s teams) List(context.Context) ([]Team, error)           { return s.teams.All(), nil }

func (s teams) Delete(_ context.Context, id string) error {
	if s.Cascades {
		if _, err := s.members.RemoveWhere(func(m Membership) bool { return m.TeamID == id }); err != nil {
			return err
		}
	}
	return s.teams.Remove(id)
}

type members struct{ *Store }

func (s members) Get(_ context.Context, id string) (Membership, error) {
	return known(s.members.Find(id))
}
func (s members) Save(_ context.Context, m Membership) error { return s.members.Upsert(m.ID, m) }
func (s members) Delete(_ context.Context, id string) error  { return s.members.Remove(id) }
func (s members) List(context.Context) ([]Membership, error) { return s.members.All(), nil }
