package explore_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// counters is a world of tasks that each take some steps on objects, and a log of who touched what.
func counters(tasks, steps int, object func(task, step int) (bit int, write bool), log *[]string) explore.World {
	return explore.World{Name: "counters", Start: func(s *explore.Scheduler) func() error {
		*log = (*log)[:0]
		for task := range tasks {
			s.Go(fmt.Sprint("task ", task), -1, func() {
				for step := range steps {
					bit, write := object(task, step)
					f := explore.Footprint{Reads: 1 << bit}
					if write {
						f = explore.Footprint{Writes: 1 << bit}
					}
					s.Point("step", f, explore.NoFault)
					*log = append(*log, fmt.Sprint(bit, write, task, step))
				}
			})
		}
		return func() error { return nil }
	}}
}

func TestExhaustRunsEveryOrder(t *testing.T) {
	var log []string
	// A task's start is a step of its own: 3 tasks of 3 steps and a start make 12!/(4!)^3 orders.
	world := counters(3, 3, func(int, int) (int, bool) { return 0, true }, &log)
	r := explore.Exhaust(explore.NewScheduler(), world, explore.Limits{Naive: true})
	assert.True(t, r.Complete)
	assert.EqualValues(t, 34650, r.Schedules)
}

// TestReductionLosesNothing compares the search with and without reduction on random small worlds: what each object saw,
// in order of the dependent steps, is the same set, and with it each comes up once.
func TestReductionLosesNothing(t *testing.T) {
	s := explore.NewScheduler()
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		var bits [3][3]int
		var writes [3][3]bool
		for i := range bits {
			for j := range bits[i] {
				bits[i][j], writes[i][j] = rng.IntN(3), rng.IntN(3) > 0
			}
		}
		var log []string
		world := counters(3, 2, func(i, j int) (int, bool) { return bits[i][j], writes[i][j] }, &log)
		seen := func(limits explore.Limits) (map[string]int, explore.Result) {
			classes := map[string]int{}
			start := world.Start
			w := world
			w.Start = func(s *explore.Scheduler) func() error {
				start(s)
				return func() error { classes[normal(log)]++; return nil }
			}
			return classes, explore.Exhaust(s, w, limits)
		}
		all, _ := seen(explore.Limits{Naive: true})
		once, r := seen(explore.Limits{})
		require.Len(t, once, len(all), "seed %d: a class of schedules was lost", seed)
		require.EqualValues(t, len(all), r.Schedules, "seed %d: a class was run twice", seed)
	}
}

// normal is the least order that differs only in independent steps: it names the class of a log.
func normal(log []string) string {
	rest := append([]string(nil), log...)
	var order []string
	for len(rest) > 0 {
		least := -1
		for i := range rest {
			if (least < 0 || rest[i] < rest[least]) && free(rest, i) {
				least = i
			}
		}
		order = append(order, rest[least])
		rest = append(rest[:least], rest[least+1:]...)
	}
	return fmt.Sprint(order)
}

// free reports whether rest[i] can be moved to the front.
func free(rest []string, i int) bool {
	for _, earlier := range rest[:i] {
		if !swappable(earlier, rest[i]) {
			return false
		}
	}
	return true
}

func swappable(a, b string) bool {
	var bitA, bitB, taskA, taskB, step int
	var writeA, writeB bool
	fmt.Sscan(a, &bitA, &writeA, &taskA, &step)
	fmt.Sscan(b, &bitB, &writeB, &taskB, &step)
	return taskA != taskB && (bitA != bitB || !writeA && !writeB)
}

// lostUpdate is a world with a fault in it: two tasks that read, then write back one more.
func lostUpdate() explore.World {
	return explore.World{Name: "lost update", Start: func(s *explore.Scheduler) func() error {
		value := 0
		for i := range 2 {
			s.Go(fmt.Sprint("adder ", i), -1, func() {
				s.Point("read", explore.Footprint{Reads: 1}, explore.NoFault)
				seen := value
				s.Point("write", explore.Footprint{Writes: 1}, explore.NoFault)
				value = seen + 1
			})
		}
		return func() error {
			if value != 2 {
				return errors.New("an update was lost")
			}
			return nil
		}
	}}
}

func TestViolationIsReplayed(t *testing.T) {
	s := explore.NewScheduler()
	r := explore.Exhaust(s, lostUpdate(), explore.Limits{})
	require.NotNil(t, r.First)
	path, err := explore.ParsePath(r.First.Path.String())
	require.NoError(t, err)
	require.Equal(t, r.First.Path, path)
	trace, err := explore.Replay(s, lostUpdate(), path)
	require.ErrorContains(t, err, "an update was lost")
	assert.Contains(t, trace.String(), "adder 1")
	assert.Contains(t, trace.String(), "write")
}

func TestRandomFindsIt(t *testing.T) {
	r := explore.Random(explore.NewScheduler(), lostUpdate(), 1, 1000)
	require.NotNil(t, r.First)
}

func TestFaultsAndCrashesStayInTheirBudget(t *testing.T) {
	outcomes := map[string]int{}
	world := explore.World{Name: "faults", Budget: explore.Budget{Faults: 1, Crashes: 1}}
	world.Start = func(s *explore.Scheduler) func() error {
		var got string
		s.Crashable(0)
		s.Go("caller", 0, func() {
			for range 2 {
				switch o := s.Point("call", explore.Footprint{Writes: 1}, explore.FailsLate); o {
				case explore.FailLate:
					got += "l"
					s.Late("lands", explore.Footprint{Writes: 1}, time.Second, func() { got += "L" })
				default:
					got += string("sbalpg"[o])
				}
			}
		})
		return func() error { outcomes[got]++; return nil }
	}
	r := explore.Exhaust(explore.NewScheduler(), world, explore.Limits{})
	require.True(t, r.Complete)
	assert.NotContains(t, outcomes, "bb")
	for _, want := range []string{"ss", "bs", "as", "sb", "sa", "lsL", "lLs", "slL", "gg", "sg", "lLg"} {
		assert.Contains(t, outcomes, want)
	}
}

func TestTimeWaitsForLateEffects(t *testing.T) {
	world := explore.World{Name: "late", Budget: explore.Budget{Faults: 1}}
	world.Start = func(s *explore.Scheduler) func() error {
		landed, due := false, false
		s.Go("writer", -1, func() {
			if s.Point("put", explore.Footprint{Writes: 1}, explore.FailsLate) == explore.FailLate {
				due = true
				s.Late("put lands", explore.Footprint{Writes: 1}, time.Second, func() { landed = true })
			}
			_ = s.Sleep(t.Context(), 2*time.Second)
			if due && !landed {
				s.Fail(errors.New("time passed a late effect"))
			}
		})
		return func() error { return nil }
	}
	r := explore.Exhaust(explore.NewScheduler(), world, explore.Limits{})
	assert.Nil(t, r.First)
	assert.True(t, r.Complete)
}

func BenchmarkSchedule(b *testing.B) {
	var log []string
	world := counters(3, 5, func(int, int) (int, bool) { return 0, true }, &log)
	s := explore.NewScheduler()
	b.ReportAllocs()
	explore.Exhaust(s, world, explore.Limits{Schedules: int64(b.N)})
}
