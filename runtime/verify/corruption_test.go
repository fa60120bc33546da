package verify

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// corruption damages the mirror. It gets the keys that it may damage, which no other corruption of the round touches,
// and says which of them it did.
type corruption struct {
	name string
	do   func(r *rig.Rig, random *rand.Rand, id string)
}

// edit is a corruption of one field.
func edit(name string, change func(*rig.Item)) corruption {
	return corruption{name, func(r *rig.Rig, _ *rand.Rand, id string) {
		item := r.Stores[phase.New].Snapshot()[id]
		change(&item)
		r.Stores[phase.New].Corrupt(id, &item)
	}}
}

var corruptions = []corruption{
	{"row missing", func(r *rig.Rig, _ *rand.Rand, id string) { r.Stores[phase.New].Corrupt(id, nil) }},
	{"row that was deleted", func(r *rig.Rig, _ *rand.Rand, id string) { r.Stores[phase.Old].Corrupt(id, nil) }},
	{"row of nobody", func(r *rig.Rig, random *rand.Rand, id string) {
		item := rig.NewItem(fmt.Sprintf("%s-%d", id, random.Uint32()), 1)
		r.Stores[phase.New].Corrupt(item.ID, &item)
	}},
	{"row of an earlier version", func(r *rig.Rig, _ *rand.Rand, id string) {
		item := rig.NewItem(id, 0)
		r.Stores[phase.New].Corrupt(id, &item)
	}},
	{"row with only its key", func(r *rig.Rig, _ *rand.Rand, id string) { r.Stores[phase.New].Corrupt(id, &rig.Item{ID: id}) }},
	{"row under a key of other case", func(r *rig.Rig, _ *rand.Rand, id string) {
		item := rig.NewItem(strings.ToUpper(id), 1)
		r.Stores[phase.New].Corrupt(id, nil)
		r.Stores[phase.New].Corrupt(item.ID, &item)
	}},
	{"key with a trailing space", func(r *rig.Rig, _ *rand.Rand, id string) {
		item := rig.NewItem(id+" ", 1)
		r.Stores[phase.New].Corrupt(id, nil)
		r.Stores[phase.New].Corrupt(item.ID, &item)
	}},
	{"another row's values", func(r *rig.Rig, _ *rand.Rand, id string) {
		item := rig.NewItem("somebody else", 1)
		item.ID = id
		r.Stores[phase.New].Corrupt(id, &item)
	}},
	edit("text cut off", func(i *rig.Item) { i.Name = i.Name[:len(i.Name)-1] }),
	edit("text in other case", func(i *rig.Item) { i.Name = strings.ToUpper(i.Name) }),
	edit("text emptied", func(i *rig.Item) { i.Name = "" }),
	edit("number off by one", func(i *rig.Item) { i.Count++ }),
	edit("number's highest bit", func(i *rig.Item) { i.Count ^= -1 << 63 }),
	edit("time off by a microsecond", func(i *rig.Item) { i.At = i.At.Add(time.Microsecond) }),
	edit("list's order", func(i *rig.Item) { slices.Reverse(i.Tags) }),
	edit("list's last element", func(i *rig.Item) { i.Tags = i.Tags[:len(i.Tags)-1] }),
	edit("list absent", func(i *rig.Item) { i.Tags = nil }),
	edit("list empty", func(i *rig.Item) { i.Tags = []string{} }),
	edit("optional value absent", func(i *rig.Item) { i.Note = nil }),
	edit("optional value empty", func(i *rig.Item) { i.Note = new(string) }),
}

// rounds is how many seeds the corruption test runs; each makes one corruption of every kind. DUALGEN_CORRUPTION_ROUNDS
// asks for more.
func rounds(t *testing.T) int {
	text := os.Getenv("DUALGEN_CORRUPTION_ROUNDS")
	if text == "" {
		return 520
	}
	n, err := strconv.Atoi(text)
	require.NoError(t, err)
	return n
}

