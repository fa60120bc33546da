package verify

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

func small() Config { return Config{Page: 10, MaxRows: 16, Rate: -1, Logger: quiet} }

func fill(r *rig.Rig, n int) {
	r.Fill(phase.Old, n)
	r.Fill(phase.New, n)
}

func drain(t *testing.T, r *rig.Rig) {
	t.Helper()
	reconciler := reconcile.New(r.Migration, reconcile.Config{Logger: quiet, Rate: -1})
	for range 100 {
		if r.Unclean() == 0 {
			return
		}
		time.Sleep(time.Minute)
		_, err := reconciler.Once(t.Context())
		require.NoError(t, err)
	}
	require.FailNow(t, "keys stay unclean", "%d", r.Unclean())
}

func certificate(t *testing.T, r *rig.Rig) (control.Certificate, bool) {
	t.Helper()
	record, err := r.Control.Load(t.Context())
	require.NoError(t, err)
	c, ok := record.Certificates[rig.Kind]
	return c, ok
}

// scattered orders keys as a hash-partitioned store does: in no order that shows.
func scattered(a, b string) int {
	turn := func(s string) string {
		bytes := []byte(s)
		for i, j := 0, len(bytes)-1; i < j; i, j = i+1, j-1 {
			bytes[i], bytes[j] = bytes[j], bytes[i]
		}
		return string(bytes)
	}
	return strings.Compare(turn(a), turn(b))
}

// lateTurn keeps to the order of text on the first pages and leaves it later.
func lateTurn(a, b string) int {
	const turn = "item-0000050"
	if a > turn && b > turn {
		return strings.Compare(b, a)
	}
	return strings.Compare(a, b)
}

var shapes = []struct {
	name   string
	orders [2]func(a, b string) int
	want   string
}{
	{"same order", [2]func(a, b string) int{}, "merge"},
	{"one side scattered", [2]func(a, b string) int{nil, scattered}, "hash"},
	{"both sides scattered", [2]func(a, b string) int{scattered, scattered}, "hash"},
	{"one side leaves the order late", [2]func(a, b string) int{lateTurn, nil}, "hash"},
}

func TestEqualStoresAreCertified(t *testing.T) {
	for _, shape := range shapes {
		for _, n := range []int{0, 1, 10, 100} {
			t.Run(fmt.Sprint(shape.name, n), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: shape.orders})
					fill(r, n)
					report, err := Run(t.Context(), r.Migration, rig.Kind, small())
					require.NoError(t, err)
					require.True(t, report.Certified, report.Reason)
					require.EqualValues(t, n, report.Compared)
					require.Zero(t, report.Differed())
					require.InDelta(t, 1, report.Recounted, 1e-9)
					if n == 100 {
						require.Equal(t, shape.want, report.Order)
					}
					c, ok := certificate(t, r)
					require.True(t, ok)
					require.EqualValues(t, n, c.Compared)
				})
			})
		}
	}
}

// TestNumbersAreMerged has keys that both stores list as numbers, not as text.
func TestNumbersAreMerged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		numbers := func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }
		r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{numbers, numbers}})
		for n := range 300 {
			item := rig.NewItem(fmt.Sprint(n), 1)
			r.Stores[phase.Old].Corrupt(item.ID, &item)
			r.Stores[phase.New].Corrupt(item.ID, &item)
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, "merge", report.Order)
		require.True(t, report.Certified)
	})
}

// An entity that expired in one store and not yet in the other is a difference until both are rid of it; a copy and a repair
// take the primary's side, in which it is gone.
func TestExpiredEntities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 20)
		r.Stores[phase.Old].Corrupt(rig.ID(3), nil) // it expired
		r.Stores[phase.Old].Corrupt(rig.ID(5), nil)
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{rig.Key(rig.ID(5))}, phase.Old))
		drain(t, r)
		require.NotContains(t, r.Stores[phase.New].Snapshot(), rig.ID(5))
		config := small()
		config.Repair = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, 1, report.OnlyNew)
		drain(t, r)
		require.True(t, r.Equal())
		r.Stores[phase.New].Corrupt(rig.ID(7), nil) // in the mirror first: it is copied back until the primary is rid of it too
		report, err = Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, 1, report.OnlyOld)
		drain(t, r)
		require.Contains(t, r.Stores[phase.New].Snapshot(), rig.ID(7))
	})
}

