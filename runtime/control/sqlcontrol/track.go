package sqlcontrol

import (
	"context"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
)

// A sequence in Postgres is the number of the transaction that did something; what Seq hands out is below the number of
// each transaction that is still open. Elsewhere it is a generation that every statement reads under a shared lock (in
// SQLite: alone) and Seq ends: it waits for those that read it before. Either way, whatever is not finished when Seq is
// asked, or begins later, has a greater sequence; and no counter is written by every call. A row's sequence grows with every
// change, also within a generation (which has room for 2^24).
const (
	currentXid = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1`
	endGen     = `UPDATE {meta} SET gen = gen + 1 WHERE migration = {m}`
	readGen    = `SELECT gen * 16777216 - 1 FROM {meta} WHERE migration = {m}`
)

// Seq implements journal.Journal.
func (j *Journal) Seq(ctx context.Context) (seq journal.Seq, err error) {
	if j.w.xid {
		return seq, j.get(ctx, "read the sequence", &seq, currentXid)
	}
	err = j.inTx(ctx, "read the sequence", func(t transaction) error {
		if _, err := t.exec(endGen); err != nil {
			return err
		}
		return t.get(&seq, readGen)
	})
	return seq, err
}

const (
	addTrack   = `{insertNew} {track} (migration, name, since) VALUES ({m}, ?, NULL) {ignore}`
	setSince   = `UPDATE {track} SET since = ? WHERE migration = {m} AND name = ? AND since IS NULL`
	trackSince = `SELECT since FROM {track} WHERE migration = {m} AND name = ?`
	dropTrack  = `DELETE FROM {track} WHERE migration = {m} AND name = ?`
	// dropActivity forgets what was remembered, once nobody tracks.
	dropActivity = `DELETE FROM {activity} WHERE migration = {m} AND NOT EXISTS (SELECT 1 FROM {track} WHERE migration = {m})`
)

// Track implements journal.Journal. The name is committed before the sequence is read: a sweep that does not see the name
// has begun before, and forgets only what the sequence is not below of. See sweep.go.
func (j *Journal) Track(ctx context.Context, name string) (since journal.Seq, err error) {
	name = escape(name)
	if _, err := j.exec(ctx, "track", addTrack, name); err != nil {
		return 0, err
	}
	seq, err := j.Seq(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := j.exec(ctx, "track", setSince, int64(seq), name); err != nil {
		return 0, err
	}
	return since, j.get(ctx, "track", &since, trackSince, name)
}

// Untrack implements journal.Journal.
func (j *Journal) Untrack(ctx context.Context, name string) error {
	return j.inTx(ctx, "untrack", func(t transaction) error {
		if _, err := t.exec(dropTrack, escape(name)); err != nil {
			return err
		}
		_, err := t.exec(dropActivity)
		return err
	})
}

const (
	// activeCalls are of the queue that is not dirty; what is clean in it waits to be swept.
	activeCalls   = `SELECT kind, whole, id FROM {entry}{byQueue} WHERE queue = ? AND (tokens <> '' OR seq > ?) ORDER BY since`
	activeHeld    = `SELECT kind, whole, id FROM {entry}{byQueue} WHERE queue = ? ORDER BY since`
	activeChanged = `SELECT kind, whole, id FROM {entry}{byChange} WHERE queue = ? AND changed > 0 AND changed > ? ORDER BY changed`
	activeSwept   = `SELECT kind, whole, id FROM {activity} WHERE migration = {m} AND kind = ? AND seq > ? ORDER BY seq`
)

// Activity implements journal.Journal. Of the dirty keys without a token it reads those that changed since then. All is read on one
// snapshot, so that a key which a sweep moves from the one table to the other is in the one or the other.
func (j *Journal) Activity(ctx context.Context, kind string, since journal.Seq) ([]journal.Key, error) {
	var rows []row
	err := j.reading(ctx, "list activity", func(t transaction) (err error) {
		rows, err = t.active(escape(kind), int64(since))
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, row.compare)
	rows = slices.Compact(rows)
	keys := make([]journal.Key, len(rows))
	for i, r := range rows {
		var err error
		if keys[i], err = j.keyOf(ctx, r); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

func (t transaction) active(kind string, since int64) (all []row, err error) {
	queues, err := t.queues(kind, cleanQueue, heldQueue, copyQueue, stopQueue)
	if err != nil {
		return nil, err
	}
	for _, q := range queues {
		var some []row
		switch q.state {
		case cleanQueue:
			err = t.query(&some, activeCalls, q.name, since)
		case heldQueue:
			err = t.query(&some, activeHeld, q.name)
		default:
			err = t.query(&some, activeChanged, q.name, since)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	var swept []row
	if err := t.query(&swept, activeSwept, kind, since); err != nil {
		return nil, err
	}
	return append(all, swept...), nil
}
