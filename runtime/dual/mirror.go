package dual

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// detach returns the context of the mirror's leg.
func (a *attempt) detach(ctx context.Context) context.Context {
	return a.call.state.migration.deadlines.detach(ctx)
}

// copied copies the write's entities from the primary to the mirror, and ends the call.
func (a *attempt) copied(ctx context.Context) error {
	if a.how == mirrorQueued {
		return queue(ctx, a)
	}
	if a.how == mirrorCopyLate {
		return a.later(ctx, func(ctx context.Context, leg *attempt) error { return leg.copy(ctx) })
	}
	return a.mirrored(ctx, a.copy(a.detach(ctx)))
}

// overlapped reports whether another call on the write's key kept its copy from being seen in the mirror: the key is dirty by
// that already, and it is known of every store call what became of it.
func (a *attempt) overlapped(ctx context.Context, err error) bool {
	if !a.open || a.keys != nil || !errors.Is(err, ErrNotCopied) {
		return false
	}
	entry, unclean, err := a.call.state.migration.journal.Lookup(ctx, a.key)
	return err == nil && unclean && entry.Dirty && entry.Key == a.key
}

func (a *attempt) copy(ctx context.Context) (err error) {
	defer recoverTo(&err)
	if a.mirrorHangs() && a.mirrorPaused() {
		return errMirrorPaused
	}
	sent := a.call.start()
	err = copyAll(ctx, a.call.state.migration, a.all(), a.primary)
	a.call.took(ctx, sent, a.primary.Other(), RoleMirror, err)
	return a.mirrorEnded(ctx, err)
}

// copyAll copies the keys that are named. Of whole kinds nobody knows what there is to copy.
func copyAll(ctx context.Context, m *Migration, keys []Key, from Store) error {
	if len(keys) == 1 && !keys[0].Whole {
		return m.copyKey(ctx, keys[0], from)
	}
	var errs []error
	for _, key := range keys {
		if !key.Whole {
			errs = append(errs, m.copyKey(ctx, key, from))
		}
	}
	return errors.Join(errs...)
}

// later leaves the mirror to a worker and answers the caller. The leg counts as a call in flight, so that a drain waits
// for it. Without room for it, the key stays dirty.
func (a *attempt) later(ctx context.Context, mirror func(ctx context.Context, leg *attempt) error) error {
	leg := *a
	leg.call.hold()
	a.open, a.void = false, false // the leg's from here on
	accepted := leg.call.state.migration.mirrors.submit(func() {
		defer leg.call.End()
		defer leg.abandon()
		if leg.call.fenced() != nil {
			return // the leg begins too late: whoever took the token away copies the key
		}
		ctx := leg.detach(ctx)
		_ = leg.mirrored(ctx, mirror(ctx, &leg)) // the caller has its answer
	})
	if accepted {
		return nil
	}
	defer leg.call.End()
	defer leg.abandon()
	leg.call.method.mirrorDropped.Add(1)
	return leg.end(false)
}

// beside is a mirror's leg that runs while the primary does.
type beside struct {
	hooks hooks.Hooks
	run   func()
	late  bool // there was no free worker: it runs when the primary is done
	done  chan struct{}
	err   error
}

// beside starts the mirror on a worker, if one is free.
func (a *attempt) beside(ctx context.Context, mirror func(ctx context.Context) error) *beside {
	m := a.call.state.migration
	b := &beside{hooks: m.hooks, done: make(chan struct{}), err: errLegExited}
	ctx = a.detach(ctx)
	b.run = func() {
		defer close(b.done)
		b.err = mirror(ctx)
	}
	b.late = !m.mirrors.submit(b.run)
	return b
}

// errLegExited: the mirror's store ended its goroutine (runtime.Goexit).
var errLegExited = errors.New("dualgen: the mirror's goroutine was ended by the store")

// wait waits for a leg that was started, so that it never outlives its token.
func (b *beside) wait() {
	if !b.late {
		b.hooks.Wait(b.done)
	}
}

// joined ends a call whose legs ran at once.
func (a *attempt) joined(ctx context.Context, b *beside, primaryErr error) error {
	b.wait()
	if primaryErr != nil {
		// The mirror may hold what the primary refused, whatever the error says about the primary; and if the mirror's own
		// outcome is not known, it may still come to hold it.
		answered := b.late || b.err == nil || refusalOf(b.err, a.call.state.migration.refuses) != notRefused
		if answered = answered || a.call.state.migration.hooks.Off.NoRefusedDoubt; !answered || !a.settleRefused(ctx, primaryErr) {
			_ = a.end(false)
		}
		return primaryErr
	}
	if err := a.decided(ctx, nil); err != nil {
		return err
	}
	if b.late {
		b.run()
	}
	return a.mirrored(ctx, b.err)
}

// besideRefused ends a call whose mirror could not begin, because its arguments could not be copied.
func (a *attempt) besideRefused(ctx context.Context, mirrorErr, primaryErr error) error {
	if err := a.decided(ctx, primaryErr); err != nil {
		return err
	}
	return a.mirrored(ctx, mirrorErr)
}

// queue leaves a write's mirror to the reconciler. A second token overlaps the write's own, which makes the key dirty without a doubt:
// it is known what the stores were asked to do. An end that is not clean would begin the settle window anew, so that a key which
// is written all the time would never be copied.
//
// A write that runs without the journal is copied at once: nobody else would know of it.
func queue(ctx context.Context, a *attempt) error {
	if !a.open {
		a.how = mirrorCopy
		return a.mirrored(ctx, a.copy(a.detach(ctx)))
	}
	st := a.call.state
	m := st.migration
	a.call.method.queued.Add(1)
	if m.hooks.Off.NoQueueMark {
		return a.end(true)
	}
	second, err := *a, error(nil)
	ctx = a.detach(ctx)
	if a.keys == nil {
		second.token, err = m.journal.Begin(ctx, st.owner, a.key, a.primary)
	} else {
		second.tokens, err = m.journal.BeginMany(ctx, st.owner, a.keys, a.primary)
	}
	if err != nil { // the token may be left behind
		m.follower.changeOwner(st.owner)
		m.journalFault(ctx, a.call.method, err)
		return a.end(false)
	}
	return errors.Join(a.end(true), second.end(true))
}
