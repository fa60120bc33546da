package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

const (
	insertFast = `INSERT INTO {entry} (migration, kind, whole, id, process, slot, owner, primary_store, seq, began)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, toTimestamp(now()))`
	deleteFast = `DELETE FROM {entry} WHERE migration = ? AND kind = ? AND whole = ? AND id = ? AND process = ? AND slot = ?`
)

// BeginAgreed implements journal.Agreed: one write of a row of its own and its log, and one read of the key and its kind.
// Whoever sees another makes the key dirty; of two that overlap, the one whose row was there last sees the other's.
func (j *Journal) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	if key.Whole {
		return j.Begin(ctx, owner, key, primary)
	}
	n, err := j.number(ctx, key)
	if err != nil {
		return journal.Token{}, err
	}
	token := journal.Token{ID: rand.Uint64() | 1, Owner: owner, Primary: primary}
	slot := j.process.takeSlot(key)
	j.process.hold(token.ID, holding{n: n, fast: true, slot: slot})
	agreed, err := j.insertFast(ctx, key, token, n, slot)
	if err == nil && agreed {
		return token, nil
	}
	if gone := j.deleteFast(ctx, key, slot); gone != nil {
		j.process.owe(key, token)
		return journal.Token{}, errors.Join(err, gone)
	}
	j.release(key, token.ID, slot)
	if err != nil {
		return journal.Token{}, err
	}
	return j.Begin(ctx, owner, key, primary) // the phases did not agree after all
}

// insertFast puts the row in and looks around. It returns false if the key has the other primary.
func (j *Journal) insertFast(ctx context.Context, key journal.Key, token journal.Token, n int64, slot int) (bool, error) {
	stamp := j.process.tick()
	batch := j.session.NewBatch(gocql.UnloggedBatch).WithContext(ctx).WithTimestamp(stamp)
	batch.SetConsistency(j.options.Consistency)
	args := append(j.at(key), j.process.id, slot, token.Owner, int8(token.Primary), int64(j.process.sequence()))
	batch.Query(j.names.Replace(insertFast), args...)
	batch.Query(j.names.Replace(insertLog), j.logArgs(n, key)...)
	if err := j.session.ExecuteBatch(batch); err != nil {
		return false, fmt.Errorf("cqlcontrol: begin: %w", err)
	}
	found := make([]entry, 2)
	keys := []journal.Key{key, wholeOf(key)}
	err := together(2, func(i int) (err error) {
		found[i], err = j.read(ctx, keys[i])
		return err
	})
	if err != nil {
		return false, err
	}
	e, whole := found[0], found[1]
	if e.differs(token.Primary) || whole.differs(token.Primary) {
		return false, nil
	}
	if e.body.Dirty || e.active() <= 1 && whole.active() == 0 {
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

func (j *Journal) deleteFast(ctx context.Context, key journal.Key, slot int) error {
	args := append(j.at(key), j.process.id, slot)
	if err := j.query(ctx, deleteFast, args...).WithTimestamp(j.process.tick()).Exec(); err != nil {
		return fmt.Errorf("cqlcontrol: end: %w", err)
	}
	return nil
}

func (j *Journal) release(key journal.Key, id uint64, slot int) {
	j.process.freeSlot(key, slot)
	j.process.drop(id)
}

// endFast gives a token of the fast path up. The delete itself does not tell whether the row was there: that is looked at
// before, where somebody else may have taken it away.
func (j *Journal) endFast(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	h, ok := j.process.holding(token.ID)
	if ok && !j.process.surely(token.Owner) {
		e, err := j.read(ctx, key)
		if err != nil {
			return err
		}
		if ok = e.hasRow(j.process.id, h.slot); !ok {
			j.release(key, token.ID, h.slot)
		}
	}
	if !ok {
		return j.lost(ctx, key)
	}
	if !clean {
		if _, err := j.change(ctx, "end", key, func(e *entry) error {
			if !e.unclean() { // the row was there, and nobody else may remove it while the lease runs
				e.body.Primary = token.Primary
				e.body.Dirty = true
			} else {
				e.dirty()
			}
			e.touch(j.process.sequence())
			return nil
		}); err != nil {
			return err
		}
	}
	if err := j.deleteFast(ctx, key, h.slot); err != nil {
		return err
	}
	j.release(key, token.ID, h.slot)
	return nil
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
