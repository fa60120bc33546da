package cqlcontrol

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/proof"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// copy copies the key.
func (w *world) copy(from phase.Store) error {
	value, err := w.get(from)
	if err == nil {
		err = w.put(from.Other(), value)
	}
	return err
}

// ends tries again, as the runtime does.
func ends(j *Journal, token journal.Token, clean bool) {
	for range 4 {
		if err := j.End(context.Background(), key, token, clean); err == nil || errors.Is(err, journal.ErrTokenLost) {
			return
		}
	}
}

// begin is how a writer takes its token.
type begin func(j *Journal, owner string) (journal.Token, error)

func agreed(j *Journal, owner string) (journal.Token, error) {
	return j.BeginAgreed(context.Background(), owner, key, phase.Old)
}

func from(store phase.Store) begin {
	return func(j *Journal, owner string) (journal.Token, error) {
		return j.Begin(context.Background(), owner, key, store)
	}
}

// call records a call that begins and ends within do, which says whether it was acknowledged, and what it saw.
func (w *world) call(input proof.Input, do func() (seen int8, err error)) {
	w.s.Touch(explore.Footprint{Calls: 1})
	op := w.history.Call(input)
	seen, err := do()
	w.s.Touch(explore.Footprint{Returns: 1})
	if err == nil {
		w.history.Return(op, valueOf(seen))
	}
}

// writes is a client that writes once: the primary, then the mirror.
func writes(begin begin) func(w *world, j *Journal, owner string, value int8) {
	return func(w *world, j *Journal, owner string, value int8) {
		w.call(proof.Input{Act: proof.Put, Value: proof.Value{A: value}}, func() (int8, error) {
			token, err := begin(j, owner)
			if err != nil {
				return 0, err // refused, as in a guarded phase
			}
			if err := w.put(token.Primary, value); err != nil {
				ends(j, token, false)
				return 0, err
			}
			ends(j, token, w.put(token.Primary.Other(), value) == nil)
			return 0, nil
		})
	}
}

// twice is a client that writes twice, the second time over the first.
func twice(begin begin) func(w *world, j *Journal, owner string, value int8) {
	return func(w *world, j *Journal, owner string, value int8) {
		writes(begin)(w, j, owner, value)
		writes(begin)(w, j, owner, value+10)
	}
}

// again takes its token at the second attempt where the first fails.
func again(j *Journal, owner string) (journal.Token, error) {
	token, err := agreed(j, owner)
	if errors.Is(err, errStruck) {
		return agreed(j, owner)
	}
	return token, err
}

// writesAll is a client whose write cannot tell its keys: the kind stays unclean until somebody has compared all of them.
func writesAll(primary phase.Store) func(w *world, j *Journal, owner string, value int8) {
	return func(w *world, j *Journal, owner string, value int8) {
		w.call(proof.Input{Act: proof.Put, Value: proof.Value{A: value}}, func() (int8, error) {
			kind, err := j.Begin(context.Background(), owner, wholeOf(key), primary)
			if err != nil {
				return 0, err // refused, or it would be tried again
			}
			err = w.put(kind.Primary, value)
			if err == nil {
				_ = w.put(kind.Primary.Other(), value) // the kind stays unclean in any case
			}
			w.endKind(j, kind, false)
			return 0, err
		})
	}
}

// sweeps is a client whose write lists what it will touch: the key, where it is low.
func sweeps(w *world, j *Journal, owner string, _ int8) {
	w.call(proof.Input{Act: proof.Sweep}, func() (int8, error) {
		kind, err := j.BeginWatching(context.Background(), owner, wholeOf(key), phase.Old)
		if err != nil {
			return 0, err
		}
		have, err := w.get(kind.Primary)
		if err == nil && low(have) {
			err = j.MarkDirty(context.Background(), []journal.Key{key}, kind.Primary)
		}
		listed := err == nil
		err = w.sweep(kind.Primary)
		w.endKind(j, kind, listed && err == nil)
		return 0, err
	})
}

// endKind gives the kind's token up.
func (w *world) endKind(j *Journal, kind journal.Token, clean bool) {
	for range 4 {
		err := j.End(context.Background(), wholeOf(key), kind, clean)
		if err == nil || errors.Is(err, journal.ErrTokenLost) {
			return
		}
	}
}

// makes is a client whose write learns its key from the primary.
func makes(w *world, j *Journal, owner string, value int8) {
	w.call(proof.Input{Act: proof.Put, Value: proof.Value{A: value}}, func() (int8, error) {
		kind, err := j.Begin(context.Background(), owner, wholeOf(key), phase.Old)
		if err != nil {
			return 0, err
		}
		if err := w.put(kind.Primary, value); err != nil {
			w.endKind(j, kind, false)
			return 0, err
		}
		token, err := j.Handover(context.Background(), owner, kind, key)
		if errors.Is(err, journal.ErrTokenLost) {
			return 0, errors.Join(err, j.MarkDirty(context.Background(), []journal.Key{wholeOf(key)}, phase.Old))
		}
		if err != nil {
			w.endKind(j, kind, false)
			return 0, err
		}
		ends(j, token, w.copy(token.Primary) == nil)
		return 0, nil
	})
}

// reads is a client that reads in a guarded phase, twice.
func reads(primary phase.Store) func(w *world, j *Journal, owner string, value int8) {
	return func(w *world, j *Journal, _ string, _ int8) {
		for range 2 {
			w.call(proof.Input{Act: proof.Get}, func() (int8, error) {
				e, unclean, err := j.Lookup(context.Background(), key)
				if err != nil {
					return 0, err
				}
				if unclean {
					return w.get(e.Primary)
				}
				return w.get(primary)
			})
		}
	}
}

// copies is a reconciler's attempt.
func copies(w *world, j *Journal, owner string, _ int8) {
	token, ok, err := j.BeginCopy(context.Background(), owner, key, 0)
	if err != nil || !ok {
		return
	}
	if err := w.copy(token.Primary); err != nil {
		_ = j.Fail(context.Background(), key, token, "no", 0) // what is left is found at the end
		return
	}
	ends(j, token, true)
}
