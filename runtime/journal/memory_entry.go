package journal

import (
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// entry is the state of one unclean key in a Memory journal.
type entry struct {
	key         Key
	hash        uint64
	next        *entry // in its table's chain
	primary     phase.Store
	dirty       bool
	quarantined bool
	seq         Seq
	doubted     time.Time // when the outcome of an attempt was unknown last; when it turned dirty, if none was
	queued      queued    // since then
	order       uint64    // of the last activity: its own while idle; while active, that of who turned idle last
	attempts    int
	cause       string
	active      int     // tokens held
	first       [2]held // the first tokens, in place
	more        []held
}

// held is one token that was handed out.
type held struct {
	id     uint64 // 0: the place is free
	owner  string
	copier bool
}

func (e *entry) add(h held) {
	e.active++
	for i := range e.first {
		if e.first[i].id == 0 {
			e.first[i] = h
			return
		}
	}
	e.more = append(e.more, h)
}

// remove takes the token of that id back, if it is there.
func (e *entry) remove(id uint64) (held, bool) {
	for i := range e.first {
		if h := e.first[i]; h.id == id && id != 0 {
			e.first[i] = held{}
			e.active--
			return h, true
		}
	}
	for i, h := range e.more {
		if h.id == id {
			last := len(e.more) - 1
			e.more[i], e.more[last] = e.more[last], held{}
			e.more = e.more[:last]
			e.active--
			return h, true
		}
	}
	return held{}, false
}

// removeOwners takes away the tokens of the given owners and reports whether there were any.
func (e *entry) removeOwners(gone map[string]bool) bool {
	before := e.active
	for i := range e.first {
		if e.first[i].id != 0 && gone[e.first[i].owner] {
			e.first[i] = held{}
			e.active--
		}
	}
	kept := e.more[:0]
	for _, h := range e.more {
		if gone[h.owner] {
			e.active--
			continue
		}
		kept = append(kept, h)
	}
	clear(e.more[len(kept):])
	e.more = kept
	return e.active < before
}

// clearTokens forgets all tokens at once.
func (e *entry) clearTokens() {
	e.active, e.first = 0, [2]held{}
	clear(e.more)
	e.more = e.more[:0]
}

// reset makes an entry that was dropped ready for another key, which create sets. Its tokens are all gone.
func (e *entry) reset() {
	e.cause, e.doubted = "", time.Time{}
	e.dirty, e.quarantined, e.attempts = false, false, 0
}

// export describes the entry to callers.
func (e *entry) export(now time.Time) Entry {
	out := Entry{
		Key: e.key, Primary: e.primary, Active: e.active, Dirty: e.dirty, Seq: e.seq,
		Attempts: e.attempts, Quarantined: e.quarantined, Cause: e.cause,
	}
	if e.dirty {
		out.Settled = max(0, now.Sub(e.doubted))
	}
	if e.active == 0 {
		out.Idle = out.Settled
	}
	return out
}
