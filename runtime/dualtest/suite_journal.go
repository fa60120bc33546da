package dualtest

import (
	"context"
	"slices"
	"sync"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// watched is a journal that keeps the keys that were asked for: they are what a call says that it touches.
type watched struct {
	*journal.Memory
	mu     sync.Mutex
	reads  []journal.Key
	writes []journal.Key
	marks  []journal.Key
}

// Lookup keeps the key and looks it up.
func (w *watched) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	w.mu.Lock()
	w.reads = append(w.reads, key)
	w.mu.Unlock()
	return w.Memory.Lookup(ctx, key)
}

// Begin keeps the key and takes a token on it.
func (w *watched) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	w.wrote(key)
	return w.Memory.Begin(ctx, owner, key, primary)
}

// BeginMany keeps the keys and takes tokens on them.
func (w *watched) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	w.wrote(keys...)
	return w.Memory.BeginMany(ctx, owner, keys, primary)
}

// Handover keeps the key and takes its token in the place of its kind's.
func (w *watched) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	w.wrote(key)
	return w.Memory.Handover(ctx, owner, kind, key)
}

// HandoverMany keeps the keys and takes their tokens in the place of their kind's.
func (w *watched) HandoverMany(ctx context.Context, owner string, kind journal.Token, keys []journal.Key) ([]journal.Token, error) {
	w.wrote(keys...)
	return w.Memory.HandoverMany(ctx, owner, kind, keys)
}

// MarkDirty keeps the keys and marks them.
func (w *watched) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	w.mu.Lock()
	w.marks = append(w.marks, keys...)
	w.mu.Unlock()
	return w.Memory.MarkDirty(ctx, keys, primary)
}

func (w *watched) wrote(keys ...journal.Key) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.writes = append(w.writes, keys...)
}

// forget begins a new call.
func (w *watched) forget() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads, w.writes, w.marks = nil, nil, nil
}

// lookedUp are the keys that a read has asked for.
func (w *watched) lookedUp() []journal.Key {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.reads)
}

// declared are the keys that a write says it may touch: those that it has taken tokens on. A write whose key the store makes
// holds its whole kind until it knows the key, and one that lists its keys holds it beside them.
func (w *watched) declared(made, lists bool) []journal.Key {
	w.mu.Lock()
	defer w.mu.Unlock()
	if lists {
		return slices.Clone(w.marks)
	}
	if made {
		named := slices.DeleteFunc(slices.Clone(w.writes), func(key journal.Key) bool { return key.Whole })
		if len(named) > 0 {
			return named
		}
	}
	return slices.Clone(w.writes)
}

// touched are all the keys that were written under, or marked: what a transaction says that it touches. A key that a store has made
// stands for its kind, whose token it took over.
func (w *watched) touched() []journal.Key {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Clone(w.marks)
	for _, key := range w.writes {
		if !slices.Contains(all, key) {
			all = append(all, key)
		}
	}
	return all
}
