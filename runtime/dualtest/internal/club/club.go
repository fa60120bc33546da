// Package club is a store that hands out repositories, whose generated tests prove the laws of a whole tree: over stores in which a call of
// one repository changes what another one keeps, each law must fail that should.
package club

import (
	"context"
	"errors"
)

// ErrNotFound says that there is none.
var ErrNotFound = errors.New("club: not found")

// Team is what members belong to.
type Team struct {
	ID   string
	Name string
	Size int
}

// Membership is that of one person in one team.
type Membership struct {
	ID     int64
	TeamID string
	Person string
}

// Club keeps teams, whose delete is said to touch teams alone.
//
//go:generate go tool dualgen
type Club interface {
	Teams() Teams
	Members() Members
}

// Teams keeps teams.
//
//go:generate go tool dualgen
type Teams interface {
	Get(ctx context.Context, id string) (Team, error)
	Save(ctx context.Context, team Team) error
	Delete(ctx context.Context, id string) error
	List(ctx context.Context) ([]Team, error)
}

// Members keeps memberships.
//
//go:generate go tool dualgen
type Members interface {
	Get(ctx context.Context, id int64) (Membership, error)
	Save(ctx context.Context, membership Membership) error
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context) ([]Membership, error)
	Count(ctx context.Context) (int, error)
}

// Union counts whom it enrols in the team, and says so: in both stores alike.
//
//go:generate go tool dualgen
type Union interface {
	Teams() Teams
	Enrolments() Enrolments
}

// Enrolments keeps memberships.
//
//dualgen:entity Team key=ID shared writeonly
//go:generate go tool dualgen
type Enrolments interface {
	Get(ctx context.Context, id int64) (Membership, error)
	Save(ctx context.Context, membership Membership) error
	//dualgen:write
	//dualgen:entity Membership,Team
	//dualgen:key Membership=membership.ID Team=membership.TeamID
	//dualgen:mirror replay
	Enrol(ctx context.Context, membership Membership) error
	//dualgen:entity Membership
	Delete(ctx context.Context, id int64) error
	List(ctx context.Context) ([]Membership, error)
}

// League keeps teams, whose delete is said to touch memberships too.
//
//go:generate go tool dualgen
type League interface {
	Sides() Sides
	Members() Members
}

// Sides keeps teams.
//
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
