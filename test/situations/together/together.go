// Package together has one method that removes two kinds of entity. Neither its name nor its parameters say which.
package together

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("not there")

type Invite struct {
	Code  string
	Until time.Time
}

type Pass struct {
	Number int
	Until  time.Time
}

//go:generate go tool dualgen
type Gate interface {
	GetInvite(ctx context.Context, code string) (Invite, error)
	SaveInvite(ctx context.Context, invite Invite) error
	DeleteInvite(ctx context.Context, code string) error
	ListInvites(ctx context.Context) ([]Invite, error)

	GetPass(ctx context.Context, number int) (Pass, error)
	SavePass(ctx context.Context, pass Pass) error
	DeletePass(ctx context.Context, number int) error
	ListPasses(ctx context.Context) ([]Pass, error)

	// Expire removes the invites and passes that end before now.
	//dualgen:entity Invite,Pass
	Expire(ctx context.Context, now time.Time) error
}

// Door is a store.
type Door struct {
	invites rows.Table[string, Invite]
	passes  rows.Table[int, Pass]
}

func known[V any](row V, err error) (V, error) {
	if err != nil {
		return row, ErrNotFound
	}
	return row, nil
}

func (d *Door) GetInvite(_ context.Context, code string) (Invite, error) {
	return known(d.invites.Find(code))
}
func (d *Door) SaveInvite(_ context.Context, i Invite) error      { return d.invites.Upsert(i.Code, i) }
func (d *Door) DeleteInvite(_ context.Context, code string) error { return d.invites.Remove(code) }
func (d *Door) ListInvites(context.Context) ([]Invite, error)     { return d.invites.All(), nil }
func (d *Door) GetPass(_ context.Context, number int) (Pass, error) {
	return known(d.passes.Find(number))
}
func (d *Door) SavePass(_ context.Context, p Pass) error       { return d.passes.Upsert(p.Number, p) }
func (d *Door) DeletePass(_ context.Context, number int) error { return d.passes.Remove(number) }
func (d *Door) ListPasses(context.Context) ([]Pass, error)     { return d.passes.All(), nil }

func (d *Door) Expire(_ context.Context, now time.Time) error {
	_, first := d.invites.RemoveWhere(func(i Invite) bool { return i.Until.Before(now) })
	_, second := d.passes.RemoveWhere(func(p Pass) bool { return p.Until.Before(now) })
	return errors.Join(first, second)
}
