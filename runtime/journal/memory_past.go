package journal

import "slices"

// past remembers, for Activity, when keys turned clean while somebody tracks. What came after a sequence is found without
// a look at what came before: a backfill asks after each of its chunks, and there may be as many keys as it copies.
type past struct {
	last map[Key]Seq // of each key
	log  []turned    // by sequence; of a key that is there twice the last one counts
}

// turned is a key that turned clean.
type turned struct {
	key Key
	seq Seq
}

// slack is how many entries the log has beside twice as many as there are keys, before it is compacted.
const slack = 64

// remember keeps when a key turned clean. Sequences only grow.
func (p *past) remember(key Key, seq Seq) {
	if p.last == nil {
		p.last = make(map[Key]Seq)
	}
	p.last[key] = seq
	p.log = append(p.log, turned{key, seq})
	if len(p.log) > 2*len(p.last)+slack {
		p.log = slices.DeleteFunc(p.log, func(t turned) bool { return p.last[t.key] != t.seq })
	}
}

// since calls visit with each key that turned clean after a sequence, once.
func (p *past) since(seq Seq, visit func(key Key)) {
	from, _ := slices.BinarySearchFunc(p.log, seq+1, func(t turned, seq Seq) int {
		if t.seq < seq {
			return -1
		}
		return 1
	})
	for _, t := range p.log[from:] {
		if p.last[t.key] == t.seq {
			visit(t.key)
		}
	}
}
