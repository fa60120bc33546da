package proof

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// own is the number of the instance whose task is running: what it renews is its own.
func own(s *explore.Scheduler) int { return max(s.Instance(), 0) }

// Journal is the world's journal as its instances see it: every call is a point.
type Journal struct {
	s     *explore.Scheduler
	inner *journal.Memory
	// faults is what can happen to calls that change something.
	faults explore.Faults
	// idle says that nothing depends on what the coordinator counts.
	idle bool
	// owners checks which phase answers for each key; nil: nobody does.
	owners *owners
}

var (
	_ journal.Journal = (*Journal)(nil)
	_ journal.Claims  = (*Journal)(nil)
)

// traced is the name of a call with its key and, once it happened, its result.
func (j *Journal) name(method string, key journal.Key) string {
	if !j.s.Tracing() {
		return method
	}
	return fmt.Sprintf("journal.%s(%v)", method, key)
}

// Begin implements journal.Journal.
func (j *Journal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	effect, failed := strike(j.s, j.name("Begin", key), journalKey(key, true), j.faults)
	if !effect {
		return journal.Token{}, failed
	}
	j.owners.begun(key, primary)
	token, err := j.inner.Begin(ctx, owner, key, primary)
	if j.s.Tracing() {
		j.s.Note("primary %v (asked %v) %v", token.Primary, primary, err)
	}
	if failed != nil {
		return journal.Token{}, failed
	}
	return token, err
}

// BeginMany implements journal.Journal.
func (j *Journal) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	effect, failed := strike(j.s, j.name("BeginMany", keys[0]), journalKeys(keys, true), j.faults)
	if !effect {
		return nil, failed
	}
	tokens, err := j.inner.BeginMany(ctx, owner, keys, primary)
	if failed != nil {
		return nil, failed
	}
	return tokens, err
}

// End implements journal.Journal.
func (j *Journal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	effect, failed := strike(j.s, j.name("End", key), journalKey(key, true), j.faults)
	if !effect {
		return failed
	}
	err := j.inner.End(ctx, key, token, clean)
	if j.s.Tracing() {
		j.s.Note("clean %v %v", clean, err)
	}
	if failed != nil {
		return failed
	}
	return err
}

// EndMany implements journal.Journal.
func (j *Journal) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	effect, failed := strike(j.s, j.name("EndMany", keys[0]), journalKeys(keys, true), j.faults)
	if !effect {
		return failed
	}
	err := j.inner.EndMany(ctx, keys, tokens, clean)
	if failed != nil {
		return failed
	}
	return err
}

// Handover implements journal.Handover.
func (j *Journal) Handover(ctx context.Context, owner string, kind journal.Token, key journal.Key) (journal.Token, error) {
	effect, failed := strike(j.s, j.name("Handover", key), journalKey(wholeKind, true), j.faults)
	if !effect {
		return journal.Token{}, failed
	}
	token, err := j.inner.Handover(ctx, owner, kind, key)
	if failed != nil {
		return journal.Token{}, failed
	}
	return token, err
}

// Lookup implements journal.Journal.
func (j *Journal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	effect, failed := strike(j.s, j.name("Lookup", key), journalKey(key, false), j.faults&(1<<explore.FailBefore))
	if !effect {
		return journal.Entry{}, false, failed
	}
	entry, ok, err := j.inner.Lookup(ctx, key)
	j.owners.lookedUp(key, !ok && err == nil)
	if j.s.Tracing() {
		j.s.Note("unclean %v, primary %v", ok, entry.Primary)
	}
	return entry, ok, err
}

// MarkDirty implements journal.Journal.
func (j *Journal) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	if len(keys) == 0 {
		return nil
	}
	effect, failed := strike(j.s, j.name("MarkDirty", keys[0]), journalKeys(keys, true), j.faults)
	if !effect {
		return failed
	}
	err := j.inner.MarkDirty(ctx, keys, primary)
	if j.s.Tracing() {
		j.s.Note("%v", keys)
	}
	if failed != nil {
		return failed
	}
	return err
}

// BeginCopy implements journal.Journal.
func (j *Journal) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	effect, failed := strike(j.s, j.name("BeginCopy", key), journalKey(key, true), j.faults)
	if !effect {
		return journal.Token{}, false, failed
	}
	token, ok, err := j.inner.BeginCopy(ctx, owner, key, idle)
	if j.s.Tracing() {
		j.s.Note("%v, primary %v", ok, token.Primary)
	}
	if failed != nil {
		return journal.Token{}, false, failed
	}
	return token, ok, err
}

