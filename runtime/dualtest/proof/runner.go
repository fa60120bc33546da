package proof

import (
	"runtime"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
)

// Outcome is what the search of one scenario came to.
type Outcome struct {
	Scenario *Scenario
	Exhaust  explore.Result
	Random   explore.Result
	Took     time.Duration
}

// Violation returns the scenario's violation, or nil.
func (o *Outcome) Violation() *explore.Violation {
	if o.Exhaust.First != nil {
		return o.Exhaust.First
	}
	return o.Random.First
}

// Effort is how much is spent on each scenario.
type Effort struct {
	Exhaust explore.Limits
	// Random schedules are run where the exhaustive search did not come to its end.
	Random int64
	Seed   uint64
}

// Totals sums up what many scenarios came to.
type Totals struct {
	Scenarios, Complete    int
	Schedules, Random      int64 // distinct schedules of the exhaustive search; random ones
	Pruned, Steps          int64
	Violations             int64
	HistoriesAsked, Equals int64
}

// Run searches the scenarios on all cores. each is called for every outcome, by one goroutine at a time.
func Run(scenarios []*Scenario, effort Effort, each func(Outcome)) Totals {
	var totals Totals
	var mu sync.Mutex
	var workers sync.WaitGroup
	work := make(chan *Scenario)
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			s, checker := explore.NewScheduler(), NewChecker()
			for scenario := range work {
				o := search(s, checker, scenario, effort)
				mu.Lock()
				totals.add(o)
				each(o)
				mu.Unlock()
			}
			mu.Lock()
			defer mu.Unlock()
			totals.HistoriesAsked += checker.Asked
			totals.Equals += checker.Known
		})
	}
	for _, scenario := range scenarios {
		work <- scenario
	}
	close(work)
	workers.Wait()
	return totals
}

func search(s *explore.Scheduler, checker *Checker, scenario *Scenario, effort Effort) Outcome {
	o := Outcome{Scenario: scenario}
	began := time.Now()
	world := scenario.Explorable(checker)
	o.Exhaust = explore.Exhaust(s, world, effort.Exhaust)
	if !o.Exhaust.Complete && o.Exhaust.First == nil && effort.Random > 0 {
		o.Random = explore.Random(s, world, effort.Seed, effort.Random)
	}
	if v := o.Violation(); v != nil {
		v.Trace, _ = explore.Replay(s, world, v.Path) // its error is the violation's
	}
	o.Took = time.Since(began)
	return o
}

func (t *Totals) add(o Outcome) {
	t.Scenarios++
	if o.Exhaust.Complete {
		t.Complete++
	}
	t.Schedules += o.Exhaust.Schedules
	t.Random += o.Random.Schedules
	t.Pruned += o.Exhaust.Pruned
	t.Steps += o.Exhaust.Steps + o.Random.Steps
	t.Violations += o.Exhaust.Violations + o.Random.Violations
}
