package cqlcontrol

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

// remove takes a token back that did nothing.
func (j *Journal) remove(ctx context.Context, key journal.Key, id uint64) error {
	_, err := j.change(ctx, "take a token back", key, func(e *entry) error {
		if _, ok := e.body.remove(id); !ok {
			return errKeep
		}
		e.calm = true
		return nil
	})
	return err
}

// End implements journal.Journal.
func (j *Journal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	key = canonical(key)
	if token.ID&1 == 1 {
		return j.endFast(ctx, key, token, clean)
	}
	if h, _ := j.process.holding(token.ID); h.watch != nil && clean {
		var err error
		if clean, err = j.endWatching(ctx, key, token, h.watch); err != nil {
			return err
		}
	}
	return j.giveUp(ctx, "end", key, token.ID, func(e *entry, h held) {
		e.calm = clean
		if !clean {
			e.dirty()
		} else if h.Copies {
			e.body.Attempts, e.body.Cause = 0, ""
		}
	})
}

// giveUp removes a token and lets settle alter the entry. If the token is not there, the entry turns dirty if there is
// one, and giveUp returns ErrTokenLost.
func (j *Journal) giveUp(ctx context.Context, what string, key journal.Key, id uint64, settle func(e *entry, h held)) error {
	lost := false
	_, err := j.change(ctx, what, key, func(e *entry) error {
		primary := e.primary()
		h, ok := e.body.remove(id)
		lost = !ok
		switch {
		case ok:
			e.body.Primary = primary
			settle(e, h)
		case e.unclean():
			e.dirty()
		default:
			return errKeep
		}
		e.touch(j.process.sequence())
		return nil
	})
	if err != nil {
		return err
	}
	j.process.drop(id)
	if lost {
		return journal.ErrTokenLost
	}
	return nil
}

func ignoreLost(err error) error {
	if errors.Is(err, journal.ErrTokenLost) {
		return nil
	}
	return err
}
