// Package activity asks a journal which entities of a kind were written, for those that read or copy the whole kind beside the
// service's writes.
package activity

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Written is what was written of a kind.
type Written struct {
	// Keys were written. None of them is the whole kind.
	Keys []journal.Key
	// Unnamed says that entities may have been written that Keys does not name.
	Unnamed bool
	// Whole says that there were writes under tokens on the whole kind, or that it was unclean.
	Whole bool
}

// Question is what to ask a journal.
type Question struct {
	Journal journal.Journal
	Kind    string
	Since   journal.Seq // from Track or a later Seq
	Own     int         // tokens on the whole kind that the caller holds itself
	Sleep   func(ctx context.Context, d time.Duration) error
	Off     hooks.Rules
}

// How often, and for how long, Ask waits for a moment at which no write holds a token on the whole kind.
const (
	tries     = 8
	firstWait = 2 * time.Millisecond
)

// Ask returns what was written since then. The caller has finished its reading: a write that begins later is not asked for.
//
// A write whose keys are not known when it begins (an entity whose key the primary makes, a delete of what it lists) holds a token on the
// whole kind. While it runs, nobody knows what it changes. If it ends clean, each entity that it changed has had a token or a mark of
// its own before that end. So at a moment at which the kind has no entry, all that was written under such tokens is named by an
// answer that is asked for afterwards. An entry that is dirty stands for writes that nothing names.
//
// A dirty entry of a whole kind that was cleared meanwhile leaves no trace here. Only a verify pass with repair clears one (an operator
// cannot drop it): see Pass.
func (q Question) Ask(ctx context.Context) (Written, error) {
	keys, whole, err := q.list(ctx)
	if err != nil || !whole || q.Off.NoUnnamed {
		return Written{Keys: keys}, err
	}
	for try, wait := 0, firstWait; try < tries; try, wait = try+1, 2*wait {
		if try > 0 {
			if err := q.Sleep(ctx, wait); err != nil {
				return Written{}, err
			}
		}
		entry, found, err := q.Journal.Lookup(ctx, journal.Key{Kind: q.Kind, Whole: true})
		if err != nil {
			return Written{}, fmt.Errorf("look %s up in the journal: %w", q.Kind, err)
		}
		if found && entry.Dirty {
			break
		}
		if !found && q.Own == 0 || found && entry.Active == q.Own {
			keys, _, err = q.list(ctx)
			return Written{Keys: keys, Whole: true}, err
		}
	}
	return Written{Keys: keys, Unnamed: true, Whole: true}, nil
}

// list returns the keys, without the whole kind, and whether that is among them.
func (q Question) list(ctx context.Context) (keys []journal.Key, whole bool, err error) {
	all, err := q.Journal.Activity(ctx, q.Kind, q.Since)
	if err != nil {
		return nil, false, fmt.Errorf("ask the journal for writes: %w", err)
	}
	for _, key := range all {
		if key.Whole {
			whole = true
			continue
		}
		keys = append(keys, key)
	}
	return keys, whole, nil
}
