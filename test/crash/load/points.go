package main

import (
	"context"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

// points kills the process at a named point. The points of the stores, such as "old.write.after", and of the journal,
// such as "begin.before", are passed by the service's calls; those of a backfill, a reconciler or a verify pass have its
// name in front: "backfill.new.write.after".
type points struct {
	kill string
	left atomic.Int64
}

func newPoints(s setting.Settings) *points {
	p := &points{kill: s.Kill}
	p.left.Store(int64(s.After))
	return p
}

type roleKey struct{}

// as marks what is done under the context as a role's.
func as(ctx context.Context, role string) context.Context {
	return context.WithValue(ctx, roleKey{}, role+".")
}

// reach passes a point.
func (p *points) reach(ctx context.Context, point string) {
	if p.kill == "" {
		return
	}
	role, _ := ctx.Value(roleKey{}).(string)
	if role+point != p.kill || p.left.Add(-1) >= 0 {
		return
	}
	_ = syscall.Kill(syscall.Getpid(), syscall.SIGKILL)
	select {} // until the signal arrives
}

// around passes the points before and after a step.
func (p *points) around(ctx context.Context, step string, do func() error) error {
	p.reach(ctx, step+".before")
	err := do()
	p.reach(ctx, step+".after")
	return err
}

// store is the interceptor of a store.
func (p *points) store(name string) func(context.Context, bool, func(context.Context) error) error {
	return func(ctx context.Context, write bool, next func(context.Context) error) error {
		step := name + ".read"
		if write {
			step = name + ".write"
		}
		return p.around(ctx, step, func() error { return next(ctx) })
	}
}

// watchedJournal passes the points of a journal that other processes rely on.
type watchedJournal struct {
	journal.Journal
	agreed journal.Agreed
	points *points
}

func (j *watchedJournal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (token journal.Token, err error) {
	err = j.points.around(ctx, "begin", func() error {
		token, err = j.Journal.Begin(ctx, owner, key, primary)
		return err
	})
	return token, err
}

// BeginAgreed implements journal.Agreed.
func (j *watchedJournal) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (token journal.Token, err error) {
	err = j.points.around(ctx, "begin", func() error {
		token, err = j.agreed.BeginAgreed(ctx, owner, key, primary)
		return err
	})
	return token, err
}

func (j *watchedJournal) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) (tokens []journal.Token, err error) {
	err = j.points.around(ctx, "begin", func() error {
		tokens, err = j.Journal.BeginMany(ctx, owner, keys, primary)
		return err
	})
	return tokens, err
}

func (j *watchedJournal) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (token journal.Token, ok bool, err error) {
	err = j.points.around(ctx, "begincopy", func() error {
		token, ok, err = j.Journal.BeginCopy(ctx, owner, key, idle)
		return err
	})
	return token, ok, err
}

// claimingJournal is one that claims many copies at once.
type claimingJournal struct {
	*watchedJournal
	claims journal.Claims
}

// BeginCopies implements journal.Claims.
func (j claimingJournal) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) (tokens []journal.Token, err error) {
	err = j.points.around(ctx, "begincopy", func() error {
		tokens, err = j.claims.BeginCopies(ctx, owner, keys, idle)
		return err
	})
	return tokens, err
}

func (j *watchedJournal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	return j.points.around(ctx, "end", func() error { return j.Journal.End(ctx, key, token, clean) })
}

func (j *watchedJournal) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	return j.points.around(ctx, "end", func() error { return j.Journal.EndMany(ctx, keys, tokens, clean) })
}

func (j *watchedJournal) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	return j.points.around(ctx, "markdirty", func() error { return j.Journal.MarkDirty(ctx, keys, primary) })
}

func (j *watchedJournal) Expire(ctx context.Context) (expired int, err error) {
	err = j.points.around(ctx, "expire", func() error {
		expired, err = j.Journal.Expire(ctx)
		return err
	})
	return expired, err
}

// watchedControl passes the points of a control store.
type watchedControl struct {
	control.Control
	points *points
}

func (c *watchedControl) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	return c.points.around(ctx, "checkpoint", func() error { return c.Control.SaveCheckpoint(ctx, name, data) })
}

func (c *watchedControl) Swap(ctx context.Context, expected uint64, next control.Record) error {
	return c.points.around(ctx, "swap", func() error { return c.Control.Swap(ctx, expected, next) })
}

func (c *watchedControl) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	return c.points.around(ctx, "renew", func() error { return c.Control.Renew(ctx, instance, ttl) })
}
