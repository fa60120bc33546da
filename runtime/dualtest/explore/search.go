package explore

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

// World is what is explored. Start sets the world up and starts its tasks; the returned function is called when no task
// can go on, in direct mode, and says what is wrong with the outcome, if anything.
type World struct {
	Name   string
	Budget Budget
	Start  func(s *Scheduler) (closing func() error)
}

// Result counts what a search did.
type Result struct {
	Schedules  int64 // complete, distinct runs
	Pruned     int64 // runs cut off because what they led to had been seen
	Violations int64
	Steps      int64 // of all runs
	Complete   bool  // every schedule of the world was run
	First      *Violation
}

// Violation is one run that went wrong.
type Violation struct {
	World string
	Path  Path
	Err   error
	Trace *Trace
}

// Error tells the whole story: what was violated, the steps, and how to see it again.
func (v *Violation) Error() string {
	return fmt.Sprintf("%s: %v\n%v\nreplay: world %q, path %s", v.World, v.Err, v.Trace, v.World, v.Path)
}

// Limits bound a search. Zero means no bound.
type Limits struct {
	Schedules int64
	Time      time.Duration
	// Violations ends the search after so many. 0 means 1.
	Violations int64
	// NoSleepSets runs every order, independent steps too. It exists to check the sleep sets themselves.
	NoSleepSets bool
}

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
}

// search is a depth-first search over schedules, by running the world again for each.
type search struct {
	world  World
	limits Limits
	s      *Scheduler
	stack  []node
	result Result
	start  time.Time
}

var errPruned = errors.New("explore: seen before")

// Exhaust runs every schedule of a world, up to the limits.
func Exhaust(s *Scheduler, world World, limits Limits) Result {
	if limits.Violations == 0 {
		limits.Violations = 1
	}
	x := &search{world: world, limits: limits, s: s, start: time.Now()}
	for {
		x.once()
		if x.limited() {
			break
		}
		if !x.backtrack() {
			x.result.Complete = true
			break
		}
	}
	return x.result
}

func (x *search) limited() bool {
	r := &x.result
	if r.Violations >= x.limits.Violations {
		return true
	}
	if x.limits.Schedules > 0 && r.Schedules >= x.limits.Schedules {
		return true
	}
	runs := r.Schedules + r.Pruned
	return x.limits.Time > 0 && runs&63 == 0 && time.Since(x.start) > x.limits.Time
}

// once runs the world along the stack and beyond it.
func (x *search) once() {
	depth := 0
	err := runWorld(x.s, x.world, nil, func(choices []Step) (Step, bool) {
		if depth == len(x.stack) && !x.push(choices) {
			return Step{}, false
		}
		n := &x.stack[depth]
		depth++
		return n.choices[n.next], true
	}, func(step Step, footprint Footprint) {
		n := &x.stack[depth-1]
		if depth < len(x.stack) {
			return // seen on an earlier run
		}
		n.sleep = append(n.sleep, sleeper{step, footprint})
	})
	x.result.Steps += int64(len(x.s.steps))
	switch {
	case errors.Is(err, errPruned):
		x.result.Pruned++
		return
	case err != nil:
		x.result.Violations++
		if x.result.First == nil || len(x.s.steps) < len(x.result.First.Path) {
			x.result.First = &Violation{World: x.world.Name, Path: append(Path(nil), x.s.steps...), Err: err}
		}
	}
	x.result.Schedules++
}

// push adds the node at the end of the path. It returns false if all of its choices sleep.
func (x *search) push(choices []Step) bool {
	n := x.grow()
	n.choices = append(n.choices, choices...)
	if len(x.stack) > 1 && !x.limits.NoSleepSets {
		x.inherit(n, &x.stack[len(x.stack)-2])
	}
	n.arrived = len(n.sleep)
	n.next = -1
	if !n.advance() {
		x.stack = x.stack[:len(x.stack)-1]
		return false
	}
	return true
}

// grow adds a node to the stack, and uses again what an earlier one at that depth held.
func (x *search) grow() *node {
	if len(x.stack) == cap(x.stack) {
		x.stack = append(x.stack, node{})
		return &x.stack[len(x.stack)-1]
	}
	x.stack = x.stack[:len(x.stack)+1]
	n := &x.stack[len(x.stack)-1]
	n.choices, n.sleep = n.choices[:0], n.sleep[:0]
	return n
}

