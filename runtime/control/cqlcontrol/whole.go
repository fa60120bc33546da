package cqlcontrol

import (
	"context"
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// decided reads a whole kind's entry, once no Begin of it is pending.
func (j *Journal) decided(ctx context.Context, whole journal.Key) (entry, error) {
	for attempt := 0; ; attempt++ {
		e, err := j.read(ctx, whole)
		if err != nil || !e.pending() {
			return e, err
		}
		if err := j.turns.wait(ctx, attempt); err != nil {
			return e, fmt.Errorf("cqlcontrol: wait for a call on %v to begin: %w", whole, err)
		}
	}
}

// beginWhole takes a token on a whole kind. Its keys must not be unclean with the other primary; those that are active
// overlap, if it is to mark them.
func (j *Journal) beginWhole(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store, overlaps bool) error {
	e, err := j.change(ctx, "begin", key, func(e *entry) error {
		if e.holds(token.ID) {
			return errKeep
		}
		e.adopt(entry{}, primary)
		e.put(j.held(*token, held{Pending: true}), j.process.sequence())
		return nil
	})
	if err != nil {
		return err
	}
	token.Primary = e.body.Primary
	opposed, active, err := j.opposed(ctx, key.Kind, token.Primary)
	switch {
	case err != nil:
		return err
	case opposed:
		return orElse(j.remove(ctx, key, token.ID), journal.ErrConflict)
	case overlaps:
		if err := j.markActive(ctx, active); err != nil {
			return err
		}
	}
	_, err = j.change(ctx, "begin", key, func(e *entry) error {
		for i := range e.body.Tokens {
			if h := &e.body.Tokens[i]; h.ID == token.ID && h.Pending {
				h.Pending = false
				return nil
			}
		}
		return errKeep
	})
	return err
}

// markActive makes the keys dirty that have a token.
func (j *Journal) markActive(ctx context.Context, keys []entry) error {
	return j.turns.together(len(keys), func(i int) error {
		if e := keys[i]; !e.key.Whole && e.active() > 0 && !e.body.Dirty {
			return j.markOverlap(ctx, e.key)
		}
		return nil
	})
}
