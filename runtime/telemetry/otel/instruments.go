package otel

import (
	"go.opentelemetry.io/otel/attribute"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
)

func outcome(name string) attribute.KeyValue { return attribute.String("dualgen.outcome", name) }

// instruments are all observable ones. Units are singular, as the conventions have it.
var instruments = []instrument{
	{"dualgen.call.count", "{call}", "Calls that were let in.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Calls })
	}},
	{"dualgen.call.refused", "{call}", "Calls that were refused before any store was touched.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Refused })
	}},
	{"dualgen.mirror.writes", "{call}", "Mirror writes: done, failed, or dropped for want of room.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Mirrored }, outcome("done"))
		p.method(s, func(c dual.Counts) int64 { return c.MirrorFailed }, outcome("failed"))
		p.method(s, func(c dual.Counts) int64 { return c.MirrorDropped }, outcome("dropped"))
	}},
	{"dualgen.write.unjournaled", "{call}", "Writes that ran without the journal: parity is void.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Unjournaled })
	}},
	{"dualgen.write.unknown", "{call}", "Writes that were made, but answered with ErrUnknown.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Unknown })
	}},
	{"dualgen.compare.reads", "{call}", "Reads compared with the other store.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Compared })
	}},
	{"dualgen.compare.mismatches", "{call}", "Confirmed differences between the stores.", true, func(p publisher, s telemetry.Snapshot) {
		p.method(s, func(c dual.Counts) int64 { return c.Mismatched })
	}},
	{"dualgen.journal.failures", "{call}", "Calls of the journal that failed.", true, func(p publisher, s telemetry.Snapshot) {
		p.put(float64(s.Stats.JournalFailed))
	}},
	{"dualgen.call.in_flight", "{call}", "Calls that have not ended.", false, func(p publisher, s telemetry.Snapshot) { p.put(float64(s.Stats.InFlight)) }},

	{"dualgen.phase", "1", "The phase in view: 0 none, 1 OldOnly … 6 NewOnly.", false, func(p publisher, s telemetry.Snapshot) { p.put(float64(s.Status.Phase)) }},
	{"dualgen.ready", "1", "1 if calls are let in.", false, func(p publisher, s telemetry.Snapshot) { p.put(number(s.Ready)) }},
	{"dualgen.record.age", "s", "Since the flag record was last read.", false, func(p publisher, s telemetry.Snapshot) { p.put(s.Status.Age.Seconds()) }},
	{"dualgen.lease.remaining", "s", "What is left of this instance's lease.", false, func(p publisher, s telemetry.Snapshot) {
		if s.Status.Leased {
			p.put(s.Status.Lease.Seconds())
		}
	}},
	{"dualgen.fleet.look.failures", "{look}", "Looks at the fleet that failed.", true, func(p publisher, s telemetry.Snapshot) { p.put(float64(s.Failed)) }},
	{"dualgen.fleet.instances", "{instance}", "Instances: live, of those behind and reconciling; gone without leaving.", false, instances},
	{"dualgen.fleet.lag", "{epoch}", "How many epochs the last live instance is behind.", false, func(p publisher, s telemetry.Snapshot) {
		if s.Fleet != nil {
			p.put(float64(s.Fleet.Lag))
		}
	}},
	{"dualgen.fleet.blocked", "{gate}", "Gates between the fleet and its next phase.", false, func(p publisher, s telemetry.Snapshot) {
		if s.Fleet != nil {
			p.put(float64(s.Fleet.Blocked))
		}
	}},

	{"dualgen.key.unclean", "{key}", "Keys in which the stores may differ.", false, func(p publisher, s telemetry.Snapshot) {
		p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Unclean.Unclean()) })
	}},
	{"dualgen.key.quarantined", "{key}", "Unclean keys that are no longer retried.", false, func(p publisher, s telemetry.Snapshot) {
		p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Unclean.Quarantined) })
	}},
	{"dualgen.backfill.entities", "{entity}", "Entities of the backfill so far: written, the same already, failed.", false, func(p publisher, s telemetry.Snapshot) {
		p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Backfill.Copied - k.Backfill.Same) }, outcome("written"))
		p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Backfill.Same) }, outcome("same"))
		p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Backfill.Failed) }, outcome("failed"))
	}},
	{"dualgen.backfill.complete", "1", "1 if the backfill is complete.", false, func(p publisher, s telemetry.Snapshot) {
		p.kind(s, func(k telemetry.Kind) float64 { return number(k.Backfill.Complete && !k.Backfill.Void) })
	}},
	{"dualgen.verify.entities", "{entity}", "Entities that the latest verify pass has read.", false, func(p publisher, s telemetry.Snapshot) {
		for _, store := range []dual.Store{dual.Old, dual.New} {
			p.kind(s, func(k telemetry.Kind) float64 { return float64(k.Verify.Read[store]) }, attribute.String("dualgen.store", store.String()))
		}
	}},
	{"dualgen.certificate.valid", "1", "1 if the kind's certificate counts.", false, func(p publisher, s telemetry.Snapshot) {
		p.kind(s, func(k telemetry.Kind) float64 { return number(k.Valid) })
	}},
	{"dualgen.certificate.age", "s", "Since the kind's certificate was issued.", false, certificates},
}

func instances(p publisher, s telemetry.Snapshot) {
	if s.Fleet == nil {
		return
	}
	for state, n := range map[string]int{"live": s.Fleet.Live, "behind": s.Fleet.Behind, "gone": s.Fleet.Gone, "reconciling": s.Fleet.Reconcilers} {
		p.put(float64(n), attribute.String("dualgen.state", state))
	}
}

func certificates(p publisher, s telemetry.Snapshot) {
	if s.Fleet == nil {
		return
	}
	for _, k := range s.Fleet.Kinds {
		if k.Certificate != nil {
			p.put(age(k.Certificate.Issued), attribute.String("dualgen.kind", k.Kind))
		}
	}
}
