package journalrace

import (
	"context"
	"errors"
	"fmt"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// watching is how a write that lists its keys takes its token.
func watching(j journal.Journal) begin {
	if w, ok := j.(journal.Watching); ok {
		return w.BeginWatching
	}
	return j.Begin
}

// low reports whether a sweep deletes the value; 0 is none.
func low(value int64) bool { return value%4 == 1 }

// sweep deletes what is low, after it has listed and marked it.
func (r *race) sweep(ctx context.Context, j journal.Journal, begin begin, owner string, primary phase.Store, dies bool) error {
	token, err := begin(ctx, owner, whole, primary)
	if errors.Is(err, journal.ErrConflict) {
		return nil // the runtime waits, and refuses the call in the end
	}
	if err != nil {
		return err
	}
	if listed := r.low(token.Primary, func(string) {}); len(listed) > 0 {
		if err := j.MarkDirty(ctx, listed, token.Primary); err != nil {
			return fmt.Errorf("mark what is listed: %w", err)
		}
	}
	sleep()
	r.low(token.Primary, func(key string) { r.stores[token.Primary][key] = 0 })
	sleep()
	if dies {
		return j.Renew(ctx, owner, r.options.Lease)
	}
	if err := end(ctx, j, whole, token, true); err != nil {
		return fmt.Errorf("end of a sweep: %w", err)
	}
	return nil
}

// low lists the keys whose values are low, and does something to each, as one statement.
func (r *race) low(store phase.Store, do func(key string)) (keys []journal.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, value := range r.stores[store] {
		if low(value) {
			keys = append(keys, journal.Key{Kind: whole.Kind, ID: key})
			do(key)
		}
	}
	return keys
}

// union is the set of keys of both.
func union(a, b map[string]int64) map[string]bool {
	keys := make(map[string]bool)
	for _, values := range []map[string]int64{a, b} {
		for key := range values {
			keys[key] = true
		}
	}
	return keys
}
