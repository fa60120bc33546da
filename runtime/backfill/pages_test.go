package backfill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

type itemStore = *dualtest.Store[rig.Item]

type itemEntity = dual.Entity[itemStore, rig.Item]

// listed makes the rig's entity another one.
func listed(r *rig.Rig, change func(*itemEntity)) {
	e := rig.Entity()
	change(&e)
	dual.AddEntity(r.Migration, &r.Stores, e)
}

// afterKey is a listing whose cursor is a key.
func afterKey(e *itemEntity) { e.First = []dual.Key{rig.Key("")} }

// putMany stores items one after the other, as a statement does that is not atomic.
func putMany(calls *atomic.Int64) func(*itemEntity) {
	return func(e *itemEntity) {
		afterKey(e)
		e.PutMany = func(ctx context.Context, s itemStore, items []rig.Item) error {
			calls.Add(1)
			for _, item := range items {
				if err := s.Put(ctx, item); err != nil {
					return err
				}
			}
			return nil
		}
	}
}

// everything is a listing that knows no pages.
func everything(e *itemEntity) {
	scan := e.Scan
	e.Scan = func(ctx context.Context, s itemStore, _ string, _ int) ([]rig.Item, string, error) {
		return scan(ctx, s, "", 1<<20)
	}
}

var listings = map[string]func(*itemEntity){"a cursor of its own": func(*itemEntity) {}, "after a key": afterKey, "everything at once": everything}

// TestGentleBackfillFinishes: a page may take longer than the lease, by the rate or by the mirror.
func TestGentleBackfillFinishes(t *testing.T) {
	for name, listing := range listings {
		for _, slow := range []bool{false, true} {
			t.Run(fmt.Sprint(name, ", slow mirror: ", slow), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{})
					listed(r, listing)
					r.Fill(phase.Old, 600)
					config := Config{Logger: quiet, Rate: 20, Lease: 2 * time.Second, Workers: 1}
					if slow {
						config.Rate = -1
						r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(ctx context.Context, call *dualtest.Call) error {
							select {
							case <-time.After(500 * time.Millisecond):
								return call.Effect(ctx)
							case <-ctx.Done():
								return ctx.Err()
							}
						}})
					}
					longest, last := time.Duration(0), time.Now()
					config.OnProgress = func(Progress) { longest, last = max(longest, time.Since(last)), time.Now() }
					report, err := Run(t.Context(), r.Migration, rig.Kind, config)
					require.NoError(t, err)
					require.True(t, report.Complete)
					require.Equal(t, counts{Copied: 600}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
					require.True(t, r.Equal())
					t.Logf("%v, %d pages, the longest %v", report.Took, report.Chunks, longest)
				})
			})
		}
	}
}

// TestProgressWithinAPage: a run that ends in the middle of a long page has done its part, and the next one does not do it again.
func TestProgressWithinAPage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		listed(r, everything)
		r.Fill(phase.Old, 100)
		ctx, cancel := context.WithCancel(t.Context())
		config := small()
		config.Chunk = 10
		config.OnProgress = func(p Progress) {
			if p.Copied >= 50 {
				cancel()
			}
		}
		report, err := Run(ctx, r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, context.Canceled)
		require.False(t, report.Complete)
		status, err := Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		require.EqualValues(t, 50, status.Copied)
		written := r.Faults.Calls("new", "Put")
		require.Equal(t, 50, written)
		config.OnProgress = nil
		report, err = Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.EqualValues(t, 100, report.Copied)
		require.EqualValues(t, 50, report.Same)
		require.Equal(t, 100, r.Faults.Calls("new", "Put"))
		status, err = Status(t.Context(), r.Control, rig.Kind)
		require.NoError(t, err)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Equal(t, record.Backfills[rig.Kind].Copied, status.Copied, "status and record say the same")
	})
}

// TestBatches: where the mirror takes many entities by one call it is given many, and one that it refuses is found.
func TestBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64
		r := rig.New(t, rig.Options{})
		listed(r, putMany(&calls))
		r.Fill(phase.Old, 1000)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(345), Fault: dualtest.FailBefore(errors.New("too long"))})
		report, err := Run(t.Context(), r.Migration, rig.Kind, Config{Chunk: 50, Rate: -1, Logger: quiet})
		require.NoError(t, err)
		require.True(t, report.Complete)
		require.Equal(t, counts{Copied: 999, Failed: 1}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
		require.EqualValues(t, 20, calls.Load())
		require.Equal(t, 5, report.Chunks)
		require.Len(t, report.Failures, 1)
		require.Contains(t, report.Failures[0], "too long")
	})
}

