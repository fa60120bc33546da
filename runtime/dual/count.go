package dual

import (
	"context"
	"maps"
)

// counter counts a kind's entities in one store.
type counter func(ctx context.Context, store Store) (int64, error)

// AddCount says how a kind's entities are counted, so that backfill and verify of the command show a total and how long they will take. An
// estimate of the database's planner is good enough, and is cheaper.
func AddCount(m *Migration, kind string, count func(ctx context.Context, store Store) (int64, error)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	counts := map[string]counter{kind: count}
	if before := m.counts.Load(); before != nil {
		counts = maps.Clone(*before)
		counts[kind] = count
	}
	m.counts.Store(&counts)
}

// Count counts a kind's entities in a store; known is false where AddCount was not told how.
func Count(ctx context.Context, m *Migration, kind string, store Store) (n int64, known bool, err error) {
	counts := m.counts.Load()
	if counts == nil || (*counts)[kind] == nil {
		return 0, false, nil
	}
	n, err = (*counts)[kind](ctx, store)
	return n, true, err
}