// inherit gives n the sleepers of its parent that the step taken from there did not disturb.
func (x *search) inherit(n, parent *node) {
	taken := parent.sleep[len(parent.sleep)-1]
	for _, z := range parent.sleep[:len(parent.sleep)-1] {
		if z.step.Actor != taken.step.Actor && z.footprint.independent(taken.footprint) {
			n.sleep = append(n.sleep, z)
		}
	}
}

// advance moves to the node's next choice that does not sleep.
func (n *node) advance() bool {
	for n.next++; n.next < len(n.choices); n.next++ {
		if !n.sleeps(n.choices[n.next]) {
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

// backtrack moves the deepest node that has a choice left to that choice.
func (x *search) backtrack() bool {
	for len(x.stack) > 0 {
		if x.stack[len(x.stack)-1].advance() {
			return true
		}
		x.stack = x.stack[:len(x.stack)-1]
	}
	return false
}

// runWorld runs a world once. choose picks each step, or cuts the run off; took, if not nil, is told each step taken.
func runWorld(s *Scheduler, world World, trace *Trace, choose func([]Step) (Step, bool), took func(Step, Footprint)) error {
	s.reset(world.Budget)
	s.trace = trace
	closing := world.Start(s)
	s.direct = false
	pruned := false
	for s.failure == nil {
		choices := s.choices()
		if len(choices) == 0 {
			break
		}
		if len(s.steps) >= maxSteps {
			s.Fail(errors.New("the run does not end"))
			break
		}
		step, ok := choose(choices)
		if !ok {
			pruned = true
			break
		}
		footprint := s.take(step)
		if took != nil {
			took(step, footprint)
		}
	}
	s.findStuck()
	s.unwind()
	if pruned {
		return errPruned
	}
	if s.failure == nil {
		s.unwinding, s.direct = false, true
		s.Fail(closing())
	}
	return s.failure
}

// Random runs n schedules with choices drawn from the seed. Half of them let tasks run long stretches (priorities with
// a few changes, after Burckhardt et al. 2010), half choose anew at each step.
func Random(s *Scheduler, world World, seed uint64, n int64) Result {
	var r Result
	for i := range n {
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		err := runWorld(s, world, nil, drawing(rng, s), nil)
		r.Schedules++
		r.Steps += int64(len(s.steps))
		if err != nil {
			r.Violations++
			if r.First == nil || len(s.steps) < len(r.First.Path) {
				r.First = &Violation{World: world.Name, Path: append(Path(nil), s.steps...), Err: err}
			}
			return r
		}
	}
	return r
}

// drawing returns a chooser for one random run.
func drawing(rng *rand.Rand, s *Scheduler) func([]Step) (Step, bool) {
	var priority [256]uint32
	steady := rng.IntN(2) == 0
	for i := range priority {
		priority[i] = rng.Uint32()
	}
	return func(choices []Step) (Step, bool) {
		ordinary, rare := 0, 0
		for _, c := range choices {
			if c.Outcome == Success && (c.Actor < crashActor || c.Actor == clockActor) {
				ordinary++
			}
		}
		rare = len(choices) - ordinary
		if rare > 0 && rng.IntN(12) == 0 {
			return choices[ordinary+rng.IntN(rare)], true
		}
		if !steady {
			return choices[rng.IntN(ordinary)], true
		}
		best := choices[0]
		for _, c := range choices[1:ordinary] {
			if priority[c.Actor] > priority[best.Actor] {
				best = c
			}
		}
		if rng.IntN(8) == 0 {
			priority[best.Actor] = rng.Uint32() / 2
		}
		return best, true
	}
}

// Replay runs one path again and records a trace. A path that ends early is continued with the first choice.
func Replay(s *Scheduler, world World, path Path) (*Trace, error) {
	trace := &Trace{}
	i := 0
	var strayed error
	err := runWorld(s, world, trace, func(choices []Step) (Step, bool) {
		if i >= len(path) {
			return choices[0], true
		}
		want := path[i]
		i++
		for _, c := range choices {
			if c == want {
				return c, true
			}
		}
		strayed = fmt.Errorf("step %d of the path cannot be taken: the code or the world changed since", i)
		return Step{}, false
	}, nil)
	s.trace = nil
	if strayed != nil {
		return trace, strayed
	}
	return trace, err
}
