// Package kvnotes is a store of notes in memory.
package kvnotes

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"

	"github.com/dualgen/dualgen/test/situations/proxied"
)

// Notes is a store.
type Notes struct {
	mu   sync.Mutex
	all  map[string]proxied.Note
	Shut bool
}

func New() *Notes { return &Notes{all: map[string]proxied.Note{}} }

func (n *Notes) Get(ctx context.Context, id string) (proxied.Note, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	note, ok := n.all[id]
	if !ok {
		return note, proxied.ErrNotFound
	}
	return note, nil
}

func (n *Notes) GetMany(ctx context.Context, ids ...string) (notes []proxied.Note, err error) {
	for _, id := range ids {
		if note, err := n.Get(ctx, id); err == nil {
			notes = append(notes, note)
		}
	}
	return notes, nil
}

func (n *Notes) Save(ctx context.Context, note proxied.Note) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all[note.ID] = note
	return nil
}

func (n *Notes) Delete(ctx context.Context, id string) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, id)
	return nil
}

func (n *Notes) All(ctx context.Context) iter.Seq2[proxied.Note, error] {
	return func(yield func(proxied.Note, error) bool) {
		n.mu.Lock()
		all := maps.Clone(n.all)
		n.mu.Unlock()
		for _, id := range slices.Sorted(maps.Keys(all)) {
			if !yield(all[id], nil) {
				return
			}
		}
	}
}

func (n *Notes) Close() error { n.Shut = true; return nil }
