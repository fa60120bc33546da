package control

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Timed rollover: in OldOnly, a cutoff in the settings gives the keys whose own time is before it to old, and the others to
// new. That no key is ever served by two stores rests on two rules.
//
// An instance serves only keys whose time is at most one lead ahead of the moment at which it last began to read the record
// (its reach). And the coordinator changes the cutoff only where every key that changes its store is further ahead than
// that: the present and the next cutoff are both later than now, one lead and Skew. So an instance that has not seen the
// change cannot serve one of the keys it concerns, however late it sees it, whether its lease runs or not; what it began
// before cannot concern them either. And nothing was ever written under those keys, so that nothing need be copied.
//
// Nearer keys change their store only while all calls are frozen, and every instance has acknowledged that: no call is in
// flight, and who does not see the change goes on refusing. What changes its store is copied by hand meanwhile.

// Skew is how far apart the clocks of the fleet and of the coordinator may be, and how long a swap of the record may take,
// both together, where cutoffs are concerned. A swap is given half of it.
const Skew = time.Minute

// Cutoff changes the cutoff of timed rollover; the zero time removes it. It returns a *Refusal that lists every gate that
// is not met, or ErrConflict if somebody else changed the record meanwhile.
//
// A cutoff that gives keys to new needs Step.Confirm: old must hold none of them. The wrappers have not let any in since
// they tell the times of their keys; what was there before them, or beside them, only people know. While all calls are
// frozen (phase.FreezeAll), any cutoff may be made, and Step.Confirm says that what changes its store was copied.
func (c *Coordinator) Cutoff(ctx context.Context, cutoff time.Time, step Step) (Record, error) {
	v, err := c.look(ctx)
	if err != nil {
		return Record{}, err
	}
	if !cutoff.IsZero() {
		cutoff = cutoff.Round(0).UTC()
	}
	next := v.record.Clone()
	if next.Revision > 0 && next.Settings.Cutoff.Equal(cutoff) {
		return next, nil
	}
	next.Settings.Cutoff = cutoff
	step.sign(&next)
	next.Epoch++
	if unmet := v.cutoff(next.Settings, step); len(unmet) > 0 && !c.off.NoGate {
		return v.record, &Refusal{From: v.record.Phase, To: v.record.Phase, Cutoff: true, Unmet: unmet}
	}
	ctx, cancel := context.WithTimeout(ctx, Skew/2)
	defer cancel()
	return c.swap(ctx, v.record, next)
}

// Lead changes how far ahead of the clock a key's time may be; 0 is phase.DefaultLead. A shorter one lets a cutoff be set
// sooner, once the keys that were in reach of the longer one have come.
func (c *Coordinator) Lead(ctx context.Context, lead time.Duration, step Step) (Record, error) {
	ctx, cancel := context.WithTimeout(ctx, Skew/2)
	defer cancel()
	return Update(ctx, c.control, func(r *Record) error {
		if r.Revision == 0 {
			return &Refusal{Unmet: []Obstacle{noRecord()}}
		}
		settings := r.Settings
		settings.Lead = lead
		if err := settings.Validate(r.Phase); err != nil {
			return fmt.Errorf("dualgen: %w", err)
		}
		if served := c.now().Add(r.Settings.Ahead() + Skew); settings.Ahead() < r.Settings.Ahead() && served.After(r.Served) {
			r.Served = served.Round(0).UTC()
		}
		r.Settings = settings
		step.sign(r)
		r.Epoch++
		return nil
	})
}

// Forward is the phase that Advance goes to: the next one, but NewOnly from OldOnly with a cutoff.
func (r Record) Forward() phase.Phase {
	if r.Phase == phase.OldOnly && !r.Settings.Cutoff.IsZero() {
		return phase.NewOnly
	}
	return r.Phase + 1
}

