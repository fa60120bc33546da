package cqlcontrol

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// reserve is how many numbers a process reserves at once.
const reserve = 4096

// position is how far a process is in its log: calls with a number below Next have ended, but for those in Open.
type position struct {
	Next  int64   `json:"next"`
	Open  []int64 `json:"open,omitempty"`
	Swept int64   `json:"swept,omitempty"` // in a process' row: partitions of its log below are gone
	stamp int64   // when it was so, in microseconds by the process' clock
}

// low is the first number that may still matter.
func (p position) low() int64 {
	low := p.Next
	for _, n := range p.Open {
		low = min(low, n)
	}
	return low
}

// process is this process' own part of the journal: its numbers, its slots and its clock.
type process struct {
	id int64

	mu      sync.Mutex
	next    int64                 // the next call's number
	ceiling int64                 // numbers below are reserved
	open    map[int64]journal.Key // of calls that have not ended, by their numbers
	tokens  map[uint64]holding    // that this process holds
	slots   map[journal.Key][]int // in use by fast tokens
	others  map[int64]position    // what other processes have told
	swept   int64                 // partitions of its log below are gone
	stamp   int64                 // the last write's, in microseconds
	seq     uint64                // above the last sequence that this process has seen
	leases  map[string]time.Time  // until when each owner's lease surely runs, by this process' clock
	dropped map[string]bool       // owners whose rows of leases are gone
	debts   []debt                // tokens of calls that failed, to be removed
	strays  []stray               // rows of the listing that may be nobody's
	expired expired               // what Expire has seen to
	watches watches
	lists   lists

	telling sync.Mutex // one who changes the process' row
}

// holding is what this process knows of a token it holds.
type holding struct {
	n     int64
	owner string
	slot  int    // of a fast token
	watch *watch // of a token on a whole kind that is watching
}

// debt is a token that a call with an unknown outcome may have left.
type debt struct {
	key   journal.Key
	token journal.Token
	until time.Time // it cannot appear any more after that
}

func newProcess() *process {
	return &process{
		id: rand.Int64(), next: 1, open: make(map[int64]journal.Key), tokens: make(map[uint64]holding), slots: make(map[journal.Key][]int),
		others: make(map[int64]position), leases: make(map[string]time.Time), dropped: make(map[string]bool), seq: 1, lists: lists{using: make(map[int64]int)},
	}
}

// number begins a call on a key: it gets a number, under which the key will be logged.
func (j *Journal) number(ctx context.Context, key journal.Key) (int64, error) {
	p := j.process
	for {
		p.mu.Lock()
		if p.next < p.ceiling {
			n := p.next
			p.next++
			p.open[n] = key
			p.mu.Unlock()
			return n, nil
		}
		p.mu.Unlock()
		if err := j.reserveNumbers(ctx); err != nil {
			return 0, err
		}
	}
}

// reserveNumbers makes the log up to the new ceiling known before any number below it is used.
func (j *Journal) reserveNumbers(ctx context.Context) error {
	p := j.process
	p.telling.Lock()
	defer p.telling.Unlock()
	p.mu.Lock()
	enough := p.next < p.ceiling
	p.mu.Unlock()
	if enough {
		return nil
	}
	return cqlTable{j}.saveProcess(ctx, func(s *story) { s.ceiling += reserve })
}

func (p *process) position() position {
	p.mu.Lock()
	defer p.mu.Unlock()
	return position{Next: p.next, Open: slices.Sorted(maps.Keys(p.open)), stamp: p.tickLocked()}
}

// hold notes a token of the call with that number.
func (p *process) hold(id uint64, h holding) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tokens[id] = h
}

// holding returns what is known of a token.
func (p *process) holding(id uint64) (holding, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.tokens[id]
	return h, ok
}

// drop forgets a token and ends its call.
func (p *process) drop(id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if h, ok := p.tokens[id]; ok {
		delete(p.tokens, id)
		delete(p.open, h.n)
	}
}

// openKeys are the keys of the calls that have not ended.
func (p *process) openKeys() []journal.Key {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Collect(maps.Values(p.open))
}

// done ends a call that has a number.
func (p *process) done(n int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.open, n)
}

// tick is this process' clock for the stamps of its writes: it never runs back.
func (p *process) tick() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.tickLocked()
}

func (p *process) tickLocked() int64 {
	p.stamp = max(p.stamp+1, time.Now().UnixMicro())
	return p.stamp
}

// takeSlot returns the number of a row of the key that no other token of this process uses.
func (p *process) takeSlot(key journal.Key) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	slot := 0
	for slices.Contains(p.slots[key], slot) {
		slot++
	}
	p.slots[key] = append(p.slots[key], slot)
	return slot
}

// end forgets a token of the fast path, ends its call, and leaves its row to the next.
func (p *process) end(key journal.Key, id uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	h, ok := p.tokens[id]
	if !ok {
		return
	}
	delete(p.tokens, id)
	delete(p.open, h.n)
	p.slots[key] = slices.DeleteFunc(p.slots[key], func(s int) bool { return s == h.slot })
	if len(p.slots[key]) == 0 {
		delete(p.slots, key)
	}
}

// sequence is above every sequence that this process has seen.
func (p *process) sequence() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seq
}

func (p *process) sawSequence(seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq = max(p.seq, seq+1)
}

// surely reports whether nobody can have taken the owner's tokens away.
func (p *process) surely(owner string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	until, leased := p.leases[owner]
	return !leased || time.Now().Before(until)
}

// owe notes that a failed call may have left a token.
func (p *process) owe(key journal.Key, token journal.Token) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.debts = append(p.debts, debt{key: key, token: token, until: time.Now().Add(debtLife)})
}

// owes reports whether failed calls may have left tokens.
func (p *process) owes() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.debts) > 0
}

// debtLife is how long a call may take effect after it failed.
const debtLife = 2 * time.Minute

// pause waits a moment before another attempt.
func pause(ctx context.Context, attempt int) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(rand.N(time.Millisecond << min(attempt+1, 7))):
		return nil
	}
}
