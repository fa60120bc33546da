package control

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Doubt says why the certificate of a kind does not count for a step to the other store, or nothing. The gates ask the same
// question, and so do verify and the command: there is one rule.
func (c *Coordinator) Doubt(ctx context.Context, kind string) (string, error) {
	v, err := c.look(ctx)
	if err != nil {
		return "", err
	}
	return v.doubt(kind, true), nil
}

// proved: every kind has a certificate that counts.
func proved(v *view, from, to phase.Phase, step Step) []Obstacle {
	away := v.record.away(from, to)
	var unmet []Obstacle
	for _, kind := range v.asked(step) {
		if !away && v.unproved(kind) {
			continue
		}
		if problem := v.doubt(kind, away); problem != "" {
			unmet = append(unmet, v.unprovedKind(kind, problem))
		}
	}
	return unmet
}

// unprovedKind is the obstacle of a kind without proof. A whole kind that is unclean needs a pass with repair.
func (v *view) unprovedKind(kind, problem string) Obstacle {
	o := Obstacle{Gate: GateParity, Kind: kind, Problem: kind + " " + problem, Remedy: "run a verify pass"}
	if v.whole[kind] {
		o.Keys, o.Remedy = []journal.Key{{Kind: kind, Whole: true}}, "run a verify pass with repair: the whole kind is unclean"
	}
	return o
}

// unproved reports whether the calls of a kind have been refused since reads moved to the other store, which nobody had proved for it:
// the store that the fleet goes back to is the one that the kind has.
func (v *view) unproved(kind string) bool { return len(v.record.Unproved([]string{kind})) > 0 }

// doubt says why a kind's certificate does not count, or nothing. away says that the step leads away from the store that the
// fleet came from. The way back to it must not fail for a certificate's age: there the proof is that all writes were mirrored
// and journaled since.
func (v *view) doubt(kind string, away bool) string {
	r := v.record
	certificate, ok := r.Certificates[kind]
	age := v.now.Sub(certificate.Issued)
	switch {
	case !ok:
		return "was not verified"
	case certificate.Epoch != r.MirroredSince:
		return "was verified before the fleet last entered the mirrored phases"
	case certificate.Voids != r.Voids:
		return "was verified before a write ran without the journal"
	case v.journalErr == nil && certificate.Incarnation != v.incarnation:
		return "was verified before the journal lost its memory"
	case certificate.Differed != 0:
		return fmt.Sprintf("was verified with %d differences", certificate.Differed)
	case certificate.Refuted != "":
		return fmt.Sprintf("was verified, and then %s read a key that differs: something may write past the wrapper", certificate.Refuted)
	case certificate.Recounted < r.Settings.LeastRecount():
		return fmt.Sprintf("was verified while so much was written that %.0f %% of it could be counted again, and %.0f %% is the least (verify when less is written, freeze writes meanwhile, or set --recount)",
			100*certificate.Recounted, 100*r.Settings.LeastRecount())
	case away && age > r.Settings.MaxAge():
		return fmt.Sprintf("was verified %v ago, and a certificate counts for %v", age.Round(time.Second), r.Settings.MaxAge())
	}
	return v.outdated(kind, certificate)
}

// outdated says that the program or a store has changed since a certificate was issued, or nothing.
func (v *view) outdated(kind string, certificate Certificate) string {
	switch id, how := otherBuild(kind, certificate.Shape, v.instances); {
	case v.anyShape:
	case how != "":
		return fmt.Sprintf("was verified by another build than instance %s has: %s", id, how)
	default:
		if came := v.record.joined(kind, certificate); came != "" {
			return came
		}
	}
	return v.reshaped(certificate)
}
