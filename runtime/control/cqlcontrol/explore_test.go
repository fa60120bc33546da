package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/proof"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// close lets the survivors clean up, and checks everything.
func (w *world) close() error {
	ctx := context.Background()
	j := w.procs[1]
	if w.s.Gone(0) {
		if err := j.takeAllAway(ctx, remote{id: w.procs[0].process.id}, map[string]bool{ownerOf(0): true}, map[journal.Key]bool{}); err != nil {
			return err
		}
	}
	for i, p := range w.procs {
		err := p.payDebts(ctx)
		if err == nil && !w.s.Gone(i) {
			err = p.tell(ctx, p.process.position())
		}
		if err != nil {
			return err
		}
	}
	if e, err := j.read(ctx, key); err == nil && e.body.Quarantined {
		if err := j.MarkDirty(ctx, []journal.Key{key}, e.body.Primary); err != nil {
			return err
		}
	}
	for range 3 {
		for _, k := range []journal.Key{key, wholeOf(key)} { // the kind's copy is a verify pass
			token, ok, err := j.BeginCopy(ctx, "copier", k, 0)
			if err == nil && ok {
				err = errors.Join(w.copy(token.Primary), j.End(ctx, k, token, true))
			}
			if err != nil {
				return err
			}
		}
	}
	for _, k := range []journal.Key{key, wholeOf(key)} {
		if e, err := j.read(ctx, k); err != nil || e.unclean() {
			return errors.Join(err, fmt.Errorf("%v stays unclean: %+v %+v", k, e.body, e.fast))
		}
	}
	if err := w.tidyAll(); err != nil {
		return err
	}
	if w.stores[0] != w.stores[1] {
		return fmt.Errorf("the stores diverged: %d and %d", w.stores[0], w.stores[1])
	}
	w.history.Return(w.history.Call(proof.Input{Act: proof.Get}), valueOf(w.stores[0]))
	return w.checker.Check(&w.history)
}

// plans are the worlds, each with nothing going wrong, a fault anywhere, and a crash anywhere.
func plans() []plan {
	fast, slow := writes(agreed), writes(from(phase.Old))
	var all []plan
	for name, p := range map[string]plan{
		"all keys, and one on the fast path":       {clients: []client{{0, writesAll(phase.Old)}, {1, fast}}},
		"all keys, and one in the other direction": {clients: []client{{0, writesAll(phase.Old)}, {1, writes(from(phase.New))}}},
		"all keys in two directions":               {clients: []client{{0, writesAll(phase.Old)}, {1, writesAll(phase.New)}}},
		"all keys, and a read":                     {clients: []client{{0, writesAll(phase.Old)}, {1, reads(phase.New)}}},
		"all keys, and a copy":                     {clients: []client{{0, writesAll(phase.Old)}, {1, copies}}, stale: true},
		"two on the fast path and a copy":          {clients: []client{{0, fast}, {1, fast}, {1, copies}}, stale: true},
		"two paths and a copy":                     {clients: []client{{0, fast}, {1, slow}, {0, copies}}, stale: true},
		"two directions and a copy":                {clients: []client{{0, slow}, {1, writes(from(phase.New))}, {0, copies}}, stale: true},
		"two on the fast path":                     {clients: []client{{0, fast}, {1, fast}}},
		"one at its second attempt, and one":       {clients: []client{{0, writes(again)}, {1, fast}}},
		"two in a row, and one":                    {clients: []client{{0, twice(agreed)}, {1, fast}}},
		"two in a row, and a copy":                 {clients: []client{{0, twice(agreed)}, {1, copies}}, stale: true},
		"two in a row, and the other path":         {clients: []client{{0, twice(agreed)}, {1, slow}}},
		"two of one process":                       {clients: []client{{0, fast}, {0, fast}}},
		"the fast path beside the other":           {clients: []client{{0, fast}, {1, slow}}},
		"the fast path and a copy":                 {clients: []client{{0, fast}, {1, copies}}, stale: true},
		"the other path and a copy":                {clients: []client{{0, slow}, {1, copies}}, stale: true},
		"a listed write, and the fast path":        {clients: []client{{0, sweeps}, {1, fast}}},
		"a listed write, and the other path":       {clients: []client{{0, sweeps}, {1, slow}}},
		"a listed write, and one of its process":   {clients: []client{{0, sweeps}, {0, fast}}},
		"a listed write, and two in a row":         {clients: []client{{0, sweeps}, {1, twice(agreed)}}},
		"a listed write, and a copy":               {clients: []client{{0, sweeps}, {1, fast}, {1, copies}}, stale: true},
		"two listed writes, and one":               {clients: []client{{0, sweeps}, {1, fast}, {1, sweeps}}},
		"two directions":                           {clients: []client{{0, slow}, {1, writes(from(phase.New))}}},
		"two directions, read by the old":          {clients: []client{{1, writes(from(phase.New))}, {0, reads(phase.Old)}}},
		"two directions, read by the new":          {clients: []client{{0, slow}, {1, reads(phase.New)}}},
		"a key that is made, and written":          {clients: []client{{0, makes}, {1, fast}}},
		"a key that is made, and read":             {clients: []client{{0, makes}, {1, reads(phase.New)}}},
		"a stale key in the two directions":        {clients: []client{{0, copies}, {1, writes(from(phase.New))}}, stale: true},
		"a mark, and the other path":               {clients: []client{{0, marks}, {1, slow}}},
		"a mark, and a tidier":                     {clients: []client{{0, marks}, {1, tidies}}},
		"two of the other path, and a tidier":      {clients: []client{{0, slow}, {0, slow}, {1, tidies}}},
		"a copy, and a tidier":                     {clients: []client{{0, copies}, {1, tidies}}, stale: true},
		"a copy that fails, and a mark":            {clients: []client{{0, fails}, {1, marks}}, stale: true},
		"a copy that fails, and a write":           {clients: []client{{0, fails}, {1, slow}}, stale: true},
	} {
		p.name = name
		all = append(all, p)
		p.name, p.budget = name+", fault", explore.Budget{Faults: 1}
		all = append(all, p)
		p.name, p.budget, p.crash = name+", crash", explore.Budget{Crashes: 1}, true
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b plan) int { return len(a.name) - len(b.name) })
	return all
}

