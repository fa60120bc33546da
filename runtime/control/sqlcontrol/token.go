package sqlcontrol

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// A token is written as 16 hexadecimal digits of its id, 16 of its owner, and a semicolon: of one length, so that no token
// can be found across two others.
const tokenLength = 33

// copier is the bit of a token's id that says that a copy holds it.
const copier = 1

// counterBits is the part of a token's id that this process counts up. The rest is drawn at random for each Journal.
const counterBits = 36

// tokenText writes a token as the table holds it.
func tokenText(t journal.Token) string { return fmt.Sprintf("%016x%s;", t.ID, ownerTag(t.Owner)) }

// ownerTag is what stands for an owner in a token.
func ownerTag(owner string) string {
	sum := sha256.Sum256([]byte(owner))
	return hex.EncodeToString(sum[:8])
}

// holdings are the tokens that this process holds, or is about to: whatever else of its own stands in the table was left
// by a call that failed.
type holdings struct {
	prefix  uint64 // of the ids
	counter atomic.Uint64
	shards  [16]struct {
		sync.Mutex
		ids map[uint64]time.Time // until when it is held; zero: until it is given up
	}
}

func newHoldings() *holdings {
	h := &holdings{prefix: rand.Uint64() >> counterBits << counterBits}
	for i := range h.shards {
		h.shards[i].ids = make(map[uint64]time.Time)
	}
	return h
}

// take makes a new token id and holds it.
func (h *holdings) take(copies bool) uint64 {
	n := h.counter.Add(1)
	id := h.prefix | n<<1&(1<<counterBits-1)
	if copies {
		id |= copier
	}
	s := &h.shards[n%16]
	s.Lock()
	s.ids[id] = time.Time{}
	s.Unlock()
	return id
}

func (h *holdings) drop(id uint64) {
	s := &h.shards[id>>1%16]
	s.Lock()
	delete(s.ids, id)
	s.Unlock()
}

// endPatience is how long a token stays held whose End failed: the caller may try again.
const endPatience = time.Minute

// ended drops a token whose End had that outcome.
func (h *holdings) ended(id uint64, err error) {
	if err == nil || errors.Is(err, journal.ErrTokenLost) {
		h.drop(id)
		return
	}
	s := &h.shards[id>>1%16]
	s.Lock()
	defer s.Unlock()
	if _, held := s.ids[id]; held {
		s.ids[id] = time.Now().Add(endPatience)
	}
}

// stray reports whether a token of the table is this process' own, and yet none that it holds.
func (h *holdings) stray(id uint64) bool {
	if id>>counterBits != h.prefix>>counterBits {
		return false
	}
	s := &h.shards[id>>1%16]
	s.Lock()
	defer s.Unlock()
	until, held := s.ids[id]
	return !held || !until.IsZero() && time.Now().After(until)
}
