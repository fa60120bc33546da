package sqlcontrol

import (
	"context"
	"slices"
	"strings"
	"time"
)

// A clean row is not deleted by End, because End cannot know whether anybody tracks: a Track that is committed while End
// runs is not in End's snapshot. A sweep deletes it, and moves it to the activity table if it sees a name in the track
// table. A sweep that does not see a name began before that was committed, so before Track read its sequence. What such a
// sweep forgets was finished before, and so has no greater sequence than Track returns.

// sweepBatch is how many rows a transaction of a sweep deletes at most, where the dialect has a limit.
const sweepBatch = 1000

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
	sweepable    = `FROM {entry} WHERE migration = {m} AND whole = 0 AND ` + cleanRow + ` AND touched < ?`

	// In SQLite the transaction holds the whole database, so that both statements find the same rows.
	rememberLite = `INSERT INTO {activity}{alias} (migration, kind, whole, id, seq)
SELECT {m}, kind, whole, id, seq FROM {entry} WHERE rowid IN (SELECT rowid ` + sweepable + ` LIMIT ?)
{on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END`
	dropLite = `DELETE FROM {entry} WHERE rowid IN (SELECT rowid ` + sweepable + ` LIMIT ?)`

	// MySQL would lock each row that a DELETE looks at. So the rows are read without a lock, and deleted by their keys unless they
	// changed meanwhile.
	listClean     = `SELECT kind, whole, id, seq, touched ` + sweepable + ` LIMIT ?`
	rememberHead  = `INSERT INTO {activity}{alias} (migration, kind, whole, id, seq) VALUES `
	rememberOne   = `({m}, ?, ?, ?, ?)`
	rememberTail  = ` {on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END`
	dropCleanHead = `DELETE e FROM (`
	dropCleanOne  = `SELECT ? AS kind, ? AS whole, ? AS id, ? AS seq, ? AS touched`
	dropCleanTail = `) v STRAIGHT_JOIN {entry} e ON e.migration = {m} AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id
WHERE e.dirty = 0 AND e.tokens = '' AND e.seq = v.seq AND e.touched = v.touched`
)

// sweep forgets rows that have been clean for so long, or moves them to where Activity finds them.
func (j *Journal) sweep(ctx context.Context, age time.Duration) error {
	const what = "sweep clean rows"
	if j.w.xid {
		_, err := j.exec(ctx, what, sweepXid, age.Microseconds())
		return err
	}
	for {
		var found int
		err := j.inTx(ctx, what, func(t transaction) (err error) {
			found, err = t.sweep(age)
			return err
		})
		if err != nil || found < sweepBatch {
			return err
		}
	}
}

// sweep does for some rows what sweepXid does for all, and returns how many it found. The generation is locked first, so
// that a Seq which it does not count for waits for it.
func (t transaction) sweep(age time.Duration) (int, error) {
	var gen, now int64
	var tracks int
	if t.b.dialect == SQLite {
		if _, err := t.exec(lockDatabase); err != nil {
			return 0, err
		}
	} else if err := t.get(&gen, shareGen); err != nil {
		return 0, err
	}
	if err := t.get(&tracks, countTracks); err != nil {
		return 0, err
	}
	if err := t.get(&now, `SELECT {now}`); err != nil {
		return 0, err
	}
	before := now - age.Microseconds()
	if t.b.dialect == SQLite {
		return t.sweepLite(before, tracks > 0)
	}
	return t.sweepRows(before, tracks > 0)
}

func (t transaction) sweepLite(before int64, remembers bool) (int, error) {
	if remembers {
		if _, err := t.exec(rememberLite, before, sweepBatch); err != nil {
			return 0, err
		}
	}
	dropped, err := t.exec(dropLite, before, sweepBatch)
	return int(dropped), err
}

// sweptRow is a row as a sweep found it.
type sweptRow struct {
	row
	Seq     int64 `db:"seq"`
	Touched int64 `db:"touched"`
}

func (t transaction) sweepRows(before int64, remembers bool) (int, error) {
	var rows []sweptRow
	if err := t.query(&rows, listClean, before, sweepBatch); err != nil {
		return 0, err
	}
	slices.SortFunc(rows, func(a, b sweptRow) int { return a.compare(b.row) })
	for part := range slices.Chunk(rows, batch/2) {
		if remembers {
			if err := t.remember(part); err != nil {
				return 0, err
			}
		}
		var args []any
		for _, r := range part {
			args = append(args, r.Kind, r.Whole, r.ID, r.Seq, r.Touched)
		}
		drop := dropCleanHead + strings.Repeat(dropCleanOne+" UNION ALL ", len(part)-1) + dropCleanOne + dropCleanTail
		if _, err := t.exec(drop, args...); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}

// remember moves rows to where Activity finds them. One that changed meanwhile, and stays, is found there too.
func (t transaction) remember(rows []sweptRow) error {
	var args []any
	for _, r := range rows {
		args = append(args, r.Kind, r.Whole, r.ID, r.Seq)
	}
	_, err := t.exec(rememberHead+strings.Repeat(rememberOne+", ", len(rows)-1)+rememberOne+rememberTail, args...)
	return err
}
