package soak

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var duration = flag.Duration("soak", 0, "how long the journals on real servers are soaked; 0 for a number of calls, a sixth of it without DUALGEN_PROOF")

// pace is how many calls a second a long run makes.
const pace = 60

func TestSoak(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) place{"postgres": postgres, "cassandra": cassandra} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			soak(t, open(t))
		})
	}
}

// soak lets a fleet run, looks at the journal after a tenth, and again at the end. The mirror is down for the last half of the tenth, and
// for half of the whole.
func soak(t *testing.T, p place) {
	f := newFleet(t, p)
	f.startAll()
	defer f.stopAll()
	f.run(0, 0.05)
	f.stores[1].down.Store(true)
	f.run(0.05, 0.1)
	first := f.look("a tenth")
	base := f.rest()
	for what, n := range f.rest() { // what one round leaves to the next is nothing that grows
		base[what] = max(base[what], n)
	}
	for part := 0.1; part < 0.2; part += 0.05 {
		f.run(part, part+0.05)
		f.restart()
	}
	f.stores[1].down.Store(true)
	for part := 0.2; part < 0.7; part += 0.1 {
		f.run(part, part+0.1)
		f.restart()
	}
	f.backlog()
	f.reuseName()
	require.LessOrEqual(t, f.look("after the outage"), 3*max(first, 24), "the cost of a copy")
	f.run(0.7, 1)
	f.restart()
	f.burst()
	f.look("the end")
	var last figures
	var grown []string
	for range 8 {
		last = f.rest()
		if grown = growth(base, last); len(grown) == 0 {
			break
		}
	}
	t.Logf("%s: at rest after a tenth %v, at the end %v", p.name, base, last)
	if p.repeated != nil {
		require.Zero(t, p.repeated(t), "statements of the journal that the driver was about to repeat by the session's RetryPolicy")
	}
	require.Empty(t, grown, "at the end there is more than 1.2 times as much as after a tenth")
}

// run makes the calls of a part of the whole.
func (f *fleet) run(from, to float64) {
	if *duration == 0 {
		calls := (to - from) * float64(f.place.calls)
		if os.Getenv("DUALGEN_PROOF") == "" {
			calls /= 6
		}
		f.traffic(func(call int64) bool { return float64(call) <= calls })
		return
	}
	began, until := time.Now(), time.Now().Add(time.Duration((to-from)*float64(*duration)))
	f.traffic(func(call int64) bool {
		time.Sleep(time.Until(began.Add(time.Duration(call) * time.Second / pace)))
		return time.Now().Before(until)
	})
}

// burst writes many keys at once, each once.
func (f *fleet) burst() {
	b := f.place.open(f.t)
	defer b.close()
	for n := range f.place.burst / 200 {
		keys := make([]journal.Key, 200)
		for i := range keys {
			keys[i] = journal.Key{Kind: kind, ID: fmt.Sprint("burst ", n, " ", i)}
		}
		tokens, err := b.journal.BeginMany(f.t.Context(), "burst", keys, phase.Old)
		require.NoError(f.t, err)
		require.NoError(f.t, b.journal.EndMany(f.t.Context(), keys, tokens, true))
	}
}

// restart closes one instance and starts another, and has a third die.
func (f *fleet) restart() {
	f.die()
	f.processes[0].close()
	f.processes = append(f.processes[1:], f.start(true))
}

// look brings the mirror back, waits until all is copied, says what that took, and returns what a copy cost.
func (f *fleet) look(when string) int64 {
	median, most := f.latencies()
	f.stores[1].down.Store(false)
	began := time.Now()
	copied, each := f.drain()
	f.t.Logf("%s, %s: a write took %v (median), %v (99 %%); %d keys copied in %v, at a cost of %d each", f.place.name, when,
		median.Round(10*time.Microsecond), most.Round(10*time.Microsecond), copied, time.Since(began).Round(time.Millisecond), each)
	return each
}

// rest ages what the processes have left, lets others look after it, and measures what is there.
func (f *fleet) rest() figures {
	f.stopAll()
	f.place.age(f.t)
	f.startAll()
	time.Sleep(f.place.rest)
	f.stopAll()
	found := f.place.measure(f.t, func(ctx context.Context, j journal.Journal) { probe(f.t, ctx, j) })
	f.startAll()
	return found
}

// probe does what a journal is asked for all the time.
func probe(t *testing.T, ctx context.Context, j journal.Journal) {
	keys := make([]journal.Key, 24)
	for i := range keys {
		keys[i] = journal.Key{Kind: "Probe", ID: fmt.Sprint(i)}
	}
	require.NoError(t, j.Renew(ctx, "probe", time.Minute)) // and has the chores done
	_, err := j.Expire(ctx)
	require.NoError(t, err)
	_, err = j.Counts(ctx, "")
	require.NoError(t, err)
	_, err = j.Unclean(ctx, journal.Query{})
	require.NoError(t, err)
	require.NoError(t, j.MarkDirty(ctx, keys, phase.Old))
	tokens := make([]journal.Token, len(keys))
	for i, key := range keys {
		var ok bool
		tokens[i], ok, err = j.BeginCopy(ctx, "probe", key, 0)
		require.NoError(t, err)
		require.True(t, ok)
	}
	require.NoError(t, j.EndMany(ctx, keys, tokens, true))
}

const tombstonesMet = "most tombstones of a read"

// rowsRead is of the journal's largest table.
const rowsRead = "rows read"

// statementsOfWork are those under a context with a value of work.
const statementsOfWork = "statements of work"

// few is what a figure may differ by from one time to the next.
const few = 16

// growth names the figures that are more than 1.2 times what they were, and by more than a few.
func growth(base, last figures) (grown []string) {
	for _, what := range slices.Sorted(maps.Keys(last)) {
		switch what {
		case tombstonesMet:
			base[what] = max(base[what], 512) // as many rows as a part of the listing has
		case rowsRead:
			base[what] = max(base[what], 1600) // a planner may read a table of a page as a whole in each of the probe's 60 statements
		}
		if last[what] > base[what]*6/5+few {
			grown = append(grown, fmt.Sprintf("%s: %d, and %d after a tenth", what, last[what], base[what]))
		}
	}
	return grown
}
