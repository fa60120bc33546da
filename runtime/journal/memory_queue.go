package journal

import (
	"container/heap"
	"time"
)

// queue is a list of dirty entries of one shard, through the entries themselves, in the order in which they were last in
// doubt. So a listing of what is to be copied reads what it returns, and not every unclean key.
type queue struct {
	first, last *entry
}

// queued is where an entry stands in a queue.
type queued struct {
	in            *queue // nil: in none
	before, after *entry
	number        uint64 // of the doubt, among those of all shards
	at            *shard // the entry's, for ever
}

// put puts an entry at the end of a queue, and takes it out of the one that it is in.
func (q *queue) put(e *entry, number uint64) {
	e.leave()
	e.queued.in, e.queued.number, e.queued.before = q, number, q.last
	if q.last == nil {
		q.first = e
	} else {
		q.last.queued.after = e
	}
	q.last = e
}

// leave takes an entry out of its queue, if it is in one.
func (e *entry) leave() {
	q, before, after := e.queued.in, e.queued.before, e.queued.after
	if q == nil {
		return
	}
	if before == nil {
		q.first = after
	} else {
		before.queued.after = after
	}
	if after == nil {
		q.last = before
	} else {
		after.queued.before = before
	}
	e.queued.in, e.queued.before, e.queued.after = nil, nil, nil
}

// enqueue gives an entry whose doubt has just begun its place: at the end of the keys to copy, or of those that are
// quarantined.
func (m *Memory) enqueue(e *entry) {
	q := &e.queued.at.copies
	if e.quarantined {
		q = &e.queued.at.stopped
	}
	q.put(e, m.orders.Add(1))
}

// heads are the next entries of several queues; the oldest is on top.
type heads []*entry

func (h heads) Len() int           { return len(h) }
func (h heads) Less(a, b int) bool { return h[a].queued.number < h[b].queued.number }
func (h heads) Swap(a, b int)      { h[a], h[b] = h[b], h[a] }
func (h *heads) Push(e any)        { *h = append(*h, e.(*entry)) }
func (h *heads) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// oldest lists entries that match a query, of those to copy or that are quarantined, the oldest doubt first. It ends where
// the others are too young. All shards are locked.
func (m *Memory) oldest(query Query, limit int, now time.Time) []Entry {
	var next heads
	add := func(e *entry) {
		if e != nil && now.Sub(e.doubted) >= max(query.IdleFor, query.SettledFor) {
			heap.Push(&next, e)
		}
	}
	for i := range m.shards {
		m.shards[i].eachQueue(query, add)
	}
	m.whole.eachQueue(query, add)
	var entries []Entry
	for len(next) > 0 && len(entries) < limit {
		e := heap.Pop(&next).(*entry)
		if out := e.export(now); query.matches(out) {
			entries = append(entries, out)
		}
		add(e.queued.after)
	}
	return entries
}

// eachQueue calls visit with the first entry of each queue that a query asks for.
func (s *shard) eachQueue(query Query, visit func(first *entry)) {
	if !query.Quarantined {
		visit(s.copies.first)
	}
	if !query.Copyable {
		visit(s.stopped.first)
	}
}
