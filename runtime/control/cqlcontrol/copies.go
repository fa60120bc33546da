package cqlcontrol

import (
	"context"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// Fail implements journal.Journal.
func (j *Journal) Fail(ctx context.Context, key journal.Key, token journal.Token, cause string, quarantineAfter int) error {
	return j.giveUp(ctx, "count a failed copy", canonical(key), token.ID, func(e *entry, _ held) {
		e.body.Dirty = true
		e.body.Attempts++
		e.body.Cause = cause
		e.body.Quarantined = quarantineAfter > 0 && e.body.Attempts >= quarantineAfter
	})
}

// BeginCopy implements journal.Journal.
func (j *Journal) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	key = canonical(key)
	if err := j.holds(key); err != nil {
		return journal.Token{}, false, err
	}
	e, err := j.read(ctx, key)
	if err != nil || !e.copyable(idle) {
		return journal.Token{}, false, err
	}
	token := newToken(owner)
	if err := j.enter(ctx, key, token); err != nil {
		return journal.Token{}, false, err
	}
	ok, err := j.beginCopy(ctx, key, &token, idle)
	if err == nil && ok {
		err = j.taken(ctx, owner)
	}
	switch {
	case err != nil:
		j.process.owe(key, token)
	case !ok:
		j.process.drop(token.ID)
	default:
		return token, true, nil
	}
	return journal.Token{}, false, err
}

func (e *entry) copyable(idle time.Duration) bool {
	return e.body.Dirty && e.active() == 0 && !e.body.Quarantined && e.idle() >= idle
}

func (j *Journal) beginCopy(ctx context.Context, key journal.Key, token *journal.Token, idle time.Duration) (bool, error) {
	if busy, err := j.kindBusy(ctx, key); err != nil || busy {
		return false, err
	}
	e, err := j.change(ctx, "begin a copy", key, func(e *entry) error {
		if e.holds(token.ID) || !e.copyable(idle) {
			return errKeep
		}
		e.body.Dirty = false
		e.put(j.held(*token, held{Copies: true}), j.process.sequence())
		return nil
	})
	if err != nil || !e.holds(token.ID) {
		return false, err
	}
	token.Primary = e.body.Primary
	if key.Whole {
		_, active, err := j.opposed(ctx, key.Kind, token.Primary)
		if err != nil {
			return false, err
		}
		return true, j.markActive(ctx, active)
	}
	// Who began meanwhile without a lightweight transaction may not have seen this copy.
	now, err := j.read(ctx, key)
	if err != nil {
		return false, err
	}
	busy, err := j.kindBusy(ctx, key)
	if err != nil || !busy && len(now.fast) == 0 {
		return err == nil, err
	}
	return false, ignoreLost(j.giveUp(ctx, "give a copy up", key, token.ID, func(e *entry, _ held) { e.body.Dirty = true }))
}

// kindBusy reports whether a token is active on the key's whole kind.
func (j *Journal) kindBusy(ctx context.Context, key journal.Key) (bool, error) {
	if key.Whole {
		return false, nil
	}
	whole, err := j.decided(ctx, wholeOf(key))
	return whole.active() > 0, err
}
