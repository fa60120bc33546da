package journal

import (
	"context"
	"crypto/rand"
	"hash/maphash"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

const shardCount = 64

// Memory is a journal in this process's memory: nanoseconds a call, and forgotten when the process ends. It suits one
// instance, or a team that accepts a verify pass after each crash. Several migrations of one process may share it.
type Memory struct {
	shards [shardCount]shard
	// whole holds the entries of whole kinds. It is changed with every shard locked, and read with any of them locked, so
	// that a write on one key sees its kind without a second lock. Its own mutex is not used.
	whole shard
	// tracks are the names under Track, and since when. Guarded like whole.
	tracks map[string]Seq

	seq         atomic.Uint64
	seed        maphash.Seed
	now         func() time.Time
	off         hooks.Rules
	incarnation string

	leaseMu sync.Mutex
	leases  map[string]time.Time
}

// shard holds the entries of some of the keys.
type shard struct {
	mu      sync.Mutex
	entries map[Key]*entry
	past    map[Key]Seq // keys that turned clean while a Track ran
	free    []*entry    // entries to use again, so that a Begin and its End allocate nothing
	_       [64]byte    // keeps neighbours off this shard's cache line
}

// maxFree bounds the entries a shard keeps for use again.
const maxFree = 64

// Option changes how a Memory journal works.
type Option func(*Memory)

// WithClock makes the journal measure leases and idle times by now instead of time.Now.
func WithClock(now func() time.Time) Option { return func(m *Memory) { m.now = now } }

// WithRules switches rules off, for tests that must then see the protocol fail.
func WithRules(off hooks.Rules) Option { return func(m *Memory) { m.off = off } }

// NewMemory returns an empty journal with an incarnation of its own.
func NewMemory(options ...Option) *Memory {
	m := &Memory{
		tracks:      make(map[string]Seq),
		seed:        maphash.MakeSeed(),
		now:         time.Now,
		incarnation: rand.Text(),
		leases:      make(map[string]time.Time),
	}
	for _, option := range options {
		option(m)
	}
	return m
}

func (m *Memory) index(key Key) uint64 { return maphash.String(m.seed, key.ID) % shardCount }

// lock locks what guards the key and returns its shard.
func (m *Memory) lock(key Key) *shard {
	if key.Whole {
		m.lockAll()
		return &m.whole
	}
	s := &m.shards[m.index(key)]
	s.mu.Lock()
	return s
}

func (m *Memory) unlock(s *shard) {
	if s == &m.whole {
		m.unlockAll()
		return
	}
	s.mu.Unlock()
}

func (m *Memory) lockAll()   { m.lockMask(^uint64(0)) }
func (m *Memory) unlockAll() { m.unlockMask(^uint64(0)) }

// lockMask locks the shards whose bits are set, in order, so that two callers never wait for each other.
func (m *Memory) lockMask(mask uint64) {
	for ; mask != 0; mask &= mask - 1 {
		m.shards[bits.TrailingZeros64(mask)].mu.Lock()
	}
}

func (m *Memory) unlockMask(mask uint64) {
	for ; mask != 0; mask &= mask - 1 {
		m.shards[bits.TrailingZeros64(mask)].mu.Unlock()
	}
}

// mask returns the bits of the shards that guard the keys: all of them if a whole kind is among the keys.
func (m *Memory) mask(keys []Key) uint64 {
	var mask uint64
	for _, key := range keys {
		if key.Whole {
			return ^uint64(0)
		}
		mask |= 1 << m.index(key)
	}
	return mask
}

// shardOf returns the key's shard, which the caller has locked.
func (m *Memory) shardOf(key Key) *shard {
	if key.Whole {
		return &m.whole
	}
	return &m.shards[m.index(key)]
}

func (m *Memory) next() Seq { return Seq(m.seq.Add(1)) }

// canonical drops what does not name a key.
func canonical(key Key) Key {
	if key.Whole {
		key.ID = ""
	}
	return key
}

// kindOf returns the entry of the key's whole kind, or nil. Any shard is locked.
func (m *Memory) kindOf(key Key) *entry {
	if key.Whole || len(m.whole.entries) == 0 {
		return nil
	}
	return m.whole.entries[Key{Kind: key.Kind, Whole: true}]
}

// each calls visit for every entry. All shards are locked.
func (m *Memory) each(visit func(s *shard, key Key, e *entry)) {
	for key, e := range m.whole.entries {
		visit(&m.whole, key, e)
	}
	for i := range m.shards {
		s := &m.shards[i]
		for key, e := range s.entries {
			visit(s, key, e)
		}
	}
}

// create gives the key an entry, which it has not.
func (s *shard) create(key Key, primary phase.Store) *entry {
	var e *entry
	if last := len(s.free) - 1; last >= 0 {
		e, s.free = s.free[last], s.free[:last]
	} else {
		e = new(entry)
	}
	e.primary = primary
	if s.entries == nil {
		s.entries = make(map[Key]*entry)
	}
	s.entries[key] = e
	return e
}

// drop takes the key's entry away.
func (s *shard) drop(key Key, e *entry) {
	delete(s.entries, key)
	if len(s.free) < maxFree {
		*e = entry{more: e.more[:0]}
		s.free = append(s.free, e)
	}
}

// remember keeps, for Activity, when a key turned clean.
func (s *shard) remember(key Key, seq Seq) {
	if s.past == nil {
		s.past = make(map[Key]Seq)
	}
	s.past[key] = seq
}

// touch records activity on an entry, and drops it once it is clean.
func (m *Memory) touch(s *shard, key Key, e *entry) {
	e.seq = m.next()
	if e.active > 0 {
		return
	}
	if e.dirty {
		e.idleSince = m.now()
		return
	}
	if len(m.tracks) > 0 {
		s.remember(key, e.seq)
	}
	s.drop(key, e)
}

// Seq implements Journal.
func (m *Memory) Seq(context.Context) (Seq, error) { return Seq(m.seq.Load()), nil }

// Incarnation implements Journal. It is new for every Memory.
func (m *Memory) Incarnation(context.Context) (string, error) { return m.incarnation, nil }
