package cqlcontrol

import (
	"context"
	"math/rand/v2"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// BeginAgreed implements journal.Agreed: one write of a row of its own and its log, and one read of the key. Whoever sees
// another token makes the key dirty; of two that overlap, the one whose row was there last sees the other's.
//
// It does not look at the whole kind. A call on the whole kind looks at the keys' tokens when it begins; a token that begins
// beside it does not make its key dirty, but leaves the kind unclean as it is, and whoever makes the kind clean compares
// all its keys, or has looked who called since (BeginWatching).
func (j *Journal) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if key.Whole {
		return j.Begin(ctx, owner, key, primary)
	}
	if err := j.holds(key); err != nil {
		return journal.Token{}, err
	}
	n, err := j.number(ctx, key)
	if err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: rand.Uint64() | 1, Owner: owner, Primary: primary}
	slot := j.process.takeSlot(key)
	j.process.hold(token.ID, holding{n: n, owner: owner, slot: slot})
	agreed, err := false, j.admit(ctx, owner)
	if err == nil {
		agreed, err = j.insertFast(ctx, key, token, n, slot)
	}
	if err == nil && agreed {
		if err = j.taken(ctx, owner); err == nil {
			return token, nil
		}
	}
	j.endCall(key, token.ID) // its row may come late, and says nothing then
	if err != nil {
		return journal.Token{}, err
	}
	return j.Begin(ctx, owner, key, primary) // the phases did not agree after all
}

// insertFast puts the row in and looks around. It returns false if the key has the other primary.
func (j *Journal) insertFast(ctx context.Context, key journal.Key, token journal.Token, n int64, slot int) (bool, error) {
	logged := j.logAsync(n, key)
	row := fastRow{process: j.process.id, slot: slot, n: n, owner: token.Owner, primary: token.Primary, seq: j.process.sequence(), stamp: j.process.tick()}
	if err := j.putRow(ctx, key, row); err != nil {
		return false, err
	}
	if err := logged.wait(ctx); err != nil {
		return false, err
	}
	e, err := j.read(ctx, key)
	switch {
	case err != nil || e.differs(token.Primary):
		return false, err
	case e.body.Dirty || e.besides(row) == 0:
		return true, nil
	}
	return true, j.markOverlap(ctx, key)
}

// differs reports whether the entry has the other primary.
func (e *entry) differs(primary phase.Store) bool {
	if !e.body.clean() && e.body.Primary != primary {
		return true
	}
	for _, f := range e.fast {
		if f.primary != primary {
			return true
		}
	}
	return false
}

// besides counts the active tokens but that of a row.
func (e *entry) besides(row fastRow) int {
	same := func(f fastRow) bool { return f.process == row.process && f.n == row.n }
	if slices.ContainsFunc(e.fast, same) {
		return e.active() - 1
	}
	return e.active()
}

// endCall ends a call on the fast path.
func (j *Journal) endCall(key journal.Key, id uint64) {
	j.process.end(key, id)
	j.ended()
}

// endFast gives a token of the fast path up. After a clean call the others hear of it after the caller was answered: a
// crash before leaves the key to the reconciler. Where somebody else may have taken the row away, that is looked at before.
func (j *Journal) endFast(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	h, ok := j.process.holding(token.ID)
	if ok && !j.process.surely(token.Owner) {
		e, err := j.read(ctx, key)
		if err != nil {
			return err
		}
		if ok = e.hasRow(j.process.id, h.slot); !ok {
			j.endCall(key, token.ID)
		}
	}
	if !ok {
		return j.lost(ctx, key)
	}
	if !clean {
		if err := j.dirtyFast(ctx, key, token); err != nil {
			return err
		}
	}
	j.endCall(key, token.ID)
	return nil
}

// dirtyFast makes a key dirty whose token is still in its row.
func (j *Journal) dirtyFast(ctx context.Context, key journal.Key, token journal.Token) error {
	_, err := j.change(ctx, "end", key, func(e *entry) error {
		if e.unclean() {
			e.dirty()
		} else { // a read that is older than the row
			e.body.Primary, e.body.Dirty = token.Primary, true
		}
		e.touch(j.process.sequence())
		return nil
	})
	return err
}

func (e *entry) hasRow(process int64, slot int) bool {
	for _, f := range e.fast {
		if f.process == process && f.slot == slot {
			return true
		}
	}
	return false
}

// lost makes the key dirty whose token was taken away, if it has an entry.
func (j *Journal) lost(ctx context.Context, key journal.Key) error {
	_, err := j.change(ctx, "mark the key of a lost token", key, func(e *entry) error {
		if !e.unclean() {
			return errKeep
		}
		e.dirty()
		e.touch(j.process.sequence())
		return nil
	})
	return orElse(err, journal.ErrTokenLost)
}
