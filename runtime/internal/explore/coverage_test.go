package explore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// program is a small world drawn at random: tasks that read and write shared numbers, wait for them, sleep, start further
// tasks, fail, and crash.
type program struct {
	ops    [3][]op
	budget explore.Budget
}

type op struct {
	kind   int
	object int
}

// The kinds of an op.
const (
	opRead = iota
	opWrite
	opWait    // until the object is not 0; others may set it to 0 again
	opClear   // sets the object to 0
	opSleep   // for a while
	opSpawn   // a task that writes the object
	opFaulted // a write that may fail in every way
	opKinds
)

func draw(rng *rand.Rand) program {
	var p program
	for i := range p.ops {
		for range 1 + rng.IntN(2) {
			p.ops[i] = append(p.ops[i], op{kind: rng.IntN(opKinds), object: rng.IntN(2)})
		}
	}
	p.budget = explore.Budget{Faults: rng.IntN(2), Crashes: rng.IntN(2)}
	return p
}

func (p program) world() explore.World {
	return explore.World{Name: fmt.Sprint(p), Budget: p.budget, Start: func(s *explore.Scheduler) func() error {
		var values [2]int
		for i, ops := range p.ops {
			s.Go(fmt.Sprint("task ", i), i%2, func() {
				for _, o := range ops {
					if !o.run(s, &values) {
						return
					}
				}
			})
		}
		s.Crashable(0)
		return func() error { return nil }
	}}
}

// run makes one op; false ends the task.
func (o op) run(s *explore.Scheduler, values *[2]int) bool {
	reads, writes := explore.Footprint{Reads: 1 << o.object}, explore.Footprint{Writes: 1 << o.object}
	set := func() { values[o.object]++ }
	switch o.kind {
	case opRead:
		return s.Point("read", reads, explore.NoFault) == explore.Success
	case opWrite:
		if s.Point("write", writes, explore.NoFault) == explore.Gone {
			return false
		}
		set()
	case opWait:
		return s.Wait(explore.Condition{What: "wait", Reads: reads, Holds: func() bool { return values[o.object] > 0 }})
	case opClear:
		if s.Point("clear", writes, explore.NoFault) == explore.Gone {
			return false
		}
		values[o.object] = 0
	case opSleep:
		return s.Sleep(context.Background(), time.Duration(1+o.object)*time.Second) == nil
	case opSpawn:
		if s.Point("spawn", explore.Footprint{}, explore.NoFault) == explore.Gone {
			return false
		}
		s.Go("child", s.Instance(), func() { op{kind: opWrite, object: o.object}.run(s, values) })
	case opFaulted:
		switch s.Point("faulted", writes, explore.FailsLate) {
		case explore.Success, explore.FailAfter:
			set()
		case explore.FailLate:
			s.Late("lands", writes, 1500*time.Millisecond, set)
		case explore.Gone:
			return false
		}
	}
	return true
}

// TestReductionCoversRandomSchedules: whatever a random schedule of a random program does, the reduced search did too.
func TestReductionCoversRandomSchedules(t *testing.T) {
	s := explore.NewScheduler()
	for seed := range uint64(60) {
		p := draw(rand.New(rand.NewPCG(seed, 7)))
		_, err := explore.CheckReduction(s, p.world(), explore.Limits{Schedules: 200_000}, seed, 60)
		require.NoError(t, err, "seed %d", seed)
	}
}
