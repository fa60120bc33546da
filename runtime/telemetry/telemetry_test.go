package telemetry_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/rig"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/verify"
)

// counting counts the loads of a control store, and can be down.
type counting struct {
	control.Control
	loads atomic.Int64
	down  atomic.Bool
}

func (c *counting) Load(ctx context.Context) (control.Record, error) {
	c.loads.Add(1)
	if c.down.Load() {
		return control.Record{}, errors.New("down")
	}
	return c.Control.Load(ctx)
}

// What a snapshot says of a fleet with a copy, a proof, unclean keys and an instance that lags behind.
func TestSnapshot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		r.Fill(phase.Old, 30)
		ctx := t.Context()
		_, err := backfill.Run(ctx, r.Migration, rig.Kind, backfill.Config{})
		require.NoError(t, err)
		_, err = verify.Run(ctx, r.Migration, rig.Kind, verify.Config{})
		require.NoError(t, err)
		require.True(t, telemetry.New(r.Migration, telemetry.Config{}).Snapshot(ctx).Fleet.Kinds[0].Valid)
		require.NoError(t, r.Journal.MarkDirty(ctx, []journal.Key{rig.Key("1"), rig.Key("2")}, phase.Old))
		record, err := r.Control.Load(ctx)
		require.NoError(t, err)
		require.NoError(t, r.Control.Renew(ctx, control.Instance{ID: "slow", Acked: record.Epoch - 1, Kinds: []string{rig.Kind}}, time.Hour))
		require.NoError(t, r.Control.Renew(ctx, control.Instance{ID: "dead", Acked: 1}, -time.Second))
		require.NoError(t, r.Control.Renew(ctx, control.Instance{ID: "ctl", Acked: 1, Command: true, Reconciles: true}, time.Hour))

		s := telemetry.New(r.Migration, telemetry.Config{}).Snapshot(ctx)
		require.True(t, s.Ready)
		require.Equal(t, phase.OldPrimary, s.Status.Phase)
		require.NotNil(t, s.Fleet)
		require.Equal(t, 2, s.Fleet.Live)
		require.Equal(t, 1, s.Fleet.Gone)
		require.Equal(t, 1, s.Fleet.Behind)
		require.Equal(t, uint64(1), s.Fleet.Lag)
		require.Positive(t, s.Fleet.Blocked)
		require.Len(t, s.Fleet.Kinds, 1)
		kind := s.Fleet.Kinds[0]
		require.Equal(t, 2, kind.Unclean.Unclean())
		require.True(t, kind.Backfill.Complete)
		require.Equal(t, int64(30), kind.Backfill.Copied)
		require.True(t, kind.Verify.Ended)
		require.Equal(t, int64(30), kind.Certificate.Compared)
		require.False(t, kind.Valid, "slow is of another build")
	})
}

// The fleet is looked at no more often than was asked for, by many scrapers or none, and a look that fails leaves the last one.
func TestLooksAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rig.New(t, rig.Options{Phase: phase.OldPrimary})
		c := &counting{Control: r.Control}
		m, err := dual.NewMigration(dual.Config{Control: c, Journal: r.Journal})
		require.NoError(t, err)
		defer func() { require.NoError(t, m.Close(context.Background())) }()
		source := telemetry.New(m, telemetry.Config{Every: time.Minute})
		look := func() telemetry.Snapshot {
			before := c.loads.Load()
			s := source.Snapshot(t.Context())
			for range 10 {
				source.Snapshot(t.Context())
			}
			require.LessOrEqual(t, c.loads.Load()-before, int64(3), "loads of one look")
			return s
		}
		first := look()
		require.NotNil(t, first.Fleet)
		time.Sleep(2 * time.Minute)
		c.down.Store(true)
		second := look()
		require.Equal(t, first.Fleet, second.Fleet)
		require.Equal(t, first.Looked, second.Looked)
		require.Equal(t, int64(1), second.Failed)
		c.down.Store(false)
		require.Equal(t, first.Looked, look().Looked, "one that failed is not repeated at once")

		never := telemetry.New(m, telemetry.Config{Every: -1}).Snapshot(t.Context())
		require.Nil(t, never.Fleet)
	})
}
