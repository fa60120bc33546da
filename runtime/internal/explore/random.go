package explore

import (
	"fmt"
	"math/rand/v2"
)

// Random runs n schedules with choices drawn from the seed. Half of them let tasks run long stretches (priorities with
// a few changes, after Burckhardt et al. 2010), half choose anew at each step.
func Random(s *Scheduler, world World, seed uint64, n int64) Result {
	var r Result
	for i := range n {
		err := runWorld(s, world, nil, drawing(randomOf(seed, i), s), nil)
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

// randomOf is the source of one run's choices.
func randomOf(seed uint64, run int64) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(run))) }

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
		if ordinary == 0 || rare > 0 && rng.IntN(12) == 0 {
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
