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

	orders      atomic.Uint64 // handed out to entries that turn idle
	seed        maphash.Seed
	now         func() time.Time
	off         hooks.Rules
	incarnation string

	leaseMu sync.Mutex
	leases  map[string]time.Time
}

// shard holds the entries of some of the keys.
type shard struct {
	mu    sync.Mutex
	seq   Seq    // the latest of its entries: shards are brought to the same one whenever somebody asks for it
	index uint64 // within the journal
	all   table
	past  past

	copies, stopped queue // of the dirty entries: those to copy, and those that are quarantined
}

// indexBits are what it takes to number the shards, the one of whole kinds included.
const indexBits = 7

// next returns the next sequence of an entry of this shard.
func (s *shard) next() Seq {
	s.seq++
	return s.seq
}

// tokenID makes the sequence of an entry a token's name, unique within the journal.
func (s *shard) tokenID(seq Seq) uint64 { return uint64(seq)<<indexBits | s.index }

// place is where a key's entry is kept. The key itself travels beside it, by pointer and only downwards: it is large, and
// in the place it would escape with the shard's lock.
type place struct {
	shard *shard
	at    uint32 // the key's hash; its lowest bits chose the shard
}

// hash is that of the key within its shard.
func (p place) hash() uint64 { return uint64(p.at / shardCount) }

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
	for i := range m.shards {
		m.shards[i].index, m.shards[i].all.at = uint64(i), &m.shards[i]
	}
	m.whole.index, m.whole.all.at = shardCount, &m.whole
	for _, option := range options {
		option(m)
	}
	return m
}

// place finds a key's place, whose shard need not be locked. Of a whole kind it clears the key's ID, which means nothing.
func (m *Memory) place(key *Key) place {
	if key.Whole {
		key.ID = ""
		return place{&m.whole, uint32(maphash.String(m.seed, key.Kind))}
	}
	return m.placeAt(uint32(maphash.String(m.seed, key.ID)))
}

func (m *Memory) placeAt(hash uint32) place { return place{&m.shards[hash%shardCount], hash} }

// lock locks what guards the key, and returns its place.
func (m *Memory) lock(key *Key) place {
	p := m.place(key)
	if key.Whole {
		m.lockAll()
	} else {
		p.shard.mu.Lock()
	}
	return p
}

func (m *Memory) unlock(p place) {
	if p.shard == &m.whole {
		m.unlockAll()
	} else {
		p.shard.mu.Unlock()
	}
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
		mask |= 1 << (maphash.String(m.seed, key.ID) % shardCount)
	}
	return mask
}

// level brings all shards to the latest sequence of any, and returns it: what ended before has no greater one, and what
// begins afterwards has. So writes count without an atomic operation on something they share. All shards are locked.
func (m *Memory) level() Seq {
	latest := m.whole.seq
	for i := range m.shards {
		latest = max(latest, m.shards[i].seq)
	}
	m.whole.seq = latest
	for i := range m.shards {
		m.shards[i].seq = latest
	}
	return latest
}

// find returns the entry of a place, or nil.
func (p place) find(key *Key) *entry { return p.shard.all.find(key, p.hash()) }

// kindOf returns the entry of the key's whole kind, or nil. Any shard is locked.
func (m *Memory) kindOf(key *Key) *entry {
	if key.Whole || m.whole.all.count == 0 {
		return nil
	}
	kind := Key{Kind: key.Kind, Whole: true}
	return m.place(&kind).find(&kind)
}

// each calls visit for every entry. All shards are locked.
func (m *Memory) each(visit func(e *entry)) {
	m.whole.all.each(visit)
	m.eachKey(visit)
}

// eachKey calls visit for every entry of a single key.
func (m *Memory) eachKey(visit func(e *entry)) {
	for i := range m.shards {
		m.shards[i].all.each(visit)
	}
}

// doubt begins the settle window anew: what an attempt on the key did is not known, and may come late.
func (m *Memory) doubt(e *entry) {
	if e.doubted.IsZero() || !m.off.NoDoubt {
		e.doubted = m.now()
		m.enqueue(e)
	}
}

// touch records activity on an entry, and drops it once it is clean.
func (m *Memory) touch(p place, e *entry) {
	switch {
	case e.active > 0:
		e.seq, e.order = p.shard.next(), m.orders.Load()
	case e.dirty:
		e.seq, e.order = p.shard.next(), m.orders.Add(1)
	default:
		if len(m.tracks) > 0 {
			p.shard.past.remember(e.key, p.shard.next())
		}
		p.shard.all.drop(e)
	}
}

// Seq implements Journal.
func (m *Memory) Seq(context.Context) (Seq, error) {
	m.lockAll()
	defer m.unlockAll()
	return m.level(), nil
}

// Incarnation implements Journal. It is new for every Memory.
func (m *Memory) Incarnation(context.Context) (string, error) { return m.incarnation, nil }
