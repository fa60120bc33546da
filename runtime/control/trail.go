package control

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/limits"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Change is one entry of a record's trail: a change of what the fleet should do, or something that an operator did to it.
type Change struct {
	Revision uint64    `json:"revision"` // of the record that the change made
	At       time.Time `json:"at"`
	By       string    `json:"by,omitempty"`  // who made it, for people
	What     string    `json:"what"`          // such as "OldOnly to OldPrimary"
	Why      string    `json:"why,omitempty"` // in the operator's words
}

// Trailed is how many changes a record keeps, the newest ones.
const Trailed = 200

// Note adds to the trail what an operator did that is no change of the record, such as an eviction.
func Note(ctx context.Context, control Control, by, what, why string) error {
	_, err := Update(ctx, control, func(r *Record) error {
		if r.Revision == 0 {
			return errNothing // a note makes no record
		}
		r.By, r.Why = by, why
		r.note(what)
		return nil
	})
	if err != nil && !errors.Is(err, errNothing) {
		return fmt.Errorf("note %q in the trail: %w", what, err)
	}
	return nil
}

// voided is what instances do by themselves, each for itself.
const voided = "voided the certificates"

// note adds a change under the revision that the record gets when it is stored. An outage in which every instance voids the certificates
// leaves one entry, so that what people did stays in the trail.
func (r *Record) note(what string) {
	if last := len(r.Trail) - 1; last >= 0 && what == voided && r.Trail[last].What == voided {
		r.Trail = r.Trail[:last]
	}
	r.Trail = append(r.Trail, Change{Revision: r.Revision + 1, At: time.Now().UTC(), By: r.By, What: what, Why: r.Why})
	r.Trail = r.Trail[max(0, len(r.Trail)-Trailed):]
}

// audited is next with what sets it apart from r in its trail. Every change of the record passes through it, so that none is made
// that the trail does not show; progress of copies is left out. A reason that is too long is refused, and not cut.
func (r Record) audited(next Record) (Record, error) {
	if err := limits.Reason(next.Why); err != nil && next.Why != r.Why {
		return next, fmt.Errorf("dualgen: %w", err)
	}
	if what := r.changes(next); len(what) > 0 {
		next.note(strings.Join(what, ", "))
	}
	return next, nil
}

// changes says for people what next does otherwise than r.
func (r Record) changes(next Record) []string {
	var what []string
	if r.Phase != next.Phase {
		what = append(what, fmt.Sprintf("%v to %v", r.Phase, next.Phase))
	}
	what = append(what, settingChanges(r.Settings, next.Settings)...)
	if r.Stores != next.Stores && next.Stores != [2]string{} {
		what = append(what, fmt.Sprintf("pinned the stores: old %s, new %s", next.Stores[0], next.Stores[1]))
	}
	if added := without(next.Abandoned, r.Abandoned); len(added) > 0 {
		what = append(what, "gave up "+strings.Join(added, ", "))
	}
	if added := without(next.Forgotten, r.Forgotten); len(added) > 0 {
		what = append(what, "forgot "+strings.Join(added, ", "))
	}
	if r.Phase == next.Phase && r.Crossed && !next.Crossed {
		what = append(what, fmt.Sprintf("declared the %v store right after the journal was lost", next.Phase.Primary()))
	}
	if next.Voids > r.Voids {
		what = append(what, voided)
	}
	for _, kind := range slices.Sorted(maps.Keys(next.Builds)) {
		if was, is := r.Builds[kind], next.Builds[kind]; was.Turn != is.Turn {
			what = append(what, fmt.Sprintf("came with another build of %s: %s", kind, differ(was.Shape, is.Shape)))
		}
	}
	return append(append(what, certificateChanges(r, next)...), backfillChanges(r.Backfills, next.Backfills)...)
}

func settingChanges(before, after phase.Settings) []string {
	var what []string
	change := func(name string, from, to any) {
		if from != to {
			what = append(what, fmt.Sprintf("%s %v to %v", name, from, to))
		}
	}
	change("mirror", before.Mirror, after.Mirror)
	change("compare", before.Compare, after.Compare)
	change("compare-self", before.CompareSelf, after.CompareSelf)
	change("freeze", before.Freeze, after.Freeze)
	change("fallback", before.Fallback, after.Fallback)
	change("canary", before.Canary, after.Canary)
	change("canary-errors", before.MaxCanaryErrors(), after.MaxCanaryErrors())
	change("canary-p99", before.MaxCanaryP99(), after.MaxCanaryP99())
	change("cutoff", orNone(before.Cutoff), orNone(after.Cutoff))
	change("lead", before.Ahead(), after.Ahead())
	change("certificate-age", before.MaxAge(), after.MaxAge())
	change("recount", before.LeastRecount(), after.LeastRecount())
	change("backfill-rate", before.BackfillRate, after.BackfillRate)
	switch {
	case after.Paused && !before.Paused:
		what = append(what, "paused copies")
	case before.Paused && !after.Paused:
		what = append(what, "resumed copies")
	}
	return what
}

func certificateChanges(before, after Record) []string {
	var what []string
	for _, kind := range slices.Sorted(maps.Keys(after.Certificates)) {
		was, is := before.Certificates[kind], after.Certificates[kind]
		switch {
		case was == is:
		case is.Refuted != "" && was.Refuted == "":
			what = append(what, "refuted the certificate of "+kind)
		case is.Differed > 0:
			what = append(what, fmt.Sprintf("found differences in %s: %d compared, %d differed", kind, is.Compared, is.Differed))
		case is.Mixed != "" || is.Recounted < after.Settings.LeastRecount(): // the pass has told why
			what = append(what, fmt.Sprintf("compared %s, and issued no certificate that counts: %d compared, %d differed", kind, is.Compared, is.Differed))
		default:
			what = append(what, fmt.Sprintf("certified %s: %d compared, %d differed", kind, is.Compared, is.Differed))
		}
	}
	return what
}

func backfillChanges(before, after map[string]Backfill) []string {
	var what []string
	for _, kind := range slices.Sorted(maps.Keys(after)) {
		was, is := before[kind], after[kind]
		switch {
		case is.Fence > was.Fence:
			what = append(what, fmt.Sprintf("began the backfill of %s from %v%s%s", kind, is.From, since(is.Since), divided(is)))
		case is.Complete && !was.Complete:
			what = append(what, fmt.Sprintf("completed the backfill of %s: %d copied", kind, is.Copied))
		case len(is.Ranges) > 0: // who takes and leaves a range is progress
		case was.Holder != "" && is.Holder == "":
			what = append(what, fmt.Sprintf("stopped the backfill of %s: %d copied", kind, is.Copied))
		}
	}
	return what
}

// divided says in how many ranges a kind is copied where it is not whole.
func divided(b Backfill) string {
	if len(b.Ranges) == 0 {
		return ""
	}
	return fmt.Sprintf(", in ranges: %d", len(b.Ranges))
}

// since says which part of a kind a backfill copies where it is not all.
func since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return ", of what was stored since " + t.UTC().Format(time.RFC3339)
}

// without are the names of all that are not among the others.
func without(all, others []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return slices.Contains(others, name) })
}
