// Package sessions keeps who is signed in. Its repository, Sessions, moves from Redis to Memcached while it is in use, and back.
package sessions

import (
	"context"
	"errors"
	"time"
)

// ErrNoSession is returned for a session that is not there, or has expired.
var ErrNoSession = errors.New("no such session")

// Sessions is the repository of sessions.
//
// Memcached cannot list what it holds, so that no backfill moves sessions and no verify pass proves them: scan=none. Reads fall back
// instead, and save what they find (docs/fallback.md).
//
//dualgen:entity Session key=Token get=Get put=Save delete=Delete scan=none
//dualgen:notfound ErrNoSession old=redisstore.ErrNone new=memstore.ErrNone
//dualgen:field Session.Opened unit=ms
//dualgen:field Session.Expires unit=ms
//dualgen:field Extend.until unit=ms
//dualgen:field Session.Roles as=json
//dualgen:compare round=Opened:1ms
//dualgen:ttl Session.Expires Extend.until
//go:generate go tool dualgen -old ./redisstore.Store -new ./memstore.Store
type Sessions interface {
	// Get returns the session of that token, or ErrNoSession.
	Get(ctx context.Context, token string) (Session, error)
	// Save adds a session, or replaces the one of its token.
	Save(ctx context.Context, s Session) error
	// Extend lets a session live until then. It returns ErrNoSession for one that is not there.
	//
	//dualgen:mirror copy
	Extend(ctx context.Context, token string, until time.Time) error
	// Delete ends a session. It returns ErrNoSession for one that is not there.
	Delete(ctx context.Context, token string) error
}

// Session is one session.
type Session struct {
	Token   string
	User    string
	Roles   []string
	Opened  time.Time
	Expires time.Time // the moment from which it is gone
}
