package backfill

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// bySince lists items by their time too. The time of version n is sinceOf(n).
func bySince(e *itemEntity) {
	e.ScanSince = func(ctx context.Context, s itemStore, since time.Time, cursor string, limit int) (items []rig.Item, next string, err error) {
		all, next, err := s.Scan(ctx, cursor, limit)
		for _, item := range all {
			if !item.At.Before(since) {
				items = append(items, item)
			}
		}
		return items, next, err
	}
}

func sinceOf(version int) time.Time { return rig.NewItem("", version).At }

// dumped has items of version 1 in both stores, as a copy by other means leaves them, and then changes five of them in the old one.
func dumped(t *testing.T) *rig.Rig {
	r := rig.New(t, rig.Options{})
	listed(r, bySince)
	r.Fill(phase.Old, 30)
	r.Fill(phase.New, 30)
	for n := 0; n < 30; n += 6 {
		changed := rig.NewItem(rig.ID(n), 5)
		r.Stores[phase.Old].Corrupt(changed.ID, &changed)
	}
	return r
}

func TestSinceCopiesWhatIsYounger(t *testing.T) {
	for _, chunk := range []int{3, 100} {
		synctest.Test(t, func(t *testing.T) {
			r := dumped(t)
			config := small()
			config.Chunk, config.Since = chunk, sinceOf(5)
			report, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Equal(t, counts{Copied: 5}, counts{report.Copied, report.Same, report.Repeated, report.Failed})
			require.True(t, report.Complete)
			require.True(t, r.Equal())
			require.Equal(t, 5, r.Faults.Calls("new", "Put"))
			progress, err := Status(t.Context(), r.Control, rig.Kind)
			require.NoError(t, err)
			require.Equal(t, sinceOf(5), progress.Since, "the record says what was copied")

			again, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Zero(t, again.Chunks, "it is complete")
			config.Since = time.Time{}
			all, err := Run(t.Context(), r.Migration, rig.Kind, config)
			require.NoError(t, err)
			require.Equal(t, counts{Copied: 30, Same: 30}, counts{all.Copied, all.Same, all.Repeated, all.Failed})
			progress, err = Status(t.Context(), r.Control, rig.Kind)
			require.NoError(t, err)
			require.Zero(t, progress.Since)
		})
	}
}

func TestSinceNeedsAListing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		config := small()
		config.Since = sinceOf(1)
		_, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrNoScanSince)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		require.Empty(t, record.Backfills, "nothing was begun")
	})
}

// TestSinceDoesNotPassOverAnInterruptedRun: what an interrupted run may have written late is marked, though it is not listed again.
func TestSinceDoesNotPassOverAnInterruptedRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := dumped(t)
		older := rig.NewItem(rig.ID(1), 2) // written meanwhile, with a time before the one that is asked for
		_, err := Run(t.Context(), r.Migration, rig.Kind, kill(afterRead, 1, func() { r.Put(older) }))
		require.ErrorIs(t, err, errKilled)
		stale := rig.NewItem(older.ID, 1) // what the page had, landing late
		r.Stores[phase.New].Corrupt(older.ID, &stale)

		config := small()
		config.Since = sinceOf(5)
		_, err = Run(t.Context(), r.Migration, rig.Kind, config)
		require.ErrorIs(t, err, ErrOtherSince)
		config.Restart = true
		report, err := Run(t.Context(), r.Migration, rig.Kind, config)
		require.NoError(t, err)
		require.Equal(t, 1, report.Recovered)
		drain(t, r)
		require.True(t, r.Equal())
	})
}
