package backfill

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/phase"
)

// second adds a kind of its own, over stores of its own.
func second(r *rig.Rig, entities int) [2]*dualtest.Store[rig.Item] {
	var stores [2]*dualtest.Store[rig.Item]
	for position := range stores {
		stores[position] = dualtest.NewStore(dualtest.StoreConfig[rig.Item]{
			Name: fmt.Sprint("second", position), ID: func(i rig.Item) string { return i.ID }, Clone: rig.Item.Clone, Faults: r.Faults})
	}
	e := rig.Entity()
	e.Kind, e.Key = "Other", func(i rig.Item) dual.Key { return dual.Key{Kind: "Other", ID: i.ID} }
	dual.AddEntity(r.Migration, &stores, e)
	for i := range entities {
		require.NoError(r.T, stores[phase.Old].Put(context.Background(), rig.NewItem(rig.ID(i), i)))
	}
	return stores
}

// What an operator has set is the rate of the fleet, however many backfills run, and of those that are left when one has ended.
func TestRateIsTheFleets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		r.Fill(phase.Old, 20_000)
		other := second(r, 6_000)
		_, err := control.NewCoordinator(r.Control, r.Journal).Change(t.Context(), func(s *phase.Settings) { s.BackfillRate = 200 }, control.Step{})
		require.NoError(t, err)
		r.Follow()
		copied := func() int { return len(r.Stores[phase.New].Snapshot()) + len(other[phase.New].Snapshot()) }
		var running sync.WaitGroup
		for _, kind := range []string{rig.Kind, "Other"} {
			running.Go(func() {
				_, err := Run(t.Context(), r.Migration, kind, Config{Rate: -1})
				require.NoError(t, err)
			})
		}
		time.Sleep(20 * time.Second) // until both have heard of the other
		before := copied()
		time.Sleep(30 * time.Second)
		require.InDelta(t, 200, float64(copied()-before)/30, 20, "both together")
		for len(other[phase.New].Snapshot()) < 6_000 {
			time.Sleep(time.Second)
		}
		time.Sleep(20 * time.Second)
		before = copied()
		time.Sleep(30 * time.Second)
		require.InDelta(t, 200, float64(copied()-before)/30, 20, "the one that is left")
		running.Wait()
	})
}

// A backfill that was killed takes its part for a minute, and no longer.
func TestDeadRunsShareNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{})
		second(r, 1)
		_, err := control.Update(t.Context(), r.Control, func(record *control.Record) error {
			record.Backfills = map[string]control.Backfill{"Other": {Epoch: record.MirroredSince, Holder: "killed", Fence: 1}}
			return nil
		})
		require.NoError(t, err)
		record, err := r.Control.Load(t.Context())
		require.NoError(t, err)
		h := &holder{control: r.Control, hooks: hooks.Or(nil), others: new(sharing), kind: rig.Kind, config: Config{Lease: 15 * time.Second}, epoch: record.MirroredSince}
		dead := &holder{control: r.Control, hooks: hooks.Or(nil), kind: "Other", epoch: record.MirroredSince, fence: 1, config: Config{Lease: 15 * time.Second}}
		require.NoError(t, dead.store(t.Context(), checkpoint{Epoch: record.MirroredSince}))
		h.countOthers(t.Context())
		require.InDelta(t, 100, h.others.share(200), 1e-9)
		time.Sleep(2 * time.Minute)
		h.countOthers(t.Context())
		require.InDelta(t, 200, h.others.share(200), 1e-9)
		require.InDelta(t, -1, h.others.share(-1), 1e-9, "no limit")
	})
}
