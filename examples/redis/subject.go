package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/examples/internal/walk"
	"github.com/dualgen/dualgen/examples/redis/sessions"
)

type world = walk.World[string, sessions.Session]

// subject is the example, as the walk sees it: a session for each record of the index.
func subject() walk.Subject[string, sessions.Session] {
	return walk.Subject[string, sessions.Session]{
		From: "Redis", To: "Memcached",
		NotFound: sessions.ErrNoSession,
		Open:     open,
		Route:    walk.Unlisted,
		Backend:  backend,
		Remove:   remove,
		Writes:   [2][]string{{"Save", "Extend", "Delete"}, {"Save", "Extend", "Delete"}},
		Key:      func(name string) string { return name },
		Name:     func(s sessions.Session) string { return s.Token },
		Section:  func(sessions.Session) string { return "" },
		Hand:     func(_ debindex.Record, state walk.State) string { return expiry(state).Format(time.RFC3339) },
		Build:    build,
		Equal:    equal,
	}
}

// expiry is when a session ends that was extended so often: late enough for the walk, and within the years that Memcached can count.
func expiry(state walk.State) time.Time {
	return time.Unix(1_990_000_000, 0).UTC().Add(time.Duration(state.Hands) * time.Minute)
}

// build makes a session from a record.
func build(record debindex.Record, state walk.State) (sessions.Session, error) {
	return sessions.Session{
		Token: record.Name, User: record.Maintainer + " " + walk.Version(record, state), Roles: record.Tags, Opened: walk.Updated(state), Expires: expiry(state),
	}, nil
}

func equal(a, b sessions.Session) bool {
	return a.Token == b.Token && a.User == b.User && slices.Equal(a.Roles, b.Roles) && a.Opened.Equal(b.Opened) && a.Expires.Equal(b.Expires)
}

// packages has the walk use sessions as it uses packages.
type packages struct{ sessions.Sessions }

// SetMaintainer lets a session live until then.
func (p packages) SetMaintainer(ctx context.Context, token, until string) error {
	moment, err := time.Parse(time.RFC3339, until)
	if err != nil {
		return err
	}
	return p.Extend(ctx, token, moment)
}

// errNoList is what nobody sees: the walk lists nothing here.
var errNoList = errors.New("sessions cannot be listed")

func (packages) BySection(context.Context, string, string, int) ([]sessions.Session, error) {
	return nil, errNoList
}
func (packages) Count(context.Context) (int, error) { return 0, errNoList }
