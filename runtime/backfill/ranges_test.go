package backfill

import (
	"context"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/ranges"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// byHash orders keys as a store does that lists them by their tokens.
func byHash(a, b string) int {
	sum := func(id string) string {
		h := fnv.New64a()
		_, _ = h.Write([]byte(id)) // never fails
		return string(h.Sum(nil)) + id
	}
	return strings.Compare(sum(a), sum(b))
}

// processes opens so many migrations beside the rig's, all listing after keys.
func processes(r *rig.Rig, n int) []*dual.Migration {
	listed(r, afterKey)
	all := []*dual.Migration{r.Migration}
	for range n - 1 {
		m := r.Open(nil)
		e := rig.Entity()
		afterKey(&e)
		dual.AddEntity(m, &r.Stores, e)
		all = append(all, m)
	}
	return all
}

// every is the ID of every n-th item, in the order of the store.
func every(n, of int, order func(a, b string) int) (ids []string) {
	for i := range of {
		ids = append(ids, rig.ID(i))
	}
	if order != nil {
		slices.SortFunc(ids, order)
	}
	var splits []string
	for i := n; i < of; i += n {
		splits = append(splits, ids[i])
	}
	return splits
}

// share is small, for a plan of these splits.
func share(splits []string) Config {
	config := small()
	config.Splits = splits
	return config
}

// TestShareCopiesEachOnce has several processes copy a kind, whatever order its keys are listed in: each entity is copied once, and
// counted once.
func TestShareCopiesEachOnce(t *testing.T) {
	const items = 100
	for name, order := range map[string]func(a, b string) int{"text": nil, "hash": byHash} {
		for _, workers := range []int{1, 4} {
			t.Run(fmt.Sprint(name, workers), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{order, order}})
					r.Fill(phase.Old, items)
					all := processes(r, 4)
					r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
						time.Sleep(10 * time.Millisecond) // so that all take part
						return call.Effect(ctx)
					}})
					config := share(every(7, items, order))
					config.Workers = workers
					reports := make([]Report, len(all))
					var running sync.WaitGroup
					for i, m := range all {
						running.Go(func() {
							got, err := Share(t.Context(), m, []string{rig.Kind}, config)
							require.NoError(t, err)
							reports[i] = got[0]
						})
					}
					running.Wait()
					for _, report := range reports {
						require.True(t, report.Complete)
						require.EqualValues(t, items, report.Copied, "of all together")
						require.Equal(t, 15, report.Ranges)
						require.Equal(t, 15, report.Done)
						require.Len(t, report.By, 4)
					}
					require.True(t, r.Equal())
					require.Equal(t, items, r.Faults.Calls("new", "Put"), "each is written once")
				})
			})
		}
	}
}

// TestAnySplitsCoverAll: whatever keys divide a kind, in whatever order, those that exist and those that do not, nothing is left out.
func TestAnySplitsCoverAll(t *testing.T) {
	const items = 60
	for name, order := range map[string]func(a, b string) int{"text": nil, "hash": byHash} {
		for _, splits := range [][]string{
			{rig.ID(40), rig.ID(20)},
			{rig.ID(50), rig.ID(10), rig.ID(30), rig.ID(20), rig.ID(40)},
			{rig.ID(7), rig.ID(7), rig.ID(8)},
			{"a", "zzz", rig.ID(30) + "x"},
			{rig.ID(items - 1), rig.ID(0)},
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{order, order}})
					r.Fill(phase.Old, items)
					listed(r, afterKey)
					reports, err := Share(t.Context(), r.Migration, []string{rig.Kind}, share(splits))
					require.NoError(t, err)
					require.True(t, reports[0].Complete)
					require.True(t, r.Equal(), "%v", splits)
				})
			})
		}
	}
}

// TestEndThatWasDeleted: the key at which a range ends, and what comes after it, may be gone when the range comes there.
func TestEndThatWasDeleted(t *testing.T) {
	for gone := range 4 {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			r.Fill(phase.Old, 40)
			listed(r, afterKey)
			config, did := share([]string{rig.ID(10), rig.ID(20), rig.ID(30)}), false
			config.at = func(s step, _ dual.Key) error {
				if s == beforePut && !did {
					did = true
					for i := range gone {
						r.Delete(rig.ID(10 + i))
					}
				}
				return nil
			}
			reports, err := Share(t.Context(), r.Migration, []string{rig.Kind}, config)
			require.NoError(t, err)
			drain(t, r)
			require.True(t, r.Equal())
			require.EqualValues(t, 40-gone, reports[0].Copied)
		})
	}
}

