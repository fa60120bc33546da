package dualtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Errors of [Store].
var (
	ErrNotFound = errors.New("dualtest: not found")
	ErrExists   = errors.New("dualtest: exists already")
)

// StoreConfig describes a [Store].
type StoreConfig[E any] struct {
	// Name appears in operations and errors. Defaults to "store".
	Name string
	// ID is an entity's key, encoded. Required.
	ID func(E) string
	// Clone deep-copies an entity, so that callers and store share no memory. Defaults to plain assignment.
	Clone func(E) E
	// Order is the order in which scans return keys. Defaults to [strings.Compare].
	Order func(a, b string) int
	// Faults decides about every call. Defaults to none.
	Faults *Faults
}

// Store is an in-memory store of entities by key, with the semantics of a real one: calls are atomic, respect their
// context, copy what they take and give, and can be made to fail. It is safe for concurrent use.
type Store[E any] struct {
	config StoreConfig[E]

	mu   sync.RWMutex
	rows map[string]E
	keys []string // of rows, in scan order
}

// NewStore returns an empty store.
func NewStore[E any](config StoreConfig[E]) *Store[E] {
	config.Name = cmp.Or(config.Name, "store")
	if config.Clone == nil {
		config.Clone = func(e E) E { return e }
	}
	if config.Order == nil {
		config.Order = strings.Compare
	}
	return &Store[E]{config: config, rows: make(map[string]E)}
}

// Get returns the entity of that key, or [ErrNotFound].
func (s *Store[E]) Get(ctx context.Context, id string) (entity E, err error) {
	err = s.do(ctx, "Get", id, func() error {
		s.mu.RLock()
		defer s.mu.RUnlock()
		row, ok := s.rows[id]
		if !ok {
			return fmt.Errorf("%s: %q: %w", s.config.Name, id, ErrNotFound)
		}
		entity = s.config.Clone(row)
		return nil
	})
	return entity, err
}

// Put stores the entity, in place of the one of its key.
func (s *Store[E]) Put(ctx context.Context, entity E) error {
	id := s.config.ID(entity)
	return s.do(ctx, "Put", id, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.set(id, entity)
		return nil
	})
}

// Create stores the entity, or returns [ErrExists] if there is one of its key.
func (s *Store[E]) Create(ctx context.Context, entity E) error {
	id := s.config.ID(entity)
	return s.do(ctx, "Create", id, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, ok := s.rows[id]; ok {
			return fmt.Errorf("%s: %q: %w", s.config.Name, id, ErrExists)
		}
		s.set(id, entity)
		return nil
	})
}

// Update replaces the entity of that key by what change makes of it, or returns [ErrNotFound].
func (s *Store[E]) Update(ctx context.Context, id string, change func(E) (E, error)) error {
	return s.do(ctx, "Update", id, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		row, ok := s.rows[id]
		if !ok {
			return fmt.Errorf("%s: %q: %w", s.config.Name, id, ErrNotFound)
		}
		changed, err := change(s.config.Clone(row))
		if err != nil {
			return err
		}
		if s.config.ID(changed) != id {
			s.remove(id)
		}
		s.set(s.config.ID(changed), changed)
		return nil
	})
}

// Delete removes the entity of that key, or returns [ErrNotFound].
func (s *Store[E]) Delete(ctx context.Context, id string) error {
	return s.do(ctx, "Delete", id, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if _, ok := s.rows[id]; !ok {
			return fmt.Errorf("%s: %q: %w", s.config.Name, id, ErrNotFound)
		}
		s.remove(id)
		return nil
	})
}

// Scan returns at most limit entities whose keys come after the cursor, in scan order, and the cursor of the next page,
// empty at the end. The first cursor is empty.
func (s *Store[E]) Scan(ctx context.Context, cursor string, limit int) (entities []E, next string, err error) {
	err = s.do(ctx, "Scan", cursor, func() error {
		s.mu.RLock()
		defer s.mu.RUnlock()
		from := 0
		if cursor != "" {
			i, found := s.find(cursor)
			if found {
				i++
			}
			from = i
		}
		to := min(from+limit, len(s.keys))
		for _, id := range s.keys[from:to] {
			entities = append(entities, s.config.Clone(s.rows[id]))
		}
		if to < len(s.keys) {
			next = s.keys[to-1]
		}
		return nil
	})
	return entities, next, err
}

// Len counts the entities. It is no call of the store: no fault strikes it.
func (s *Store[E]) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.rows)
}

// Snapshot copies all entities by key. No fault strikes it.
func (s *Store[E]) Snapshot() map[string]E {
	s.mu.RLock()
	defer s.mu.RUnlock()
	rows := make(map[string]E, len(s.rows))
	for id, row := range s.rows {
		rows[id] = s.config.Clone(row)
	}
	return rows
}

// Corrupt puts the entity under id, whatever its own key, or removes the entity of that id if entity is nil. No fault
// strikes it: it is how a test damages a store behind the wrapper's back.
func (s *Store[E]) Corrupt(id string, entity *E) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if entity == nil {
		s.remove(id)
		return
	}
	s.set(id, *entity)
}

func (s *Store[E]) do(ctx context.Context, method, id string, effect func() error) error {
	return s.config.Faults.Do(ctx, Operation{Store: s.config.Name, Method: method, Key: id}, func(ctx context.Context) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return effect()
	})
}

func (s *Store[E]) find(id string) (int, bool) {
	return slices.BinarySearchFunc(s.keys, id, s.config.Order)
}

func (s *Store[E]) set(id string, entity E) {
	if _, ok := s.rows[id]; !ok {
		i, _ := s.find(id)
		s.keys = slices.Insert(s.keys, i, id)
	}
	s.rows[id] = s.config.Clone(entity)
}

func (s *Store[E]) remove(id string) {
	if _, ok := s.rows[id]; !ok {
		return
	}
	delete(s.rows, id)
	i, _ := s.find(id)
	s.keys = slices.Delete(s.keys, i, i+1)
}
