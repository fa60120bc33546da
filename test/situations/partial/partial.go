// Package partial has methods in the order of the alphabet: those that change a part, or store a variant, stand before those
// that store and remove a whole member.
package partial

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var (
	ErrNotFound = errors.New("no such member")
	errThere    = errors.New("there is such a member")
)

type Member struct {
	ID    int
	Name  string
	Photo string
	Trial bool
	Seen  int
}

//go:generate go tool dualgen
type Members interface {
	ClearMemberPhoto(ctx context.Context, id int) error
	CreateMember(ctx context.Context, member *Member) error
	CreateTrialMember(ctx context.Context, member *Member) error
	DeleteMember(ctx context.Context, id int) error
	DeleteMemberPhoto(ctx context.Context, id int) error
	GetMember(ctx context.Context, id int) (*Member, error)
	ListMembers(ctx context.Context) ([]*Member, error)
	UpdateMember(ctx context.Context, member *Member) error
	UpdateMemberSeen(ctx context.Context, member *Member) error
}

// Club is a store.
type Club struct{ members rows.Table[int, Member] }

func (c *Club) create(member Member) error {
	err := c.members.Insert(member.ID, member)
	if errors.Is(err, rows.ErrTaken) {
		return errThere
	}
	return err
}

func (c *Club) change(id int, change func(*Member)) error {
	err := c.members.Change(id, change)
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (c *Club) CreateMember(_ context.Context, member *Member) error { return c.create(*member) }

func (c *Club) CreateTrialMember(_ context.Context, member *Member) error {
	trial := *member
	trial.Trial = true
	return c.create(trial)
}

func (c *Club) DeleteMember(_ context.Context, id int) error { return c.members.Remove(id) }

func (c *Club) ClearMemberPhoto(_ context.Context, id int) error {
	return c.change(id, func(m *Member) { m.Photo = "" })
}

func (c *Club) DeleteMemberPhoto(ctx context.Context, id int) error {
	return c.ClearMemberPhoto(ctx, id)
}

func (c *Club) GetMember(_ context.Context, id int) (*Member, error) {
	member, err := c.members.Find(id)
	if err != nil {
		return nil, ErrNotFound
	}
	return &member, nil
}

func (c *Club) ListMembers(context.Context) ([]*Member, error) {
	return rows.Pointers(c.members.All()), nil
}

func (c *Club) UpdateMember(_ context.Context, member *Member) error {
	return c.change(member.ID, func(m *Member) { *m = *member })
}

func (c *Club) UpdateMemberSeen(_ context.Context, member *Member) error {
	return c.change(member.ID, func(m *Member) { m.Seen = member.Seen })
}