func TestDifferencesAreFoundAndRepaired(t *testing.T) {
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{Orders: shape.orders})
				fill(r, 100)
				changed, extra := rig.NewItem(rig.ID(7), 2), rig.NewItem("stray", 1)
				r.Stores[phase.New].Corrupt(rig.ID(3), nil)
				r.Stores[phase.New].Corrupt(changed.ID, &changed)
				r.Stores[phase.New].Corrupt(extra.ID, &extra)
				report, err := Run(t.Context(), r.Migration, rig.Kind, small())
				require.NoError(t, err)
				require.Equal(t, [3]int64{1, 1, 1}, [3]int64{report.OnlyOld, report.OnlyNew, report.Different})
				require.EqualValues(t, 101, report.Compared)
				require.False(t, report.Certified)
				require.Contains(t, report.Reason, "differ")
				require.Len(t, report.Differences, 3)
				for _, d := range report.Differences {
					if d.Key.ID == changed.ID {
						require.Equal(t, []string{"Name", "Count", "At", "Note"}, paths(d.Differences))
						require.NotContains(t, fmt.Sprint(d.Differences[0].Old), "name of")
					}
				}
				require.Zero(t, r.Unclean(), "nothing is changed without repair")
				c, ok := certificate(t, r)
				require.True(t, ok)
				require.EqualValues(t, 3, c.Differed, "a certificate with differences voids an earlier one")

				config := small()
				config.Repair = true
				report, err = Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.EqualValues(t, 3, report.Repaired)
				require.False(t, report.Certified)
				require.Contains(t, report.Reason, "verify again")
				drain(t, r)
				require.True(t, r.Equal())
				require.Equal(t, 100, r.Stores[phase.Old].Len())
				report, err = Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.True(t, report.Certified, report.Reason)
				c, _ = certificate(t, r)
				require.Zero(t, c.Differed)
			})
		})
	}
}

// TestRules runs, for each rule, a course of events in which the rule matters.
func TestRules(t *testing.T) {
	for _, test := range []struct {
		name  string
		off   rules
		check func(t *testing.T, off rules) (asPromised bool)
	}{
		{"both sides are read", rules{twoSided: true, secondOpinion: true}, strayIsFound},
		{"a difference is looked at twice", rules{reread: true}, lateWriteIsNotReported},
		{"the journal is asked about the second look", rules{activity: true}, writeDuringLookIsNotReported},
		{"a second scan checks the first", rules{secondOpinion: true}, brokenIteratorIsFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { require.True(t, test.check(t, rules{}), "rule on") })
			synctest.Test(t, func(t *testing.T) { require.False(t, test.check(t, test.off), "rule off") })
		})
	}
}

func strayIsFound(t *testing.T, off rules) bool {
	r := rig.New(t, rig.Options{})
	fill(r, 50)
	stray := rig.NewItem("stray", 1)
	r.Stores[phase.New].Corrupt(stray.ID, &stray)
	config := small()
	config.off = off
	report, err := Run(t.Context(), r.Migration, rig.Kind, config)
	require.NoError(t, err)
	return report.OnlyNew == 1
}

// lateWriteIsNotReported has a write that reaches the mirror between the listings of the two sides.
func lateWriteIsNotReported(t *testing.T, off rules) bool {
	r := rig.New(t, rig.Options{})
	fill(r, 50)
	scans := 0
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
		if scans++; scans == 2 { // the first is the look at the order
			r.Put(rig.NewItem(rig.ID(5), 2))
		}
		return call.Effect(ctx)
	}})
	config := small()
	config.off = off
	report, err := Run(t.Context(), r.Migration, rig.Kind, config)
	require.NoError(t, err)
	return report.Differed() == 0 && report.Transient == 1
}

// writeDuringLookIsNotReported has a write between the two reads of each second look but the last.
func writeDuringLookIsNotReported(t *testing.T, off rules) bool {
	r := rig.New(t, rig.Options{})
	fill(r, 50)
	scans, looks := 0, 0
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
		if scans++; scans == 2 {
			r.Put(rig.NewItem(rig.ID(5), 2))
		}
		return call.Effect(ctx)
	}})
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Get", Key: rig.ID(5), Fault: func(ctx context.Context, call *dualtest.Call) error {
		if looks++; looks < 4 {
			r.Put(rig.NewItem(rig.ID(5), 2+looks))
		}
		return call.Effect(ctx)
	}})
	config := small()
	config.off = off
	report, err := Run(t.Context(), r.Migration, rig.Kind, config)
	require.NoError(t, err)
	return report.Differed() == 0 && report.Certified
}

