package proof

import (
	"fmt"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/results"
)

// TestMain lets the collector run less often: worlds are small, and made by the thousand each second.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

// everything is every world: the special ones, those of the red controls with their rule on, and the matrix.
func allScenarios() []*Scenario {
	all := slices.Concat(Special(), turning(), sharing())
	for _, control := range RedControls() {
		all = append(all, control.World)
	}
	return append(all, Scenarios()...)
}

// TestSchedules explores the shipped code. DUALGEN_PROOF=ci runs at least two million distinct schedules, in some eight minutes. It was five
// million before worlds with verify passes and fallbacks came in: those take twice as long a schedule, and a CI run has its bound.
func TestSchedules(t *testing.T) {
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	totals := Run(allScenarios(), Effort{
		Schedules: pick[int64](level, 100_000_000, 2_100_000, 500_000_000),
		Time:      pick(level, 15*time.Second, 40*time.Minute, 23*time.Hour), // of ci: its bound is the work
		Round:     pick[int64](level, 10, 200, 1000),
		Random:    pick[int64](level, 2, 20, 100),
		Seed:      uint64(time.Now().Unix()),
	}, func(v *explore.Violation) { t.Error(v) })
	require.NoError(t, results.Report(results.Row{
		Layer: "schedules of the real code explored", Level: string(level), Count: totals.Schedules, Unit: "distinct schedules",
		Violations: totals.Violations, Seconds: time.Since(began).Seconds(),
		Detail: fmt.Sprintf("%d worlds, %d of them searched to their end; %d random schedules beside; %d histories of a key put to Porcupine, %d more equal to one of those",
			totals.Scenarios, totals.Complete, totals.Random, totals.Histories, totals.Equal),
	}))
	assert.Zero(t, totals.Violations)
	if level == CI {
		assert.GreaterOrEqual(t, totals.Schedules, int64(2_000_000))
	}
}

// TestFallback explores the worlds of fallbacks.
func TestFallback(t *testing.T) {
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	totals := Run(Fallback(), Effort{
		Schedules: pick[int64](level, 10_000_000, 120_000, 1_000_000),
		Time:      pick(level, 5*time.Second, time.Hour, 10*time.Hour),
		Round:     pick[int64](level, 5, 50, 200),
		Random:    pick[int64](level, 2, 20, 100),
		Seed:      uint64(time.Now().Unix()),
	}, func(v *explore.Violation) { t.Error(v) })
	require.NoError(t, results.Report(results.Row{
		Layer: "schedules of fallbacks explored", Level: string(level), Count: totals.Schedules, Unit: "distinct schedules",
		Violations: totals.Violations, Seconds: time.Since(began).Seconds(),
		Detail: fmt.Sprintf("%d worlds, %d of them searched to their end; %d random schedules beside", totals.Scenarios, totals.Complete, totals.Random),
	}))
	t.Logf("%+v", totals)
	assert.Zero(t, totals.Violations)
	if level != Quick {
		assert.GreaterOrEqual(t, totals.Schedules, pick[int64](level, 0, 100_000, 500_000))
	}
}

// TestQueued explores a part of the worlds of queued mirrors, which are among those of TestSchedules.
func TestQueued(t *testing.T) {
	totals := Run(queued(), Effort{Schedules: 4000, Time: time.Hour, Round: 20, Random: 10, Seed: uint64(time.Now().Unix())}, func(v *explore.Violation) { t.Error(v) })
	assert.Zero(t, totals.Violations)
	t.Logf("%+v", totals)
}

// TestReplay runs one path of one world again and prints its trace: DUALGEN_REPLAY="world name|path".
func TestReplay(t *testing.T) {
	world, path := "backfill: put", "0"
	if text := os.Getenv("DUALGEN_REPLAY"); text != "" {
		var ok bool
		world, path, ok = strings.Cut(text, "|")
		require.True(t, ok, "want DUALGEN_REPLAY=\"world name|path\"")
	}
	p, err := explore.ParsePath(path)
	require.NoError(t, err)
	for _, sc := range namedScenarios() {
		if sc.Name == world {
			trace, err := explore.Replay(explore.NewScheduler(), sc.Explorable(NewChecker()), p)
			t.Logf("%v\n%v", trace, err)
			assert.NotZero(t, trace.Len())
			return
		}
	}
	t.Fatalf("no world is named %q", world)
}

// namedScenarios is every world that a failure can name.
func namedScenarios() []*Scenario {
	all := append(append(allScenarios(), Fallback()...), canaryMatrix()...)
	for _, control := range RedControls() {
		all = append(all, control.Red())
	}
	return all
}

func TestWorldsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, sc := range namedScenarios() {
		assert.False(t, seen[sc.Name], sc.Name)
		seen[sc.Name] = true
	}
}

// TestReductionOfWorlds: on worlds of the shipped code, too, the search leaves out no schedule that a random one shows.
func TestReductionOfWorlds(t *testing.T) {
	s, checker := explore.NewScheduler(), NewChecker()
	for _, group := range []struct {
		name   string
		worlds []*Scenario
		most   int64 // schedules
		want   int
	}{
		{"special", namedScenarios(), 150, 6}, {"transactions", transactions(), 150, 4}, {"made keys", making(), 150, 4},
		{"joined", joining(), 150, 4}, {"unkeyed", unkeyed(), 150, 4}, {"listed", listed(), 150, 2}, {"added", added(), 4000, 1},
		{"rolling", []*Scenario{redRolling()[2].Red()}, 20_000, 1},
	} {
		t.Run(group.name, func(t *testing.T) {
			checked := 0
			for _, sc := range group.worlds {
				if checked == group.want {
					break
				}
				world := sc.Explorable(checker)
				r := explore.Exhaust(s, world, explore.Limits{Schedules: group.most, Violations: 1 << 40})
				if !r.Complete || r.Schedules < 20 {
					continue
				}
				_, err := explore.CheckReduction(s, world, explore.Limits{}, 5, 100)
				assert.NoError(t, err)
				checked++
			}
			assert.Equal(t, group.want, checked)
		})
	}
}
