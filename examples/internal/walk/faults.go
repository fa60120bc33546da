package walk

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// weather is what happens to a store's calls on one entity: of a thousand calls, so many.
type weather struct {
	before, after, panics, slow int
}

// The weather of the mirror's writes is foul. What the primary fails, the caller sees and repeats; there, and in reads,
// it is fair.
var (
	fairWeather = weather{before: 4, after: 4, slow: 10}
	foulWeather = weather{before: 40, after: 20, panics: 3, slow: 20}
)

// slowness is how long a slow call takes.
const slowness = 15 * time.Millisecond

// injector injects failures into both stores while it is on.
type injector struct {
	on     atomic.Bool
	phase  func() dual.Phase
	writes [2][]string
	lies   bool // break the rule that a store does what it acknowledges, in OldGuarded
}

// arm lets the injector strike the stores' calls from now on.
func (i *injector) arm(faults *[2]dualtest.Faults) {
	for position := range faults {
		faults[position].Add(dualtest.Rule{Fault: func(ctx context.Context, call *dualtest.Call) error {
			return i.decide(dual.Store(position))(ctx, call)
		}})
	}
}

// decide chooses what becomes of a call.
func (i *injector) decide(store dual.Store) dualtest.Fault {
	return func(ctx context.Context, call *dualtest.Call) error {
		phase := i.phase()
		mirror := phase.Mirrored() && phase.Primary() != store
		if call.Key == "" || !i.on.Load() {
			return call.Effect(ctx)
		}
		if !mirror || !slices.Contains(i.writes[store], call.Method) {
			return fairWeather.fault()(ctx, call)
		}
		if i.lies && phase == dual.OldGuarded {
			return nil
		}
		return foulWeather.fault()(ctx, call)
	}
}

// fault throws the dice.
func (w weather) fault() dualtest.Fault {
	dice := rand.IntN(1000)
	for _, outcome := range []struct {
		share int
		fault dualtest.Fault
	}{
		{w.before, dualtest.FailBefore(nil)},
		{w.after, dualtest.FailAfter(nil)},
		{w.panics, dualtest.PanicAfter("injected panic")},
		{w.slow, dualtest.Latency(slowness)},
	} {
		if dice -= outcome.share; dice < 0 {
			return outcome.fault
		}
	}
	return dualtest.Latency(0)
}