// brokenIteratorIsFound has a comparing scan that loses every seventh key, one of them missing in the mirror.
func brokenIteratorIsFound(t *testing.T, off rules) bool {
	r := rig.New(t, rig.Options{})
	fill(r, 50)
	for n := range 50 {
		if n%7 == 6 {
			r.Stores[phase.New].Corrupt(rig.ID(n), nil)
		}
	}
	config := small()
	config.off = off
	config.off.skip = 7
	report, err := Run(t.Context(), r.Migration, rig.Kind, config)
	require.NoError(t, err)
	return !report.Certified && report.OnlyOld == 7
}

// TestUnstableScan has a store whose listing loses the last key of each full page: no certificate.
func TestUnstableScan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 95)
		entity := rig.Entity()
		whole := entity.Scan
		entity.Scan = func(ctx context.Context, s *dualtest.Store[rig.Item], cursor string, limit int) ([]rig.Item, string, error) {
			items, next, err := whole(ctx, s, cursor, limit)
			if len(items) == limit {
				items = items[:limit-1]
			}
			return items, next, err
		}
		dual.AddEntity(r.Migration, &r.Stores, entity)
		r.Follow()
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Positive(t, report.Mismatched)
		require.Zero(t, report.Differed())
		require.False(t, report.Certified)
		require.Contains(t, report.Reason, "second scan")
	})
}

func TestUncleanKeysAreLeftToTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: dualtest.FailBefore(nil)})
		r.Put(rig.NewItem(rig.ID(4), 2))
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.EqualValues(t, 1, report.Unclean)
		require.Zero(t, report.Differed())
		require.True(t, report.Certified)
	})
}

func TestBusyKeysWithholdTheCertificate(t *testing.T) {
	for _, repair := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 50)
			r.Stores[phase.New].Corrupt(rig.ID(5), nil)
			version := 2
			r.Faults.Add(dualtest.Rule{Store: "new", Method: "Get", Key: rig.ID(5), Fault: func(ctx context.Context, call *dualtest.Call) error {
				version++
				r.Put(rig.NewItem(rig.ID(5), version)) // between the two reads, each time
				return call.Effect(ctx)
			}})
			config := small()
			config.Repair = repair
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.EqualValues(t, 1, report.Busy)
			require.Equal(t, repair, report.Certified)
			r.Faults.Clear()
			drain(t, r)
			require.True(t, r.Equal())
		})
	}
}

func TestWholeKindIsCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		whole := journal.Key{Kind: rig.Kind, Whole: true}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{whole}, phase.Old))
		for n := range 50 { // a delete of unknown keys that reached the old store only
			if n%3 == 0 {
				r.Stores[phase.Old].Corrupt(rig.ID(n), nil)
			}
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Whole)
		require.False(t, report.Certified)
		require.Contains(t, report.Reason, "whole kind")

		config := small()
		config.Repair = true
		report, err = Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.False(t, report.Whole)
		require.EqualValues(t, 17, report.Repaired)
		drain(t, r)
		require.True(t, r.Equal())
		report, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Certified, report.Reason)
	})
}

// TestWholeKindStaysUnclean has another write of unknown keys during the pass.
func TestWholeKindStaysUnclean(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		whole := journal.Key{Kind: rig.Kind, Whole: true}
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{whole}, phase.Old))
		scans := 0
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
			if scans++; scans == 3 {
				require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{whole}, phase.Old))
			}
			return call.Effect(ctx)
		}})
		config := small()
		config.Repair = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.True(t, report.Whole)
		require.False(t, report.Certified)
		_, unclean, err := r.Journal.Lookup(t.Context(), whole)
		require.NoError(t, err)
		require.True(t, unclean)
	})
}

func TestSampleProvesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 200)
		stray := rig.NewItem("stray", 1)
		r.Stores[phase.New].Corrupt(stray.ID, &stray)
		config := small()
		config.Sample = 1
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, 1, report.OnlyNew)
		require.False(t, report.Certified)
		config.Sample = 0.2
		report, err = Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.InDelta(t, 40, report.Compared, 35)
		require.False(t, report.Certified)
	})
}

