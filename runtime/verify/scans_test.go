package verify

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

var errDown = errors.New("down")

// scansTo replaces how the rig's items are listed.
func scansTo(r *rig.Rig, scan func(s *dualtest.Store[rig.Item], items []rig.Item, next string, limit int) ([]rig.Item, string)) {
	entity := rig.Entity()
	whole := entity.Scan
	entity.Scan = func(ctx context.Context, s *dualtest.Store[rig.Item], cursor string, limit int) ([]rig.Item, string, error) {
		items, next, err := whole(ctx, s, cursor, limit)
		items, next = scan(s, items, next, limit)
		return items, next, err
	}
	dual.AddEntity(r.Migration, &r.Stores, entity)
	r.Follow()
}

// A listing whose cursor stays where it is ends the pass, which would never end otherwise.
func TestScanThatDoesNotMoveOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 50)
		scansTo(r, func(_ *dualtest.Store[rig.Item], items []rig.Item, next string, _ int) ([]rig.Item, string) {
			if next != "" {
				next = "here"
			}
			return items, next
		})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.ErrorContains(t, err, "does not move on")
	})
}

// A store that lists a key twice, at the end of a page and at the beginning of the next, shows that its listing cannot be trusted: no
// certificate, though no key differs.
func TestScanThatRepeatsAKey(t *testing.T) {
	for _, position := range []phase.Store{phase.Old, phase.New} {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 50)
			config := small()
			pages := [2]map[string]rig.Item{{}, {}}
			scansTo(r, func(s *dualtest.Store[rig.Item], items []rig.Item, next string, limit int) ([]rig.Item, string) {
				if s != r.Stores[position] || limit != config.Page || len(items) == 0 {
					return items, next
				}
				first := items[0]
				if last, ok := pages[0]["last"]; ok && last.ID < first.ID {
					items = append([]rig.Item{last}, items...)
				}
				pages[0]["last"] = items[len(items)-1]
				return items, next
			})
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Zero(t, report.Differed())
			require.Positive(t, report.Repeated)
			require.Equal(t, "merge", report.Order, "it is in order all the same")
			require.Positive(t, report.Mismatched)
			require.False(t, report.Certified)
		})
	}
}

// A digest tells sets of keys apart that are equally large, and does not depend on their order.
func TestDigestsTellKeysApart(t *testing.T) {
	of := func(hashes ...uint64) digest {
		d := make(digest, 1)
		for _, h := range hashes {
			d.add(h)
		}
		return d
	}
	require.Equal(t, of(1, 2, 3), of(3, 1, 2))
	require.NotEqual(t, of(1, 2, 3), of(1, 2, 4))
	require.NotEqual(t, of(1, 4), of(2, 3))
	require.NotEqual(t, of(1), of(1, 1))
	require.NotEqual(t, of(), of(0))
}

// The second count reads pages of another size, which are not so small that it takes many times as long.
func TestRecountReadsOtherPages(t *testing.T) {
	for page := 4; page < 2000; page++ {
		require.NotEqual(t, page, recountPage(page))
		require.Greater(t, 2*recountPage(page), page)
		require.Less(t, recountPage(page), page)
	}
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		fill(r, 5)
		remove := r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error { return call.Effect(ctx) }})
		_, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, 3, remove(), "the look at the order, the comparison and the count")
	})
}

// Stores in different orders are compared in as many parts as keep the entities in memory to about MaxRows.
func TestPartsKeepToTheMemory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, scattered}})
		fill(r, 100)
		report, err := Run(t.Context(), r.Migration, rig.Kind, small())
		require.NoError(t, err)
		require.Equal(t, "hash", report.Order)
		require.GreaterOrEqual(t, report.Passes, 7, "100 entities in parts of 16")
	})
	p := &pass{hooks: hooks.Or(nil), suspects: make([]suspect, batchSize+100)}
	require.Len(t, p.takeDue(), batchSize)
	require.Len(t, p.takeDue(), 100)
	p.config.Settle, p.suspects = time.Hour, []suspect{{}, {}, {since: p.hooks.Now()}}
	require.Len(t, p.takeDue(), 2, "the third is not due")
}

// Each pass over a part reads both stores once, the look at the order and the count once more; nothing waits where nothing differs.
func TestListingsAreCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, scattered}})
		fill(r, 100)
		listings := 0
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
			if call.Key == "" {
				listings++
			}
			return call.Effect(ctx)
		}})
		config, began := small(), time.Now()
		config.Repair = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.True(t, report.Certified)
		require.Equal(t, 1+report.Passes+1, listings)
		require.Zero(t, time.Since(began))
	})
}

// A second look comes once the settle window has passed since the first, and no later.
func TestSecondLookIsNotPutOff(t *testing.T) {
	took := func(differ bool) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			r := rig.New(t, rig.Options{})
			fill(r, 100)
			if differ {
				r.Stores[phase.New].Corrupt(rig.ID(3), nil)
			}
			scans := 0
			r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", Fault: func(ctx context.Context, call *dualtest.Call) error {
				if scans++; scans > 3 {
					time.Sleep(rig.Settle)
				}
				return call.Effect(ctx)
			}})
			began := time.Now()
			report, err := Run(t.Context(), r.Migration, rig.Kind, small())
			require.NoError(t, err)
			require.Equal(t, differ, report.OnlyOld == 1)
			took = time.Since(began)
		})
		return took
	}
	require.Equal(t, took(false), took(true))
}

// A sample that could not be read is none.
func TestSampleThatCannotBeRead(t *testing.T) {
	for _, method := range []string{"Scan", "Get"} {
		for _, store := range []string{"old", "new"} {
			synctest.Test(t, func(t *testing.T) {
				r := rig.New(t, rig.Options{})
				fill(r, 20)
				config := small()
				config.Sample = 1
				report, err := Run(t.Context(), r.Migration, rig.Kind, config)
				require.NoError(t, err)
				require.Equal(t, []any{"sample", 1, [2]int64{20, 20}}, []any{report.Order, report.Passes, report.Read})
				r.Faults.Add(dualtest.Rule{Store: store, Method: method, Fault: dualtest.FailBefore(errDown)})
				_, err = Run(t.Context(), r.Migration, rig.Kind, config)
				require.ErrorIs(t, err, errDown)
			})
		}
	}
}

// A store that is gone for long after the pass began ends it, in whichever of its scans that is, though it comes back.
func TestStoreThatIsGone(t *testing.T) {
	for _, order := range []func(a, b string) int{nil, scattered} {
		for _, store := range []string{"old", "new"} {
			for first := 1; ; first++ {
				failed := 0
				synctest.Test(t, func(t *testing.T) {
					r := rig.New(t, rig.Options{Orders: [2]func(a, b string) int{nil, order}})
					fill(r, 20)
					var since time.Time
					remove := r.Faults.Add(dualtest.Rule{Store: store, Method: "Scan", First: first, Fault: func(ctx context.Context, call *dualtest.Call) error {
						if since.IsZero() {
							since = time.Now()
						}
						if time.Since(since) < 2*patience {
							return errDown
						}
						return call.Effect(ctx)
					}})
					report, err := Run(t.Context(), r.Migration, rig.Kind, small())
					if failed = remove(); failed == 0 {
						require.NoError(t, err)
						return
					}
					require.ErrorIs(t, err, errDown, "from call %d on", first)
					require.False(t, report.Certified)
				})
				if failed == 0 {
					require.Greater(t, first, 5)
					break
				}
			}
		}
	}
}