// TestWhatIsNotSeenIsNotCopied: a mirror that accepts what it drops ends the run, and nothing is said to be copied.
func TestWhatIsNotSeenIsNotCopied(t *testing.T) {
	var calls atomic.Int64
	for name, change := range map[string]func(*itemEntity){"one by one": func(*itemEntity) {}, "after a key": afterKey, "batches": putMany(&calls)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				listed(r, change)
				r.Fill(phase.Old, 1000)
				r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Fault: func(context.Context, *dualtest.Call) error { return nil }})
				report, err := Run(t.Context(), r.Migration, rig.Kind, Config{Chunk: 50, Rate: -1, Logger: quiet})
				require.ErrorIs(t, err, ErrFailing)
				require.ErrorIs(t, err, dual.ErrNotCopied)
				require.Zero(t, report.Copied)
				require.False(t, report.Complete)
			})
		})
	}
}

// TestBatchesAreSampled: a mirror that drops some of what it accepts is noticed in the first batch, and every row is looked at then.
func TestBatchesAreSampled(t *testing.T) {
	for _, workers := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			var calls atomic.Int64
			r := rig.New(t, rig.Options{})
			listed(r, putMany(&calls))
			r.Fill(phase.Old, 3000)
			for n := 5; n < 3000; n += 10 {
				r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(n), Fault: func(context.Context, *dualtest.Call) error { return nil }})
			}
			report, err := Run(t.Context(), r.Migration, rig.Kind, Config{Chunk: 500, Rate: -1, Workers: workers, Logger: quiet})
			require.NoError(t, err)
			require.Equal(t, counts{Copied: 2700, Failed: 300}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
		})
	}
}

// TestSamplesReachEveryPlace: batch after batch, each place of a batch is looked at.
func TestSamplesReachEveryPlace(t *testing.T) {
	for _, n := range []int{1, sampleRows, sampleRows + 1, 500, 513, 5000} {
		samples, looked := sampler{}, make([]bool, n)
		for range sampleShare {
			from, to := samples.stretch(n)
			require.LessOrEqual(t, to-from, max(sampleRows, n/sampleShare+1))
			for i := from; i < to; i++ {
				looked[i] = true
			}
		}
		require.NotContains(t, looked, false, n)
	}
}

// TestRepeatedRowsCountOnce: rows that are listed once more are copied once and counted once.
func TestRepeatedRowsCountOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		listed(r, func(e *itemEntity) {
			scan := e.Scan
			e.Scan = func(ctx context.Context, s itemStore, cursor string, limit int) ([]rig.Item, string, error) {
				page, next, err := scan(ctx, s, cursor, limit)
				return append(page, page...), next, err
			}
		})
		r.Fill(phase.Old, 20)
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, counts{Copied: 20, Repeated: 20}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
		require.Equal(t, 20, r.Faults.Calls("new", "Put"))
	})
}

// TestListingThatLoopsIsNoticed: by its cursors, or by its rows where it makes new cursors each time.
func TestListingThatLoopsIsNoticed(t *testing.T) {
	made := 0
	for name, next := range map[string]func(string) string{
		"the same cursor": func(string) string { return rig.ID(2) },
		"three cursors": func(next string) string {
			return rig.ID(slices.Index([]string{rig.ID(0), rig.ID(1), rig.ID(2)}, next) + 1)
		},
		"cursors anew": func(string) string { made++; return fmt.Sprint("~", made) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				r.Fill(phase.Old, 5)
				listed(r, func(e *itemEntity) {
					e.Scan = func(_ context.Context, _ itemStore, cursor string, _ int) ([]rig.Item, string, error) {
						return []rig.Item{rig.NewItem(rig.ID(1), 1)}, next(cursor), nil
					}
				})
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				report, err := Run(ctx, r.Migration, rig.Kind, small())
				require.ErrorIs(t, err, ErrScanLoops)
				require.LessOrEqual(t, report.Copied, int64(1))
			})
		})
	}
}

// shortKeys is a journal that holds no key of some items.
type shortKeys struct{ journal.Journal }

func (j shortKeys) long(key journal.Key) bool { return key.ID == rig.ID(2) || key.ID == rig.ID(3) }

func (j shortKeys) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if slices.ContainsFunc(keys, j.long) {
		return journal.ErrKeyTooLong
	}
	return j.Journal.MarkDirty(ctx, keys, primary)
}

func (j shortKeys) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	if j.long(key) {
		return journal.Token{}, false, journal.ErrKeyTooLong
	}
	return j.Journal.BeginCopy(ctx, owner, key, idle)
}

// TestKeysTooLongForTheJournal: their entities are copied, and one that cannot be, or that a write of the whole kind touched, is
// counted and does not end the run.
func TestKeysTooLongForTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Journal: shortKeys{journal.NewMemory()}})
		r.Fill(phase.Old, 7)
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(3), Fault: dualtest.FailBefore(nil)})
		config, done := small(), false
		config.at = func(s step, _ dual.Key) error {
			if s == afterRead && !done {
				done = true
				require.NoError(t, r.Journal.MarkDirty(t.Context(), []dual.Key{{Kind: rig.Kind, Whole: true}}, phase.Old))
			}
			return nil
		}
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.True(t, report.Complete)
		require.Equal(t, counts{Copied: 6, Failed: 1}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
	})
}
