package explore

// The reduction follows "Optimal dynamic partial order reduction" (Abdulla, Aronis, Jonsson, Sagonas, POPL 2014): source
// sets, with sleep sets. A node first tries one actor. When a later step of the run races with the step taken at the node
// (they are dependent, and nothing orders them but the schedule), an actor is added to the node with which the two come
// in the other order. Steps that need not come at all (a crash), or that others can prevent (a task that waits for a
// condition), are tried at every node where they are possible, since a run in which they never come shows no race.

// sleeper is a step that need not be taken: what it leads to was explored elsewhere.
type sleeper struct {
	step      Step
	footprint Footprint
}

// node is a choice on the present path.
type node struct {
	choices []Step
	next    int       // index of the choice under way
	sleep   []sleeper // on arrival, and then each choice that was explored
	arrived int       // how many of sleep were there on arrival
	due     actorSet  // the actors to try here
	before  bitset    // the steps of the path that happen before the one under way
	born    int       // the step that created the actor of the one under way; -1: none
}

// actorSet is a set of actors.
type actorSet [4]uint64

func (a *actorSet) add(actor uint8)      { a[actor>>6] |= 1 << (actor & 63) }
func (a *actorSet) has(actor uint8) bool { return a[actor>>6]&(1<<(actor&63)) != 0 }

func (a *actorSet) addAll(steps []Step) {
	for _, s := range steps {
		a.add(s.Actor)
	}
}

// begin chooses what a new node must try. It returns false if every choice sleeps.
func (n *node) begin(s *Scheduler) bool {
	first := -1
	for i, c := range n.choices {
		if n.sleeps(c) {
			continue
		}
		if first < 0 {
			first = i
			n.due.add(c.Actor)
		}
		if s.optional(c.Actor) {
			n.due.add(c.Actor)
		}
	}
	return first >= 0
}

// optional reports whether a run can come to its end without the actor's next step, although it was possible once.
func (s *Scheduler) optional(actor uint8) bool {
	return actor < crashActor && s.tasks[actor].state == waiting && !s.tasks[actor].lasting
}

// inherit gives n the sleepers of its parent that the step taken from there did not disturb.
func (n *node) inherit(parent *node) {
	last := len(parent.sleep) - 1
	taken := parent.sleep[last]
	for _, z := range parent.sleep[:last] {
		if z.step.Actor != taken.step.Actor && z.footprint.independent(taken.footprint) {
			n.sleep = append(n.sleep, z)
		}
	}
}

// advance moves to the node's next choice that is to be tried and does not sleep. Actors may have become due that stand
// before the present choice.
func (n *node) advance() bool {
	for i, c := range n.choices {
		if n.due.has(c.Actor) && !n.explored(c) && !n.sleeps(c) {
			n.next = i
			return true
		}
	}
	return false
}

func (n *node) explored(step Step) bool {
	for _, z := range n.sleep[n.arrived:] {
		if z.step == step {
			return true
		}
	}
	return false
}

func (n *node) sleeps(step Step) bool {
	for _, z := range n.sleep[:n.arrived] {
		if z.step == step {
			return true
		}
	}
	return false
}

// taken is the step under way at the node.
func (n *node) taken() *sleeper { return &n.sleep[len(n.sleep)-1] }

// took notes what the step taken at a node touched, and looks for races with the steps before it.
func (x *Search) took(at int, step Step, footprint Footprint) {
	n := &x.stack[at]
	n.sleep = append(n.sleep, sleeper{step, footprint})
	if x.limits.Naive {
		return
	}
	n.born = x.s.born(step.Actor)
	n.before = n.before.reset(at)
	blocked := false // by what comes between: the races before that are of interest too
	for i := at - 1; i >= 0; i-- {
		known := n.before.has(i)
		if known && !blocked {
			continue
		}
		earlier := x.stack[i].taken()
		same := earlier.step.Actor == step.Actor || i == n.born
		if !same && earlier.footprint.independent(footprint) {
			continue
		}
		if !known {
			n.before.union(x.stack[i].before)
			n.before.add(i)
		}
		if !same {
			x.race(i, at)
			blocked = blocked || !x.stack[i].possible(step.Actor)
		}
	}
}

// race makes sure that the steps i and j of the path are tried in the other order too.
func (x *Search) race(i, j int) {
	n := &x.stack[i]
	// What comes after i, but not because of i, and then j, can come without i. Whatever begins that can begin here.
	var room [16]uint8
	first := room[:0]
	for k := i + 1; k <= j; k++ {
		if x.after(i, k) && k != j {
			continue
		}
		if !x.begins(i, k) {
			continue
		}
		actor := x.stack[k].taken().step.Actor
		if n.due.has(actor) {
			return
		}
		first = append(first, actor)
	}
	added := false
	for _, actor := range first {
		if n.possible(actor) {
			n.due.add(actor)
			added = true
			break
		}
	}
	if !added {
		n.due.addAll(n.choices)
	}
}

// after reports whether step k happens after step i.
func (x *Search) after(i, k int) bool { return x.stack[k].before.has(i) }

// begins reports whether nothing between i and k, but what happens after i, happens before k.
func (x *Search) begins(i, k int) bool {
	for m := i + 1; m < k; m++ {
		if x.stack[k].before.has(m) && !x.after(i, m) {
			return false
		}
	}
	return true
}

// possible reports whether the actor can take a step at the node.
func (n *node) possible(actor uint8) bool {
	for _, c := range n.choices {
		if c.Actor == actor {
			return true
		}
	}
	return false
}

// born is the step at which an actor was created; -1 if it was there from the beginning.
func (s *Scheduler) born(actor uint8) int {
	if actor >= crashActor {
		return -1
	}
	return s.tasks[actor].born
}

// bitset is a set of small numbers.
type bitset []uint64

// reset returns an empty set with room for numbers below n.
func (b bitset) reset(n int) bitset {
	words := n>>6 + 1
	if cap(b) < words {
		return make(bitset, words, words+1)
	}
	b = b[:words]
	clear(b)
	return b
}

func (b bitset) add(i int)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) has(i int) bool { return i>>6 < len(b) && b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) union(c bitset) {
	for i, w := range c {
		b[i] |= w
	}
}
