package ctl_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/ctl"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestBackfillSince: the second copy of a double copy, what is said of it, and what verify finds that it could not see.
func TestBackfillSince(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 20)
		r.Fill(phase.New, 21) // the last one was deleted in old since
		changed := rig.NewItem(rig.ID(3), 9)
		r.Stores[phase.Old].Corrupt(changed.ID, &changed)
		c := console{t: t, rig: r}
		since := changed.At.Format(time.RFC3339Nano)

		status, _, stderr := c.run("backfill", "--since", since)
		require.NotEqual(t, ctl.ExitDone, status)
		require.Contains(t, stderr, "name a listing with since=")
		status, _, stderr = c.run("backfill", "--since", "yesterday")
		require.Equal(t, ctl.ExitUsage, status)
		require.Contains(t, stderr, "is no time")

		c.kind = func(e *dual.Entity[*dualtest.Store[rig.Item], rig.Item]) {
			e.ScanSince = func(ctx context.Context, s *dualtest.Store[rig.Item], since time.Time, _ string, _ int) (items []rig.Item, next string, err error) {
				all, _, err := s.Scan(ctx, "", 1<<20)
				for _, item := range all {
					if !item.At.Before(since) {
						items = append(items, item)
					}
				}
				return items, "", err
			}
		}
		text := c.ok("backfill", "--since", since)
		require.Contains(t, text, "Item: complete of what was stored since "+changed.At.Format(time.RFC3339)+", 1 copied")
		require.Contains(t, text, "not seen by it: what was deleted since then")
		require.Contains(t, c.ok("status"), "complete of what was stored since")
		require.Contains(t, c.ok("history"), "of what was stored since")
		status, text, _ = c.run("verify")
		require.NotEqual(t, ctl.ExitDone, status, text)
		_, text, _ = c.run("verify", "--repair")
		require.Contains(t, text, "1 marked for repair")
		c.ok("reconcile")
		require.Contains(t, c.ok("verify"), "certificate issued")
		require.True(t, r.Equal())
		require.Contains(t, c.ok("advance"), "OldGuarded")
	})
}

// What ctl says of a backfill adds up to what was listed, also of one that stopped.
func TestBackfillCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 20)
		for n := range 5 {
			require.NoError(t, r.Stores[phase.New].Put(t.Context(), rig.NewItem(rig.ID(n), 1)))
		}
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(9), Fault: dualtest.FailBefore(errors.New("too long"))})
		c := console{t: t, rig: r, kind: func(e *dual.Entity[*dualtest.Store[rig.Item], rig.Item]) {
			e.Scan = func(ctx context.Context, s *dualtest.Store[rig.Item], cursor string, limit int) ([]rig.Item, string, error) {
				page, next, err := rig.Entity().Scan(ctx, s, cursor, limit)
				return append(page, page[:min(3, len(page))]...), next, err
			}
		}}
		const counts = "complete, 19 copied (5 were there before), 1 could not be written, 3 listed again"
		out := c.ok("backfill")
		require.Contains(t, out, "Item: "+counts)
		require.Contains(t, out, "too long")
		require.NotContains(t, out, "marked for the reconciler", "what could not be written is counted once")
		require.Contains(t, c.ok("status"), counts)

		stop := r.Faults.Add(dualtest.Rule{Store: "old", Method: "Scan", First: 1, Fault: dualtest.FailBefore(errors.New("away"))})
		status, out, stderr := c.run("backfill", "--restart")
		require.Equal(t, ctl.ExitFailed, status)
		require.Contains(t, out, "Item: stopped, 0 copied")
		require.Contains(t, stderr, "away")
		stop()
	})
}

// TestBackfillShare: a kind is copied in ranges, and status tells while it is, and afterwards, how many are done and by whom.
func TestBackfillShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 20)
		c := console{t: t, rig: r, kind: func(e *dual.Entity[*dualtest.Store[rig.Item], rig.Item]) { e.First = []dual.Key{rig.Key("")} }}
		for _, wrong := range [][]string{{"--ranges", "3"}, {"--split", rig.ID(5)}, {"--share", "--split", rig.ID(5), "Item", "Item"}} {
			status, _, stderr := c.run(append([]string{"backfill"}, wrong...)...)
			require.Equal(t, ctl.ExitUsage, status, stderr)
		}
		during := ""
		r.Faults.Add(dualtest.Rule{Store: "new", Method: "Put", Key: rig.ID(12), Last: 1, Fault: func(ctx context.Context, call *dualtest.Call) error {
			during = c.ok("status")
			return call.Effect(ctx)
		}})
		out := c.ok("backfill", "--share", "--split", rig.ID(4)+","+rig.ID(9), "Item")
		require.Contains(t, out, "Item: complete, 20 copied, 3 of 3 ranges done")
		require.Regexp(t, `Item by \S+: 3 of 3 ranges, 20 copied\n`, out)
		require.Regexp(t, `Item +\d+ copied, 2 of 3 ranges done, sign of life 0s ago`, during)
		require.Regexp(t, `Item by \S+: 2 of 3 ranges, \d+ copied; copies another, sign of life`, during)
		require.Contains(t, during, "is copied in part, 2 of 3 ranges so far")
		require.Contains(t, c.ok("status"), "complete, 20 copied, 3 of 3 ranges done")
		require.Contains(t, c.ok("history"), "began the backfill of Item from old, in ranges: 3")
		require.Contains(t, c.ok("history"), "completed the backfill of Item: 20 copied")
		require.True(t, r.Equal())
	})
}
