package crash

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
)

// route is the way of the fleet, again and again: forward and back, and back again, over every step of the chain.
var route = []dual.Phase{
	dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary, dual.NewGuarded,
	dual.OldGuarded, dual.OldPrimary, dual.OldGuarded, dual.NewGuarded, dual.NewPrimary, dual.NewOnly, dual.NewPrimary,
	dual.NewGuarded, dual.OldGuarded, dual.OldPrimary, dual.OldOnly,
}

// walker moves the fleet.
type walker struct {
	world *world
	next  int // of route
}

// run walks until ctx ends, with a pause in every phase.
func (w *walker) run(ctx context.Context, pause time.Duration) {
	for ctx.Err() == nil {
		if err := w.step(ctx); err != nil {
			return // ctx has ended
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// step makes the next step of the route as soon as its gates allow, and waits until the fleet follows.
func (w *walker) step(ctx context.Context) error {
	to := route[w.next%len(route)]
	for {
		record, err := w.world.at.Load().control.Load(ctx)
		switch {
		case err != nil:
		case record.Phase == to: // a swap whose answer was lost
			w.next++
			return w.arrive(ctx, time.Now())
		case record.Phase < to:
			_, err = w.world.at.Load().coordinator.Advance(ctx, control.Step{By: "walker", Confirm: true})
		default:
			_, err = w.world.at.Load().coordinator.Back(ctx, control.Step{By: "walker", Confirm: true})
		}
		w.refused(err)
		if err == nil {
			continue // look what the record says
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(40 * time.Millisecond):
		}
	}
}

// refused counts the gates that were not met.
func (w *walker) refused(err error) {
	var refusal *control.Refusal
	if !errors.As(err, &refusal) {
		return
	}
	gates := make([]string, 0, len(refusal.Unmet))
	for _, obstacle := range refusal.Unmet {
		gates = append(gates, fmt.Sprint(obstacle.Gate))
	}
	slices.Sort(gates)
	w.world.tally.refused(slices.Compact(gates))
}

// arrive waits until every live instance has acknowledged the step.
func (w *walker) arrive(ctx context.Context, began time.Time) error {
	for {
		if _, err := control.Settled(ctx, w.world.at.Load().control); err == nil {
			w.world.tally.stepped(time.Since(began))
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
