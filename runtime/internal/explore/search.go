package explore

import (
	"errors"
	"fmt"
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
	// Naive runs every order, of independent steps too. It exists to check the reduction itself.
	Naive bool
}

// search is a depth-first search over schedules, by running the world again for each.
type Search struct {
	world  World
	limits Limits
	s      *Scheduler
	stack  []node
	result Result
	start  time.Time
	over   bool
}

var errPruned = errors.New("explore: seen before")

// Exhaust runs every schedule of a world, up to the limits.
func Exhaust(s *Scheduler, world World, limits Limits) Result {
	x := NewSearch(s, world, limits)
	x.Run(limits.Schedules)
	return x.Result()
}

// NewSearch returns a search that has not begun. The scheduler runs it and may run others in between.
func NewSearch(s *Scheduler, world World, limits Limits) *Search {
	if limits.Violations == 0 {
		limits.Violations = 1
	}
	return &Search{world: world, limits: limits, s: s, start: time.Now()}
}

// Run goes on for so many schedules more, as far as the limits allow; 0 means no bound. It returns false when the search
// is over: every schedule was run, or a limit was reached.
func (x *Search) Run(schedules int64) bool {
	if x.over {
		return false
	}
	until := x.result.Schedules + schedules
	for {
		x.once()
		switch {
		case x.limited():
			x.over = true
			return false
		case !x.backtrack():
			x.over, x.result.Complete = true, true
			return false
		case schedules > 0 && x.result.Schedules >= until:
			return true
		}
	}
}

// Result is what the search came to so far.
func (x *Search) Result() Result { return x.result }

func (x *Search) limited() bool {
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
func (x *Search) once() {
	depth := 0
	err := runWorld(x.s, x.world, nil, func(choices []Step) (Step, bool) {
		if depth == len(x.stack) && !x.push(choices) {
			return Step{}, false
		}
		n := &x.stack[depth]
		depth++
		return n.choices[n.next], true
	}, func(step Step, footprint Footprint) {
		if depth == len(x.stack) { // else it was taken on an earlier run
			x.took(depth-1, step, footprint)
		}
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
func (x *Search) push(choices []Step) bool {
	n := x.grow()
	n.choices = append(n.choices, choices...)
	if len(x.stack) > 1 && !x.limits.Naive {
		n.inherit(&x.stack[len(x.stack)-2])
	}
	n.arrived = len(n.sleep)
	n.due = actorSet{}
	n.next = -1
	if x.limits.Naive {
		n.due.addAll(choices)
	} else if !n.begin(x.s) {
		x.stack = x.stack[:len(x.stack)-1]
		return false
	}
	n.advance()
	return true
}

// grow adds a node to the stack, and uses again what an earlier one at that depth held.
func (x *Search) grow() *node {
	if len(x.stack) == cap(x.stack) {
		x.stack = append(x.stack, node{})
		return &x.stack[len(x.stack)-1]
	}
	x.stack = x.stack[:len(x.stack)+1]
	n := &x.stack[len(x.stack)-1]
	n.choices, n.sleep = n.choices[:0], n.sleep[:0]
	return n
}

// backtrack moves the deepest node that has a choice left to that choice.
func (x *Search) backtrack() bool {
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
		s.touched(footprint)
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
