// Package insertonly has badges whose Store adds one that is not there yet, and leaves one that is as it was.
package insertonly

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/test/situations/rows"
)

var ErrNotFound = errors.New("no such badge")

type Badge struct {
	Serial string
	Owner  string
	Level  int
}

//go:generate go tool dualgen
//dualgen:entity Badge key=Serial get=FetchBadge put=UpdateBadge,StoreBadge delete=RemoveBadge scan=ListBadges
type Badges interface {
	FetchBadge(ctx context.Context, serial string) (Badge, error)
	// StoreBadge adds a badge. One of that serial that is there stays.
	StoreBadge(ctx context.Context, badge Badge) error
	// UpdateBadge replaces a badge that is there.
	UpdateBadge(ctx context.Context, badge Badge) error
	RemoveBadge(ctx context.Context, serial string) error
	ListBadges(ctx context.Context) ([]Badge, error)
}

// Office is a store.
type Office struct{ badges rows.Table[string, Badge] }

func (o *Office) FetchBadge(_ context.Context, serial string) (Badge, error) {
	badge, err := o.badges.Find(serial)
	if err != nil {
		return badge, ErrNotFound
	}
	return badge, nil
}

func (o *Office) StoreBadge(_ context.Context, badge Badge) error {
	if o.badges.Has(badge.Serial) {
		return nil
	}
	return o.badges.Upsert(badge.Serial, badge)
}

func (o *Office) UpdateBadge(_ context.Context, badge Badge) error {
	err := o.badges.Change(badge.Serial, func(have *Badge) { *have = badge })
	if errors.Is(err, rows.ErrAbsent) {
		return ErrNotFound
	}
	return err
}

func (o *Office) RemoveBadge(_ context.Context, serial string) error { return o.badges.Remove(serial) }
func (o *Office) ListBadges(context.Context) ([]Badge, error)        { return o.badges.All(), nil }

// Believed is Badges with the put that is proposed, which nobody corrected.
//
//go:generate go tool dualgen
//dualgen:entity Badge key=Serial get=FetchBadge put=StoreBadge delete=RemoveBadge scan=ListBadges
type Believed interface{ Badges }
