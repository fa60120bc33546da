package dual_test

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errDown = errors.New("down")

// faultyJournal is a journal whose calls fail while their switch is on. Where after is on, they have their effect first.
type faultyJournal struct {
	journal.Journal
	begin, end, lookup, renew, after, marks atomic.Bool
	taken                                   atomic.Pointer[journal.Token] // the last one
}

func (j *faultyJournal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if j.begin.Load() {
		if j.after.Load() {
			_, _ = j.Journal.Begin(ctx, owner, key, primary)
		}
		return journal.Token{}, errDown
	}
	token, err := j.Journal.Begin(ctx, owner, key, primary)
	j.taken.Store(&token)
	return token, err
}

func (j *faultyJournal) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	if j.begin.Load() {
		return nil, errDown
	}
	return j.Journal.BeginMany(ctx, owner, keys, primary)
}

func (j *faultyJournal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	if j.end.Load() {
		if j.after.Load() {
			_ = j.Journal.End(ctx, key, token, clean)
		}
		return errDown
	}
	return j.Journal.End(ctx, key, token, clean)
}

func (j *faultyJournal) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	if j.end.Load() {
		return errDown
	}
	return j.Journal.EndMany(ctx, keys, tokens, clean)
}

func (j *faultyJournal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	if j.lookup.Load() {
		return journal.Entry{}, false, errDown
	}
	return j.Journal.Lookup(ctx, key)
}

func (j *faultyJournal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if j.renew.Load() {
		return errDown
	}
	return j.Journal.Renew(ctx, owner, ttl)
}

func (j *faultyJournal) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if j.marks.Load() {
		return errDown
	}
	return j.Journal.MarkDirty(ctx, keys, primary)
}

// remoteControl is a control store outside this process, so that leases are in force. Its calls fail while down is on.
type remoteControl struct {
	control.Control
	down, readOnly atomic.Bool
}

// InProcess reports that instances may be cut off from this store.
func (c *remoteControl) InProcess() bool { return false }

func (c *remoteControl) Load(ctx context.Context) (control.Record, error) {
	if c.down.Load() {
		return control.Record{}, errDown
	}
	return c.Control.Load(ctx)
}

func (c *remoteControl) Swap(ctx context.Context, expected uint64, next control.Record) error {
	if c.down.Load() || c.readOnly.Load() {
		return errDown
	}
	return c.Control.Swap(ctx, expected, next)
}

func (c *remoteControl) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	if c.down.Load() {
		return errDown
	}
	return c.Control.Renew(ctx, instance, ttl)
}

func (c *remoteControl) Watch(ctx context.Context, revision uint64) error {
	if c.down.Load() {
		return errDown
	}
	return c.Control.Watch(ctx, revision)
}
