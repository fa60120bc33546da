package soak

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dualgen/dualgen/runtime/dual"
)

const kind = "Item"

// store is a store in memory, which may be down.
type store struct {
	down  atomic.Bool
	mu    sync.Mutex
	items map[string]item
}

type item struct {
	ID      string
	Version int64
}

func (i item) key() dual.Key { return dual.Key{Kind: kind, ID: i.ID} }

var errDown = errors.New("the store is down")

func (s *store) do(do func()) error {
	if s.down.Load() {
		return errDown
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
	return nil
}

func (s *store) put(_ context.Context, i item) error { return s.do(func() { s.items[i.ID] = i }) }

func (s *store) remove(_ context.Context, id string) error {
	return s.do(func() { delete(s.items, id) })
}

func (s *store) get(_ context.Context, id string) (i item, found bool, err error) {
	err = s.do(func() { i, found = s.items[id] })
	return i, found, err
}

// list lists the items of a prefix.
func (s *store) list(_ context.Context, prefix string) (keys []dual.Key, err error) {
	err = s.do(func() {
		for id, i := range s.items {
			if strings.HasPrefix(id, prefix) {
				keys = append(keys, i.key())
			}
		}
	})
	return keys, err
}

func (s *store) snapshot() map[string]item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.items)
}

func entity() dual.Entity[*store, item] {
	return dual.Entity[*store, item]{
		Kind: kind, Key: item.key,
		Get: func(ctx context.Context, s *store, key dual.Key) (item, bool, error) { return s.get(ctx, key.ID) },
		Put: func(ctx context.Context, s *store, i item) error { return s.put(ctx, i) },
		Delete: func(ctx context.Context, s *store, key dual.Key) error {
			return s.remove(ctx, key.ID)
		},
	}
}
