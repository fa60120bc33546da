package sqlcontrol

import (
	"context"
	"time"
)

// A clean row is not deleted by End, because End cannot know whether anybody tracks: a Track that is committed while End
// runs is not in End's snapshot. A sweep deletes it, and moves it to the activity table if it sees a name in the track
// table. A sweep that does not see a name began before that was committed, so before Track read its sequence. What such a
// sweep forgets was finished before, and so has no greater sequence than Track returns.

const (
	// sweepXid is one statement and so has one snapshot: of the rows, of the names, and of what is still open.
	sweepXid = `WITH gone AS (
	DELETE FROM {entry} WHERE migration = {m} AND whole = 0 AND ` + cleanRow + ` AND touched < {now} - ?
		AND seq < (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
	RETURNING kind, whole, id, seq
)
INSERT INTO {activity} AS o (migration, kind, whole, id, seq)
SELECT {m}, kind, whole, id, seq FROM gone WHERE EXISTS (SELECT 1 FROM {track} WHERE migration = {m})
{on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END`

	lockDatabase = `UPDATE {meta} SET gen = gen WHERE migration = {m}`
	shareGen     = `SELECT gen FROM {meta} WHERE migration = {m} {lock}`
	countTracks  = `SELECT count(*) FROM {track} WHERE migration = {m}`
	listClean    = `SELECT kind, whole, id, seq, touched FROM {entry}
WHERE migration = {m} AND whole = 0 AND ` + cleanRow + ` AND touched < {now} - ? LIMIT 1000`
	remember = `INSERT INTO {activity}{alias} (migration, kind, whole, id, seq) VALUES ({m}, ?, ?, ?, ?)
{on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END`
	dropClean = `DELETE FROM {entry} WHERE ` + atKey + ` AND ` + cleanRow + ` AND seq = ? AND touched = ?`
)

// untidy reports whether it is time to tidy, and starts the next interval.
func (j *Journal) untidy() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if time.Since(j.tidied) < j.options.Sweep {
		return false
	}
	j.tidied = time.Now()
	return true
}

// tidy sweeps clean rows, and takes away the strays of this process.
func (j *Journal) tidy(ctx context.Context) error {
	err := j.inTx(ctx, "take strays away", func(t transaction) error {
		_, err := t.takeAway(j.strayToken)
		return err
	})
	if err != nil {
		return err
	}
	return j.sweep(ctx, j.options.Sweep)
}

// sweep forgets rows that have been clean for so long, or moves them to where Activity finds them.
func (j *Journal) sweep(ctx context.Context, age time.Duration) error {
	const what = "sweep clean rows"
	if j.w.xid {
		_, err := j.exec(ctx, what, sweepXid, age.Microseconds())
		return err
	}
	return j.inTx(ctx, what, func(t transaction) error { return t.sweep(age) })
}

// sweep does what sweepXid does, row by row. The generation is locked first, so that a Seq which it does not count for
// waits for it.
func (t transaction) sweep(age time.Duration) error {
	var gen int64
	if t.b.dialect == SQLite {
		if _, err := t.exec(lockDatabase); err != nil {
			return err
		}
	} else if err := t.get(&gen, shareGen); err != nil {
		return err
	}
	var tracks int
	if err := t.get(&tracks, countTracks); err != nil {
		return err
	}
	var rows []struct {
		row
		Seq     int64 `db:"seq"`
		Touched int64 `db:"touched"`
	}
	if err := t.query(&rows, listClean, age.Microseconds()); err != nil {
		return err
	}
	for _, r := range rows {
		if tracks > 0 {
			if _, err := t.exec(remember, r.Kind, r.Whole, r.ID, r.Seq); err != nil {
				return err
			}
		}
		if _, err := t.exec(dropClean, r.Kind, r.Whole, r.ID, r.Seq, r.Touched); err != nil {
			return err
		}
	}
	return nil
}
