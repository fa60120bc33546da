package outlook

import (
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Describe says how far a backfill is.
func Describe(p backfill.Progress) string {
	switch {
	case p.Void:
		return "void: of an earlier stretch"
	case p.Complete:
		return "complete" + Since(p.Since) + ", " + Counted(p)
	case p.Holder != "":
		return fmt.Sprintf("%s, sign of life %s ago", Counted(p), Ago(p.Saved))
	case p.Started.IsZero():
		return "not begun"
	}
	return Counted(p) + ", stopped"
}

// Since says which part of a kind was copied where it is not all.
func Since(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " of what was stored since " + t.UTC().Format(time.RFC3339)
}

// Counted says what became of all entities that were listed: each is copied, or could not be written; of those that were copied some
// were there before, and what is listed once more is counted apart.
func Counted(p backfill.Progress) string {
	text := fmt.Sprintf("%d copied", p.Copied)
	if p.Same > 0 {
		text += fmt.Sprintf(" (%d were there before)", p.Same)
	}
	if p.Failed > 0 {
		text += fmt.Sprintf(", %d could not be written", p.Failed)
	}
	if p.Repeated > 0 {
		text += fmt.Sprintf(", %d listed again", p.Repeated)
	}
	if p.Ranges > 0 {
		text += fmt.Sprintf(", %d of %d ranges done", p.Done, p.Ranges)
	}
	return text
}

// CertificateText says what proves that the stores agree on the kind, or why nothing does.
func (k Kind) CertificateText() string {
	switch {
	case k.Abandoned:
		return "given up: what the other store alone holds of it may be lost"
	case k.Unlisted:
		return "cannot be listed: copied as it is read, while reads fall back"
	case k.Loose:
		return "cannot be copied and listed"
	}
	if k.Certificate == nil {
		return k.Reason
	}
	text := fmt.Sprintf("%d compared %s ago", k.Certificate.Compared, Ago(k.Certificate.Issued))
	if !k.Valid {
		return text + ", not valid: " + Line(k.Reason)
	}
	return text + ", valid"
}

// UncleanText says how many keys of the kind are unclean, and whether all of the kind is.
func (k Kind) UncleanText() string {
	keys := k.Unclean
	switch {
	case !k.Whole:
		return keys.Text(keys.Unclean())
	case keys.Unclean() <= 1 && !keys.More:
		return "the whole kind"
	}
	keys.Primary = [2]int{keys.Unclean() - 1, 0} // the kind's own entry is no key
	return keys.Text(keys.Unclean()) + ", and the whole kind"
}

// EntryState says what becomes of an unclean key next.
func EntryState(e journal.Entry) string {
	switch {
	case e.Quarantined:
		return "quarantined"
	case e.Active > 0 && e.Dirty:
		return "in use, then a copy"
	case e.Active > 0:
		return "in use"
	case e.Key.Whole:
		return "waits for verify --repair"
	}
	return "waits for a copy"
}

// short is how many characters of a reason a status shows.
const short = 80

// Short is the beginning of a text that is longer than a status has place for.
func Short(text string) string {
	if characters := []rune(text); len(characters) > short {
		return string(characters[:short-1]) + "…"
	}
	return text
}

// Ago is how long ago a moment was, to the second.
func Ago(t time.Time) string { return time.Since(t).Round(time.Second).String() }