// cutoff lists what keeps the settings' cutoff from becoming the fleet's.
func (v *view) cutoff(next phase.Settings, step Step) []Obstacle {
	r := v.record
	if r.Revision == 0 {
		return []Obstacle{noRecord()}
	}
	var unmet []Obstacle
	if r.Phase != phase.OldOnly {
		unmet = append(unmet, Obstacle{Gate: GateSettings, Problem: fmt.Sprintf("the fleet is in %v, and a cutoff divides the keys in OldOnly", r.Phase),
			Remedy: "go back to OldOnly, or go on without a cutoff: the other phases move all keys"})
	}
	unmet = append(unmet, fleet(v, r.Phase, r.Phase, step)...)
	unmet = append(unmet, timed(v, r.Phase, r.Phase, step)...)
	if r.Settings.Freeze != phase.FreezeAll {
		return append(unmet, v.near(next, step)...)
	}
	if !step.Confirm {
		unmet = append(unmet, Obstacle{Gate: GateConfirm,
			Problem: "what changes its store and is not copied will not be found",
			Remedy:  fmt.Sprintf("copy what lies between the present cutoff (%s) and the next one (%s), then confirm", orNone(r.Settings.Cutoff), orNone(next.Cutoff))})
	}
	return unmet
}

// near lists the cutoffs that calls may be near, where calls are not frozen.
func (v *view) near(next phase.Settings, step Step) []Obstacle {
	r := v.record
	var unmet []Obstacle
	if present := r.Settings.Cutoff; !present.IsZero() && !present.After(v.free()) {
		unmet = append(unmet, Obstacle{Gate: GateCutoff,
			Problem: fmt.Sprintf("keys from the present cutoff on, %s, may be in the new store already: moved now, it would hide them", stamp(present)),
			Remedy:  "keep it; or freeze all calls, copy what changes its store, and try again"})
	}
	if !next.Cutoff.IsZero() && !next.Cutoff.After(v.free()) {
		unmet = append(unmet, Obstacle{Gate: GateCutoff,
			Problem: fmt.Sprintf("keys from %s on may be in the old store already", stamp(next.Cutoff)),
			Remedy:  fmt.Sprintf("take a cutoff after %s, which is one lead (%v) and %v from now, or after what a longer lead let in", stamp(v.free()), r.Settings.Ahead(), Skew)})
	}
	gives := !next.Cutoff.IsZero() && (r.Settings.Cutoff.IsZero() || next.Cutoff.Before(r.Settings.Cutoff))
	if gives && !step.Confirm {
		unmet = append(unmet, Obstacle{Gate: GateConfirm,
			Problem: fmt.Sprintf("what the old store holds of %s or later, written before the wrappers told times or past them, will not be found", stamp(next.Cutoff)),
			Remedy:  "see that it holds nothing of that time, then confirm"})
	}
	return unmet
}

// free is the time after which no key can have been served.
func (v *view) free() time.Time {
	free := v.now.Add(v.record.Settings.Ahead() + Skew)
	if free.Before(v.record.Served) {
		return v.record.Served
	}
	return free
}

// timed: every instance that may run calls tells the time of its keys.
func timed(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	var unmet []Obstacle
	for _, i := range v.instances {
		if !i.Timed && (i.Live || i.KeepsLast) {
			unmet = append(unmet, Obstacle{Gate: GateTimed, Instance: i.ID,
				Problem: fmt.Sprintf("instance %s has methods that cannot tell the time of their keys", i.ID),
				Remedy:  "write //dualgen:rollover above each interface of the migration, and deploy what it generates everywhere"})
		}
	}
	return unmet
}

// cutoffPassed: no key belongs to old any more that is yet to come.
func cutoffPassed(v *view, _, _ phase.Phase, _ Step) []Obstacle {
	over := v.record.Settings.Cutoff.Add(Skew)
	if v.now.After(over) {
		return nil
	}
	return []Obstacle{{Gate: GateCutoff,
		Problem: fmt.Sprintf("the cutoff, %s, has not passed by %v", stamp(v.record.Settings.Cutoff), Skew),
		Remedy:  "wait for it; or remove it, to go on to OldPrimary and move all keys"}}
}

// nothingOlder: an operator knows that the old store's keys are not asked for any more.
func nothingOlder(v *view, _, _ phase.Phase, step Step) []Obstacle {
	if step.Confirm {
		return nil
	}
	return []Obstacle{{Gate: GateConfirm,
		Problem: fmt.Sprintf("what is older than the cutoff, %s, stays in the old store and will not be found", stamp(v.record.Settings.Cutoff)),
		Remedy:  "confirm that nothing older is left, or asked for"}}
}

// orNone is stamp, for a cutoff that may be none.
func orNone(t time.Time) string {
	if t.IsZero() {
		return "none"
	}
	return stamp(t)
}

// stamp writes a time for people.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
