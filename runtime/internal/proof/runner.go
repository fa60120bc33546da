package proof

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// Effort is how much is spent on a list of scenarios.
type Effort struct {
	Schedules int64         // distinct ones, of all scenarios together
	Time      time.Duration // at most
	Round     int64         // schedules of one scenario before it is the next one's turn
	Random    int64         // random schedules of one scenario each round, beside the exhaustive search
	Seed      uint64        // of the random ones
}

// Totals sums up what a list of scenarios came to.
type Totals struct {
	Scenarios, Complete int
	Schedules           int64 // distinct ones, of the exhaustive searches
	Random              int64 // random ones beside them, which may repeat each other
	Pruned, Steps       int64
	Violations          int64
	Histories           int64 // of single keys, put to Porcupine
	Equal               int64 // of single keys, equal to one that was
}

// turn is a scenario and how far its search is.
type turn struct {
	search *explore.Search
	world  explore.World
	random explore.Result
	rounds uint64
	over   bool
}

// Run searches the scenarios on all cores, a round of each in turn, until all are searched to their end or the effort is
// spent. failed is called for each violation, by one goroutine at a time; its scenario is not searched any further.
func Run(scenarios []*Scenario, effort Effort, failed func(*explore.Violation)) Totals {
	var totals Totals
	var mu sync.Mutex
	var workers sync.WaitGroup
	var spent atomic.Int64
	end := time.Now().Add(effort.Time)
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		workers.Go(func() {
			s, checker := explore.NewScheduler(), NewChecker()
			var turns []*turn
			for i := w; i < len(scenarios); i += n {
				world := scenarios[i].Explorable(checker)
				turns = append(turns, &turn{world: world, search: explore.NewSearch(s, world, explore.Limits{})})
			}
			report := func(t *turn, v *explore.Violation) {
				v.Trace, _ = explore.Replay(s, t.world, v.Path) // its error is the violation's
				mu.Lock()
				defer mu.Unlock()
				failed(v)
			}
			for more := true; more; {
				more = false
				for _, t := range turns {
					if spent.Load() >= effort.Schedules || time.Now().After(end) {
						more = false
						break
					}
					before := t.search.Result().Schedules
					if t.round(s, effort, report) {
						more = true
					}
					spent.Add(t.search.Result().Schedules - before)
				}
			}
			mu.Lock()
			defer mu.Unlock()
			for _, t := range turns {
				totals.add(t)
			}
			totals.Histories += checker.Asked
			totals.Equal += checker.Known
		})
	}
	workers.Wait()
	return totals
}

// round goes on with one scenario. It returns false if there is nothing left of it.
func (t *turn) round(s *explore.Scheduler, effort Effort, report func(*turn, *explore.Violation)) bool {
	if t.over {
		return false
	}
	t.over = !t.search.Run(effort.Round)
	if v := t.search.Result().First; v != nil {
		report(t, v)
		return false
	}
	if t.over || effort.Random == 0 {
		return !t.over
	}
	r := explore.Random(s, t.world, effort.Seed+t.rounds, effort.Random)
	t.rounds++
	t.random.Schedules += r.Schedules
	t.random.Steps += r.Steps
	t.random.Violations += r.Violations
	if r.First != nil {
		t.over = true
		report(t, r.First)
	}
	return !t.over
}

func (t *Totals) add(turn *turn) {
	r := turn.search.Result()
	t.Scenarios++
	if r.Complete {
		t.Complete++
	}
	t.Schedules += r.Schedules
	t.Random += turn.random.Schedules
	t.Pruned += r.Pruned
	t.Steps += r.Steps + turn.random.Steps
	t.Violations += r.Violations + turn.random.Violations
}