// explorable makes a plan a world of the explorer.
func (p plan) explorable() explore.World {
	w := &world{plan: &p, checker: proof.NewChecker()}
	return explore.World{Name: p.name, Budget: p.budget, Start: w.start}
}

// TestRulesExplored runs this package's own decisions through every order of the table's calls, with every fault and crash.
func TestRulesExplored(t *testing.T) {
	level, err := proof.LevelFromEnv()
	require.NoError(t, err)
	limits := explore.Limits{Time: map[proof.Level]time.Duration{proof.Quick: time.Second / 3, proof.CI: 5 * time.Second / 2, proof.Release: 10 * time.Minute}[level]}
	s := explore.NewScheduler()
	var schedules, violations int64
	began := time.Now()
	for _, p := range plans() {
		t.Run(p.name, func(t *testing.T) {
			r := explore.Exhaust(s, p.explorable(), limits)
			schedules, violations = schedules+r.Schedules, violations+r.Violations
			if v := r.First; v != nil {
				v.Trace, _ = explore.Replay(s, p.explorable(), v.Path)
				t.Fatal(v)
			}
			assert.NotZero(t, r.Schedules)
			t.Logf("%d schedules, complete: %v", r.Schedules, r.Complete)
		})
	}
	require.NoError(t, results.Report(results.Row{
		Layer: "schedules of the Cassandra journal's own decisions", Level: string(level), Count: schedules, Unit: "distinct schedules",
		Violations: violations, Seconds: time.Since(began).Seconds(), Detail: "cqlcontrol over a table in memory, each of its calls a step",
	}))
}

// TestRulesAreNeeded: with a rule left out, the same search finds what goes wrong.
func TestRulesAreNeeded(t *testing.T) {
	fast, slow := writes(agreed), writes(from(phase.Old))
	fault := explore.Budget{Faults: 1}
	for _, p := range []plan{
		{name: string(blind), broken: blind, clients: []client{{0, fast}, {1, fast}}},
		{name: string(hides), broken: hides, clients: []client{{0, fast}, {0, fast}, {1, fast}}},
		{name: string(trusting), broken: trusting, clients: []client{{0, fast}, {1, fast}}},
		{name: string(blindCopy), broken: blindCopy, clients: []client{{0, fast}, {1, copies}}, stale: true},
		{name: string(blindSlow), broken: blindSlow, clients: []client{{0, fast}, {1, slow}}},
		{name: string(replaces), broken: replaces, clients: []client{{0, writes(again)}, {1, fast}}, budget: fault},
		{name: string(forgets), broken: forgets, clients: []client{{0, slow}}, budget: fault},
		{name: string(unwatched), broken: unwatched, clients: []client{{0, sweeps}, {1, fast}}},
		{name: string(unlisted), broken: unlisted, clients: []client{{0, marks}}},
		{name: string(reuses), broken: reuses, clients: []client{{0, marks}, {1, slow}}},
		{name: string(unbumped), broken: unbumped, clients: []client{{0, marks}, {1, tidies}}},
		{name: string(assertive), broken: assertive, clients: []client{{0, fails}}, stale: true},
		{name: string(lastWins), broken: lastWins, clients: []client{{0, fails}, {1, marks}}, stale: true},
		{name: string(careless), broken: careless, clients: []client{{0, slow}, {1, writes(from(phase.New))}}},
	} {
		t.Run(p.name, func(t *testing.T) {
			s := explore.NewScheduler()
			r := explore.Exhaust(s, p.explorable(), explore.Limits{Schedules: 1 << 22})
			require.NotNil(t, r.First, "no violation in %d schedules", r.Schedules)
			r.First.Trace, _ = explore.Replay(s, p.explorable(), r.First.Path)
			t.Log(r.First)
		})
	}
}
