package proof

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// backfill copies the kind, or its part of it.
func (i *Instance) backfill(overlap bool) {
	chunk, workers := max(i.world.scenario.Chunk, 1), 1
	if overlap {
		workers = 2
	}
	config := backfill.Config{
		Holder: fmt.Sprint("i", i.number), Chunk: chunk, Workers: workers, Rate: -1, Lease: lease, Settle: settle, Logger: silent, Hooks: i.hooks,
	}
	var err error
	if i.world.scenario.Shared {
		config.Splits, config.Hooks = keyNames[:1], i.patient()
		_, err = backfill.Share(context.Background(), i.migration, []string{kind}, config)
	} else {
		_, err = backfill.Run(context.Background(), i.migration, kind, config)
	}
	if i.world.s.Tracing() {
		i.world.s.Note("backfill ends: %v", err)
	}
}

// errStopped ends a backfill that others have kept waiting.
var errStopped = errors.New("stopped")

// maxWaits is how often a backfill waits for others: long enough to take over from one that is dead. Two of which each stalls whenever it has
// taken over would go on for good.
const maxWaits = 12

// patient is hooks under which an operator stops a run that waits on.
func (i *Instance) patient() *hooks.Hooks {
	hooks, waits := *i.hooks, 0
	hooks.Sleep = func(ctx context.Context, d time.Duration) error {
		if waits++; waits > maxWaits {
			return errStopped
		}
		return i.hooks.Sleep(ctx, d)
	}
	return &hooks
}
