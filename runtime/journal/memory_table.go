package journal

import "github.com/dualgen/dualgen/runtime/phase"

// table is a hash table of entries, chained through the entries themselves: a key that turns unclean and clean again
// costs one walk along a short chain each time, where a map of the language would hash and search four times.
type table struct {
	at     *shard
	chains []*entry // a power of two
	count  int
	free   *entry // entries to use again, so that a Begin and its End allocate nothing
	spare  int    // how many those are
}

const (
	minChains = 8  // of a table that holds anything
	maxSpare  = 64 // entries kept for use again
)

// find returns the key's entry, or nil.
func (t *table) find(key *Key, hash uint64) *entry {
	if t.count == 0 {
		return nil
	}
	for e := t.chains[hash&uint64(len(t.chains)-1)]; e != nil; e = e.next {
		if e.hash == hash && e.key == *key {
			return e
		}
	}
	return nil
}

// create gives the key an entry, which it has not.
func (t *table) create(key *Key, hash uint64, primary phase.Store) *entry {
	if t.count >= len(t.chains) {
		t.grow()
	}
	e := t.free
	if e == nil {
		e = new(entry)
	} else {
		t.free = e.next
		t.spare--
	}
	e.key, e.hash, e.primary, e.queued.at = *key, hash, primary, t.at
	chain := &t.chains[hash&uint64(len(t.chains)-1)]
	e.next, *chain = *chain, e
	t.count++
	return e
}

// drop takes an entry out.
func (t *table) drop(e *entry) {
	e.leave()
	link := &t.chains[e.hash&uint64(len(t.chains)-1)]
	for *link != e {
		link = &(*link).next
	}
	*link = e.next
	t.count--
	if t.spare >= maxSpare {
		return
	}
	e.reset()
	e.next, t.free = t.free, e
	t.spare++
}

func (t *table) grow() {
	old := t.chains
	t.chains = make([]*entry, max(minChains, 2*len(old)))
	for _, e := range old {
		for e != nil {
			next := e.next
			chain := &t.chains[e.hash&uint64(len(t.chains)-1)]
			e.next, *chain = *chain, e
			e = next
		}
	}
}

// each calls visit for every entry. visit must drop none.
func (t *table) each(visit func(e *entry)) {
	for _, e := range t.chains {
		for ; e != nil; e = e.next {
			visit(e)
		}
	}
}
