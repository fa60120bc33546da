package sqlcontrol

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// A clean row is not deleted by End, because End cannot know whether anybody tracks: a Track that is committed while End
// runs is not in End's snapshot. A sweep deletes it, and moves it to the activity table if it sees a name in the track
// table. A sweep that does not see a name began before that was committed, so before Track read its sequence. What such a
// sweep forgets was finished before: it deletes rows that it listed earlier, and that nothing has changed since, as their
// sequences tell.

// sweepBatch is how many rows one step of a sweep lists and deletes at most: locks are held for moments only.
const sweepBatch = 1000

const (
	listClean = `SELECT kind, whole, id, seq, touched FROM {entry}{byQueue} WHERE queue = ? AND since < ? AND whole <> 1 AND tokens = '' ORDER BY since LIMIT ?`

	// sweepXid is one statement and so has one snapshot: of the rows and of the names. It finds the rows in the order of the
	// list, as endTogether does, and for its reasons. It passes over rows that others have locked: a transaction of the service, whose
	// triggers mark many rows in an order of its own, may wait for the sweep, and the sweep waits for nobody.
	sweepXid = `WITH free AS (
	SELECT e.ctid AS place FROM (
		SELECT {m} AS m, t.* FROM json_to_recordset(CAST(? AS json)) AS t(kind text, whole smallint, id text, seq bigint, touched bigint)
		WHERE t.whole = 0 OFFSET 0
	) v JOIN {entry} e ON e.migration = v.m AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id AND e.dirty = 0 AND e.tokens = ''
		AND e.seq = v.seq AND e.touched = v.touched
	FOR UPDATE OF e SKIP LOCKED
), gone AS (
	DELETE FROM {entry} e USING free WHERE e.ctid = free.place RETURNING e.kind, e.whole, e.id, e.seq
), kept AS (
	INSERT INTO {activity} AS o (migration, kind, whole, id, seq)
	SELECT {m}, kind, whole, id, seq FROM gone WHERE EXISTS (SELECT 1 FROM {track} WHERE migration = {m})
	{on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END
)
SELECT count(*) FROM gone`

	shareGen    = `SELECT gen FROM {meta} WHERE migration = {m} {lock}`
	countTracks = `SELECT count(*) FROM {track} WHERE migration = {m}`

	// MySQL would lock each row that a DELETE looks at. So the rows are deleted by their keys.
	rememberHead  = `INSERT INTO {activity}{alias} (migration, kind, whole, id, seq) VALUES `
	rememberOne   = `({m}, ?, ?, ?, ?)`
	rememberTail  = ` {on migration, kind, whole, id} seq = CASE WHEN new.seq > old.seq THEN new.seq ELSE old.seq END`
	dropCleanHead = `DELETE e FROM (`
	dropCleanOne  = `SELECT ? AS kind, ? AS whole, ? AS id, ? AS seq, ? AS touched`
	dropCleanTail = `) v STRAIGHT_JOIN {entry} e ON e.migration = {m} AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id
WHERE e.dirty = 0 AND e.tokens = '' AND e.seq = v.seq AND e.touched = v.touched`
)

// sweptRow is a row as a sweep listed it.
type sweptRow struct {
	row
	Seq     int64 `db:"seq" json:"seq"`
	Touched int64 `db:"touched" json:"touched"`
}

const sweeping = "sweep clean rows"

// sweep forgets rows that are clean and came so long ago, or moves them to where Activity finds them.
func (j *Journal) sweep(ctx context.Context, age time.Duration) error {
	var queues []queue
	var before int64
	err := j.reading(ctx, sweeping, func(t transaction) (err error) {
		if before, err = t.now(); err == nil {
			queues, err = t.queues("", cleanQueue)
		}
		return err
	})
	for _, q := range queues {
		if err == nil {
			err = j.sweepQueue(ctx, q.name, before-age.Microseconds())
		}
	}
	return err
}