func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldOnly})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorIs(t, err, ErrNotReady)
		_, err = Run(t.Context(), r.Migration, "Other", small())
		require.ErrorIs(t, err, ErrNoScan)
	})
}

func TestSupersededPassIssuesNoCertificate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		config := small()
		nested := false
		config.OnProgress = func(Progress) {
			if nested {
				return
			}
			nested = true
			_, err := Run(t.Context(), r.Migration, rig.Kind, small())
			require.ErrorIs(t, err, ErrRunning)
			require.ErrorContains(t, err, r.Migration.Instance())
			over := small()
			over.Takeover = true
			report, err := Run(t.Context(), r.Migration, rig.Kind, over)
			require.NoError(t, err)
			require.True(t, report.Certified)
		}
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrSuperseded)
		_, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err, "nobody runs a pass any more")
	})
}

// A pass that could not say its end, since the control store did not answer, stands in the way of nobody: its own instance knows that
// it is over.
func TestPassThatCouldNotSayItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		over := activity.Pass{Track: "of-a-pass-that-is-over", Instance: r.Migration.Instance(), Started: time.Now()}
		require.NoError(t, over.Save(t.Context(), r.Migration.Control(), rig.Kind))
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Certified)
	})
}

// made has entities made during the pass, whose keys the primary makes: one at each page, and one that is being made while a page
// is read.
func made(r *rig.Rig, whileRead bool) {
	n := 0
	r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
		n++
		item := rig.NewItem(fmt.Sprintf("made-%03d", n), 1)
		if !whileRead {
			r.Make(item, nil)
			return call.Effect(ctx)
		}
		var err error
		r.Make(item, func() { err = call.Effect(ctx) })
		return err
	}})
}

func TestMadeKeysWithholdNoCertificate(t *testing.T) {
	for name, whileRead := range map[string]bool{"between pages": false, "while pages are read": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 100)
				made(r, whileRead)
				report, err := Run(t.Context(), r.Migration, rig.Kind, small())
				require.NoError(t, err)
				require.True(t, report.Certified, report.Reason)
				require.Greater(t, report.Recounted, 0.9)
				require.Zero(t, report.Differed())
			})
		})
	}
}

// TestWholeKindIsClearedBesideMadeKeys: a pass with repair clears the whole kind though entities are made during it.
func TestWholeKindIsClearedBesideMadeKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Stores[phase.Old].Corrupt(rig.ID(7), nil)
		require.NoError(t, r.Journal.MarkDirty(t.Context(), []journal.Key{{Kind: rig.Kind, Whole: true}}, phase.Old))
		made(r, true)
		config := small()
		config.Repair = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.False(t, report.Whole, report.Reason)
		r.Faults.Clear()
		drain(t, r)
		require.True(t, r.Equal())
	})
}

func TestPhaseChangeStopsRepair(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldGuarded})
		fill(r, 50)
		r.Stores[phase.New].Corrupt(rig.ID(5), nil)
		config := small()
		config.Repair = true
		config.OnProgress = func(Progress) { r.SetPhase(phase.NewGuarded) }
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, errPhase)
		require.Zero(t, r.Unclean())
	})
}

func TestStoreThatFailsForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", First: 3, Last: 5, Fault: dualtest.FailBefore(nil)})
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.True(t, report.Certified)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: dualtest.PanicBefore("boom")})
		_, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorContains(t, err, "boom")
	})
}

// TestSecondLookThatFailsIsRepeated has a store fail at the second look: one such failure costs another settle window,
// not the pass; a store that goes on failing ends it.
func TestSecondLookThatFailsIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		r.Stores[phase.New].Corrupt(rig.ID(5), nil)
		r.Faults.Add(dualtest.Rule{Store: "old", Method: "Get", First: 1, Last: 1, Fault: dualtest.FailBefore(nil)})
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.EqualValues(t, 1, report.OnlyOld)
		require.False(t, report.Certified)
		r.Faults.Add(dualtest.Rule{Store: "old", Method: "Get", Fault: dualtest.FailBefore(nil)})
		_, err = Run(t.Context(), r.Migration, rig.Kind, small())
		require.Error(t, err)
	})
}