// TestEndIsFoundLater: where all keys are gone that were known to lie behind a range's end, the range ends at the next one's.
func TestEndIsFoundLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const items, gone = 400, 120
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, items)
		listed(r, afterKey)
		config, did := share([]string{rig.ID(10), rig.ID(200), rig.ID(300)}), false
		config.at = func(s step, _ dual.Key) error {
			for i := 0; i < gone && s == beforePut && !did; i++ {
				r.Delete(rig.ID(10 + i))
			}
			did = did || s == beforePut
			return nil
		}
		reports, err := Share(t.Context(), r.Migration, []string{rig.Kind}, config)
		require.NoError(t, err)
		drain(t, r)
		require.True(t, r.Equal())
		require.LessOrEqual(t, reports[0].Copied, int64(items-gone+200-10-gone+1), "no more than one other range is copied twice")
	})
}

// TestKilledRangeIsResumed: the range of a process that was killed is taken by another that is free, in no more than twenty seconds, at
// its checkpoint.
func TestKilledRangeIsResumed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 60)
		all := processes(r, 2)
		config := kill(afterMarks, 4, nil)
		config.Splits = []string{rig.ID(20), rig.ID(40)}
		_, err := Share(t.Context(), all[0], []string{rig.Kind}, config)
		require.ErrorIs(t, err, errKilled)
		killed := time.Now()
		scans := r.Faults.Calls("old", "Scan")
		reports, err := Share(t.Context(), all[1], []string{rig.Kind}, share(nil))
		require.NoError(t, err)
		require.LessOrEqual(t, time.Since(killed), 20*time.Second)
		require.True(t, reports[0].Resumed)
		require.True(t, r.Equal())
		require.EqualValues(t, 60, reports[0].Copied)
		require.Less(t, r.Faults.Calls("old", "Scan")-scans, 30, "it begins at the checkpoint")
		require.Len(t, reports[0].By, 1, "all ranges were completed by the other")
	})
}

// divided makes a plan, which every run then keeps to.
func divided(r *rig.Rig, splits ...string) {
	_, err := control.Update(r.T.Context(), r.Control, func(record *control.Record) error {
		b := control.Backfill{Epoch: record.MirroredSince, From: record.Phase.Primary(), Fence: 1}
		record.Backfills = map[string]control.Backfill{rig.Kind: ranges.Divide(b, splits)}
		return nil
	})
	require.NoError(r.T, err)
}

// TestCompleteWhenAllRangesAre: the gate counts a kind when its last range is done.
func TestCompleteWhenAllRangesAre(t *testing.T) {
	for _, off := range []hooks.Rules{{}, {AnyRangeCompletes: true}} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			r.Fill(phase.Old, 30)
			listed(r, afterKey)
			config, ended := share([]string{rig.ID(10), rig.ID(20)}), 0
			config.Hooks = &hooks.Hooks{Off: off}
			var early bool
			config.at = func(s step, _ dual.Key) error {
				if s == afterComplete {
					ended++
					p, err := Status(t.Context(), r.Control, rig.Kind)
					require.NoError(t, err)
					early = early || p.Complete && ended < 3
				}
				return nil
			}
			_, err := Share(t.Context(), r.Migration, []string{rig.Kind}, config)
			require.NoError(t, err)
			require.Equal(t, off.AnyRangeCompletes, early)
		})
	}
}

// way is how a run copies: how many calls run at once, and whether its kind is divided into ranges.
type way struct {
	workers int
	ranges  bool
}

var ways = []way{{1, false}, {4, false}, {1, true}, {4, true}}

func (w way) fill(r *rig.Rig, items int) {
	r.Fill(phase.Old, items)
	if w.ranges {
		divided(r, rig.ID(2), rig.ID(4))
	}
}