// sweepQueue sweeps what is in one queue for so long, until it finds no more, or nothing that it may delete.
func (j *Journal) sweepQueue(ctx context.Context, name string, before int64) error {
	if j.dialect == SQLite {
		return sweepLite(ctx, j, name, before)
	}
	for {
		var rows []sweptRow
		err := j.reading(ctx, sweeping, func(t transaction) error {
			rows = nil
			return t.query(&rows, listClean, name, before, sweepBatch)
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		slices.SortFunc(rows, func(a, b sweptRow) int { return a.compare(b.row) })
		gone, err := j.sweepRows(ctx, rows)
		if err != nil || gone == 0 || len(rows) < sweepBatch {
			return err
		}
	}
}

// sweepRows sweeps those rows that are as they were listed, and returns how many.
func (j *Journal) sweepRows(ctx context.Context, rows []sweptRow) (gone int64, err error) {
	if j.w.xid {
		list, err := json.Marshal(rows)
		if err != nil {
			return 0, err
		}
		return gone, j.get(ctx, sweeping, &gone, sweepXid, string(list))
	}
	err = j.inTx(ctx, sweeping, func(t transaction) (err error) {
		gone, err = t.sweepRows(rows)
		return err
	})
	return gone, err
}

// sweepRows locks the generation first, so that a Seq which it does not count for waits for it.
func (t transaction) sweepRows(rows []sweptRow) (gone int64, err error) {
	var gen int64
	var tracks int
	if err = t.get(&gen, shareGen); err == nil {
		err = t.get(&tracks, countTracks)
	}
	for part := range slices.Chunk(rows, batch/2) {
		if err == nil && tracks > 0 {
			err = t.remember(part)
		}
		if err != nil {
			return 0, err
		}
		var dropped int64
		dropped, err = t.drop(part)
		gone += dropped
	}
	return gone, err
}

// drop deletes the rows that are as they were listed.
func (t transaction) drop(rows []sweptRow) (gone int64, err error) {
	var args []any
	for _, r := range rows {
		args = append(args, r.Kind, r.Whole, r.ID, r.Seq, r.Touched)
	}
	list := strings.Repeat(dropCleanOne+" UNION ALL ", len(rows)-1) + dropCleanOne
	return t.exec(dropCleanHead+list+dropCleanTail, args...)
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

// In SQLite a step of a sweep is one transaction: it holds the database alone, so that nothing changes between its list and its delete. Whoever
// waits for the database looks again only now and then. So steps are short, and leave time between them; and since a sweep waits its turn among
// all who write, the next step is twice as long while there is more than a step takes: however many they are, it takes more than they add.
const (
	liteBatch = 250
	liteMost  = 8000
	litePause = 10 * time.Millisecond
)

const (
	lockDatabase = `UPDATE {meta} SET gen = gen WHERE migration = {m}`
	cleanLite    = ` FROM {entry}{byQueue} WHERE queue = ? AND since < ? AND whole <> 1 AND tokens = '' ORDER BY since LIMIT ?`
	rememberLite = `INSERT INTO {activity}{alias} (migration, kind, whole, id, seq) SELECT {m}, kind, whole, id, seq FROM (SELECT kind, whole, id, seq` + cleanLite + `) WHERE true` + rememberTail
	dropLite     = `DELETE FROM {entry} WHERE rowid IN (SELECT rowid` + cleanLite + `)`
)

// sweepLite sweeps one queue in steps.
func sweepLite(ctx context.Context, j *Journal, name string, before int64) error {
	for step := liteBatch; ; step = min(2*step, liteMost) {
		var gone int64
		err := j.inTx(ctx, sweeping, func(t transaction) (err error) {
			gone, err = t.sweepLite(name, before, step)
			return err
		})
		if err != nil || gone < int64(step) {
			return err
		}
		select {
		case <-time.After(litePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// sweepLite sweeps at most so many rows of one queue.
func (t transaction) sweepLite(queue string, before int64, step int) (gone int64, err error) {
	if _, err := t.exec(lockDatabase); err != nil {
		return 0, err
	}
	var tracks int
	if err := t.get(&tracks, countTracks); err != nil {
		return 0, err
	}
	if tracks > 0 {
		if _, err := t.exec(rememberLite, queue, before, step); err != nil {
			return 0, err
		}
	}
	return t.exec(dropLite, queue, before, step)
}