// TestCorruptionsAreFoundAndRepaired makes one corruption of every kind a round and expects verify to find each, report
// none beside, and the reconciler to repair all.
func TestCorruptionsAreFoundAndRepaired(t *testing.T) {
	const rows = 60
	made, began := 0, time.Now()
	for seed := range rounds(t) {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(uint64(seed), 1))
			shape := shapes[seed%len(shapes)]
			r := rig.New(t, rig.Options{Orders: shape.orders})
			fill(r, rows)
			want := map[string]bool{}
			ids := random.Perm(rows)
			for i, c := range corruptions {
				id := rig.ID(ids[i])
				c.do(r, random, id)
				want[id] = true
				made++
			}
			truth := r.Stores[phase.Old].Snapshot()
			config := small()
			config.Repair, config.Shown = true, 1000
			config.Page, config.MaxRows = 1+random.IntN(40), 1+random.IntN(100)
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err, "seed %d", seed)
			for _, d := range report.Differences {
				base := strings.TrimRight(strings.ToLower(d.Key.ID), " ")
				require.True(t, want[base] || want[base[:min(len(base), len(rig.ID(0)))]], "seed %d: %v is sound", seed, d.Key)
			}
			// Two corruptions leave a stray beside a missing row.
			require.EqualValues(t, len(corruptions)+2, report.Differed(), "seed %d", seed)
			drain(t, r)
			require.Equal(t, truth, r.Stores[phase.New].Snapshot(), "seed %d", seed)
			require.Equal(t, truth, r.Stores[phase.Old].Snapshot(), "seed %d", seed)
		})
	}
	require.NoError(t, results.Report(results.Row{
		Layer: "seeded corruptions found and repaired by verify", Level: os.Getenv("DUALGEN_PROOF"), Count: int64(made), Unit: "corruptions found and repaired",
		Seconds: time.Since(began).Seconds(), Detail: fmt.Sprintf("of %d kinds: all were found, and nothing else was", len(corruptions)),
	}))
	if os.Getenv("DUALGEN_CORRUPTION_ROUNDS") == "" {
		require.GreaterOrEqual(t, made, 10_000)
	}
}

// TestNoFalseMismatchUnderLoad compares more than a million rows while clients write, and expects that nothing is
// reported.
func TestNoFalseMismatchUnderLoad(t *testing.T) {
	r := rig.New(t, rig.Options{})
	const rows, passes = 50_000, 22
	fill(r, rows)
	var written atomic.Int64
	stop := make(chan struct{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		random := rand.New(rand.NewPCG(1, 2))
		for version := 2; ; version++ {
			select {
			case <-stop:
				return
			default:
			}
			id := rig.ID(random.IntN(rows))
			if random.IntN(10) == 0 {
				r.Delete(id)
			} else {
				r.Put(rig.NewItem(id, version))
			}
			written.Add(1)
			time.Sleep(20 * time.Microsecond)
		}
	}()
	var compared, transient int64
	began := time.Now()
	for n := 0; n < passes || transient == 0 && n < 20*passes; n++ { // until a write was in the way of a look
		config := small()
		config.Page, config.Settle = 1000, 5*time.Millisecond
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.Zero(t, report.Differed(), "%v", report.Differences)
		require.True(t, report.Certified, report.Reason)
		compared += report.Compared
		transient += report.Transient
	}
	close(stop)
	<-done
	require.NoError(t, results.Report(results.Row{
		Layer: "false mismatches under write load", Level: os.Getenv("DUALGEN_PROOF"), Count: compared, Unit: "rows compared during writes",
		Seconds: time.Since(began).Seconds(),
		Detail:  fmt.Sprintf("during %d writes; %d rows differed at first sight, none in the end", written.Load(), transient),
	}))
	require.GreaterOrEqual(t, compared, int64(1_000_000))
	require.Positive(t, transient, "the load must have been in the way")
	require.True(t, r.Equal())
}