// BeginCopies implements journal.Claims.
func (j *Journal) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) ([]journal.Token, error) {
	effect, failed := strike(j.s, j.name("BeginCopies", keys[0]), journalKeys(keys, true), j.faults)
	if !effect {
		return nil, failed
	}
	tokens, err := j.inner.BeginCopies(ctx, owner, keys, idle)
	if j.s.Tracing() {
		j.s.Note("%v", tokens)
	}
	if failed != nil {
		return nil, failed
	}
	return tokens, err
}

// Fail implements journal.Journal.
func (j *Journal) Fail(ctx context.Context, key journal.Key, token journal.Token, cause string, quarantineAfter int) error {
	effect, failed := strike(j.s, j.name("Fail", key), journalKey(key, true), j.faults)
	if !effect {
		return failed
	}
	err := j.inner.Fail(ctx, key, token, cause, quarantineAfter)
	if failed != nil {
		return failed
	}
	return err
}

// everything is what a listing reads.
var everything = explore.Footprint{Reads: allJournal}

// unasked reports whether it is the coordinator that counts, for gates that ask nothing of the journal: whatever it finds
// changes nothing, so that its calls are no points.
func (j *Journal) unasked() bool { return j.idle && j.s.Instance() < 0 }

// Unclean implements journal.Journal. It lists by key, so that what it returns does not depend on the order in which
// different keys were written.
func (j *Journal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	if j.unasked() {
		return j.inner.Unclean(ctx, query)
	}
	effect, failed := strike(j.s, "journal.Unclean", everything, j.faults&(1<<explore.FailBefore))
	if !effect {
		return nil, failed
	}
	entries, err := j.inner.Unclean(ctx, query)
	slices.SortFunc(entries, func(a, b journal.Entry) int { return int(indexOf(a.Key)) - int(indexOf(b.Key)) })
	if j.s.Tracing() {
		j.s.Note("%d entries", len(entries))
	}
	return entries, err
}

// Counts implements journal.Journal.
func (j *Journal) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	if j.unasked() {
		return j.inner.Counts(ctx, kind)
	}
	effect, failed := strike(j.s, "journal.Counts", everything, j.faults&(1<<explore.FailBefore))
	if !effect {
		return journal.Counts{}, failed
	}
	counts, err := j.inner.Counts(ctx, kind)
	if j.s.Tracing() {
		j.s.Note("%+v", counts)
	}
	return counts, err
}

// Track implements journal.Journal.
func (j *Journal) Track(ctx context.Context, name string) (journal.Seq, error) {
	effect, failed := strike(j.s, "journal.Track", explore.Footprint{Writes: allJournal}, j.faults)
	if !effect {
		return 0, failed
	}
	seq, err := j.inner.Track(ctx, name)
	if failed != nil {
		return 0, failed
	}
	return seq, err
}

// Untrack implements journal.Journal.
func (j *Journal) Untrack(ctx context.Context, name string) error {
	effect, failed := strike(j.s, "journal.Untrack", explore.Footprint{Writes: allJournal}, j.faults)
	if !effect {
		return failed
	}
	err := j.inner.Untrack(ctx, name)
	if failed != nil {
		return failed
	}
	return err
}

// Seq implements journal.Journal.
func (j *Journal) Seq(ctx context.Context) (journal.Seq, error) {
	effect, failed := strike(j.s, "journal.Seq", everything, j.faults&(1<<explore.FailBefore))
	if !effect {
		return 0, failed
	}
	return j.inner.Seq(ctx)
}

// Activity implements journal.Journal.
func (j *Journal) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	effect, failed := strike(j.s, "journal.Activity", everything, j.faults&(1<<explore.FailBefore))
	if !effect {
		return nil, failed
	}
	keys, err := j.inner.Activity(ctx, kind, since)
	slices.SortFunc(keys, func(a, b journal.Key) int { return int(indexOf(a)) - int(indexOf(b)) })
	if j.s.Tracing() {
		j.s.Note("%v", keys)
	}
	return keys, err
}

// Renew implements journal.Journal.
func (j *Journal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	effect, failed := strike(j.s, "journal.Renew", explore.Footprint{Writes: 1 << (leaseBits + own(j.s))}, j.faults)
	if !effect {
		return failed
	}
	err := j.inner.Renew(ctx, owner, ttl)
	if failed != nil {
		return failed
	}
	return err
}

// Expire implements journal.Journal.
func (j *Journal) Expire(ctx context.Context) (int, error) {
	effect, failed := strike(j.s, "journal.Expire", explore.Footprint{Reads: allLeases, Writes: allJournal}, j.faults&(1<<explore.FailBefore))
	if !effect {
		return 0, failed
	}
	n, err := j.inner.Expire(ctx)
	if n > 0 && j.s.Tracing() {
		j.s.Note("%d keys", n)
	}
	return n, err
}

// Incarnation implements journal.Journal. It never changes in a world, so it is no point.
func (j *Journal) Incarnation(ctx context.Context) (string, error) { return j.inner.Incarnation(ctx) }
