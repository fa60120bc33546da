package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// width bounds the queries that one call has under way at once.
const width = 32

// together runs do(0) … do(n-1), some at once, and joins the errors.
func together(n int, do func(i int) error) error {
	if n == 1 {
		return do(0)
	}
	errs := make([]error, n)
	var all sync.WaitGroup
	slots := make(chan struct{}, width)
	for i := range n {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = do(i)
		})
	}
	all.Wait()
	return errors.Join(errs...)
}

// order is the order in which the keys of one call are begun: whole kinds after their keys, so that no call waits for
// its own.
func order(keys []journal.Key) []int {
	indexes := make([]int, len(keys))
	for i := range indexes {
		indexes[i] = i
	}
	slices.SortFunc(indexes, func(a, b int) int {
		x, y := keys[a], keys[b]
		switch {
		case x.Whole && !y.Whole:
			return 1
		case y.Whole && !x.Whole:
			return -1
		}
		return strings.Compare(x.Kind+"\x00"+x.ID, y.Kind+"\x00"+y.ID)
	})
	return indexes
}

// BeginMany implements journal.Journal. No transaction spans the keys: they are begun one after the other, and given up
// again, without any effect but that of an overlap, if one of them cannot have the primary of the others.
func (j *Journal) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	if err := j.holds(keys...); err != nil {
		return nil, err
	}
	for attempt := range tries {
		common, err := j.common(ctx, keys, primary)
		if err != nil {
			return nil, err
		}
		tokens, err := j.beginAll(ctx, owner, keys, common)
		if !errors.Is(err, errAgain) {
			return tokens, err
		}
		if err := j.turns.pause(ctx, attempt); err != nil {
			return nil, fmt.Errorf("cqlcontrol: begin many: %w", err)
		}
	}
	return nil, journal.ErrConflict
}

// common returns the primary that all keys can have, as they stand now.
func (j *Journal) common(ctx context.Context, keys []journal.Key, primary phase.Store) (phase.Store, error) {
	found := make([]journal.Entry, len(keys))
	exists := make([]bool, len(keys))
	err := j.turns.together(len(keys), func(i int) (err error) {
		found[i], exists[i], err = j.Lookup(ctx, keys[i])
		return err
	})
	if err != nil {
		return primary, err
	}
	settled := false
	for i, e := range found {
		switch {
		case !exists[i]:
		case settled && e.Primary != primary:
			return primary, journal.ErrConflict
		default:
			primary, settled = e.Primary, true
		}
	}
	return primary, j.unopposed(ctx, keys, primary)
}

// unopposed returns ErrConflict if one of the keys is a whole kind that has unclean keys with the other primary.
func (j *Journal) unopposed(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	for _, key := range keys {
		if !key.Whole {
			continue
		}
		opposed, _, err := j.opposed(ctx, key.Kind, primary)
		if err == nil && opposed {
			err = journal.ErrConflict
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// beginAll begins each key; errAgain if one got another primary.
func (j *Journal) beginAll(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	tokens := make([]journal.Token, len(keys))
	var begun []int
	for _, i := range order(keys) {
		token, err := j.Begin(ctx, owner, keys[i], primary)
		if err == nil {
			tokens[i] = token
			begun = append(begun, i)
			if token.Primary == primary {
				continue
			}
			err = errAgain
		}
		if errors.Is(err, journal.ErrConflict) {
			err = errAgain
		}
		for _, i := range begun {
			err = errors.Join(err, j.giveBack(ctx, canonical(keys[i]), tokens[i]))
		}
		return nil, err
	}
	return tokens, nil
}

// giveBack takes a token back that did nothing.
func (j *Journal) giveBack(ctx context.Context, key journal.Key, token journal.Token) error {
	if err := j.remove(ctx, key, token.ID); err != nil {
		j.process.owe(key, token)
		return err
	}
	j.process.drop(token.ID)
	return nil
}

// EndMany implements journal.Journal.
func (j *Journal) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	if len(keys) != len(tokens) {
		return fmt.Errorf("cqlcontrol: %d keys and %d tokens", len(keys), len(tokens))
	}
	return j.turns.together(len(keys), func(i int) error { return j.End(ctx, keys[i], tokens[i], clean) })
}

// MarkDirty implements journal.Journal.
func (j *Journal) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if err := j.holds(keys...); err != nil {
		return err
	}
	var whole, single []journal.Key
	for _, key := range keys {
		if key.Whole {
			whole = append(whole, canonical(key))
		} else {
			single = append(single, key)
		}
	}
	for _, key := range whole {
		e, err := j.read(ctx, key)
		if err == nil && !e.unclean() {
			err = j.unopposed(ctx, []journal.Key{key}, primary)
		}
		if err != nil {
			return err
		}
	}
	for _, key := range whole {
		if err := j.markWhole(ctx, key, primary); err != nil {
			return err
		}
	}
	return j.turns.together(len(single), func(i int) error { return j.markKey(ctx, single[i], primary) })
}

// lift lifts a quarantine.
func (b *body) lift() {
	if b.Quarantined {
		b.Quarantined, b.Attempts, b.Cause = false, 0, ""
	}
}

// markWhole marks a whole kind: a call on it that failed.
func (j *Journal) markWhole(ctx context.Context, key journal.Key, primary phase.Store) error {
	e, err := j.read(ctx, key)
	if err != nil {
		return err
	}
	if e.unclean() {
		return j.markKey(ctx, key, primary)
	}
	token := newToken("")
	if err := j.enter(ctx, key, token); err != nil {
		return err
	}
	if err := j.beginWhole(ctx, key, &token, primary, false); err != nil {
		j.process.owe(key, token)
		return err
	}
	return ignoreLost(j.giveUp(ctx, "mark", key, token.ID, func(e *entry, _ held) { e.body.Dirty = true }))
}

// markKey marks one key, or a whole kind that is unclean.
func (j *Journal) markKey(ctx context.Context, key journal.Key, primary phase.Store) error {
	n, err := j.number(ctx, key)
	if err != nil {
		return err
	}
	defer j.process.done(n)
	if err := j.log(ctx, n, key); err != nil {
		return err
	}
	var whole entry
	if !key.Whole {
		if whole, err = j.decided(ctx, wholeOf(key)); err != nil {
			return err
		}
	}
	fresh := false
	e, err := j.change(ctx, "mark", key, func(e *entry) error {
		fresh = !e.unclean()
		e.adopt(whole, primary)
		e.body.Dirty = true
		e.body.lift()
		e.touch(j.process.sequence())
		return nil
	})
	if err != nil || !fresh || key.Whole {
		return err
	}
	if whole, err = j.decided(ctx, wholeOf(key)); err != nil || !whole.unclean() || whole.primary() == e.body.Primary {
		return err
	}
	_, err = j.change(ctx, "mark", key, func(e *entry) error { // the kind turned unclean meanwhile
		if e.active() > 0 {
			return errKeep
		}
		e.body.Primary = whole.primary()
		return nil
	})
	return err
}
