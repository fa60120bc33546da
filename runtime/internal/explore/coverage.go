package explore

import (
	"fmt"
	"strings"
)

// CheckReduction searches a world to its end, then runs n random schedules of it, and returns an error if one of those
// differs from every schedule of the search in the order of dependent steps: then the reduction left something out. It
// returns the result of the search; a search that the limits cut short proves nothing, and is an error too.
func CheckReduction(s *Scheduler, world World, limits Limits, seed uint64, n int64) (Result, error) {
	if limits.Violations == 0 {
		limits.Violations = 1 << 62
	}
	seen := make(map[string]bool)
	x := NewSearch(s, world, limits)
	for more := true; more; more = x.backtrack() {
		pruned := x.result.Pruned
		x.once()
		if x.result.Pruned == pruned {
			seen[x.class()] = true
		}
		if x.limited() {
			return x.result, fmt.Errorf("%s: not searched to its end: %d schedules", world.Name, x.result.Schedules)
		}
	}
	x.result.Complete = true
	for i := range n {
		r := NewSearch(s, world, Limits{Naive: true})
		r.follow(drawing(randomOf(seed, i), s))
		if class := r.class(); !seen[class] {
			return x.result, fmt.Errorf("%s: the search left out %s, which is %s", world.Name, Path(s.steps), class)
		}
	}
	return x.result, nil
}

// follow runs the world once with another's choices, and keeps the steps on the stack.
func (x *Search) follow(choose func([]Step) (Step, bool)) {
	_ = runWorld(x.s, x.world, nil, choose, func(step Step, footprint Footprint) { // a violation is not the question here
		n := x.grow()
		n.arrived = 0
		n.sleep = append(n.sleep, sleeper{step, footprint})
		n.born = x.s.born(step.Actor)
	})
}

// class names the schedules that differ from the one on the stack only in the order of independent steps: it is the least
// of them.
func (x *Search) class() string {
	n := len(x.stack)
	before := make([]bitset, n)
	for j := range n {
		before[j] = before[j].reset(n)
		b := x.stack[j].taken()
		for i := range j {
			a := x.stack[i].taken()
			if a.step.Actor == b.step.Actor || x.stack[j].born == i || !a.footprint.independent(b.footprint) {
				before[j].add(i)
			}
		}
	}
	var text strings.Builder
	done := make([]bool, n)
	for range n {
		least := -1
		for k := range n {
			if !done[k] && free(before[k], done) && (least < 0 || x.stack[k].taken().step.less(x.stack[least].taken().step)) {
				least = k
			}
		}
		done[least] = true
		fmt.Fprintf(&text, "%v.", Path{x.stack[least].taken().step})
	}
	return text.String()
}

// free reports whether everything in before is done.
func free(before bitset, done []bool) bool {
	for i := range done {
		if !done[i] && before.has(i) {
			return false
		}
	}
	return true
}

func (s Step) less(t Step) bool {
	return s.Actor < t.Actor || s.Actor == t.Actor && s.Outcome < t.Outcome
}
