package dualtest

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// heldControl tells of a change once it may.
type heldControl struct {
	control.Control
	may chan struct{}
}

func (c heldControl) Watch(ctx context.Context, revision uint64) error {
	select {
	case <-c.may:
		return c.Control.Watch(ctx, revision)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// TestArrives: an instance that was in a phase before, and has not followed the fleet out of it and back, has not arrived.
func TestArrives(t *testing.T) {
	g, err := newGround(dual.OldGuarded)
	require.NoError(t, err)
	held := heldControl{g.control, make(chan struct{})}
	second, err := dual.NewMigration(dual.Config{Name: "suite", Control: held, Journal: g.journal, Lease: time.Hour, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	require.NoError(t, g.arrive(second))
	require.NoError(t, g.set(dual.NewGuarded))
	require.NoError(t, g.set(dual.OldGuarded))
	require.Equal(t, dual.OldGuarded, second.Phase())
	record, err := g.control.Load(t.Context())
	require.NoError(t, err)
	require.False(t, follows(second, record), "it has yet to hear of two changes")
	close(held.may)
	require.NoError(t, g.arrive(second))
	require.EqualValues(t, 3, second.Status().Epoch)
	require.NoError(t, g.closeInstance(second))
	require.NoError(t, g.close())
}
