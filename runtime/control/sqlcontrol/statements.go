package sqlcontrol

import (
	"strings"
)

// statements are the journal's, in one dialect.
//
// In an upsert of MySQL, an assignment sees what those before it assigned. Every assignment here reads only its own
// column and such as are assigned after it, so that the order never matters.
type statements struct {
	w writer

	begin, beginPlain, beginTail, primaryOf, addKind   string
	end, lost, fail, lookup, incarnation               string
	lockKind, opposed, overlapActive, beginWhole       string
	markTail, markWhole                                string
	kindState, beginCopy                               string
	unclean, counts                                    string
	nextGen, currentXid                                string
	track, trackSince, setSince, untrack, clearTracks  string
	tracks, activity                                   string
	sweepXid, sweepKeep, sweepDrop, sweepList, dropOne string
	keepOne                                            string
	renew, lapsed, lockLapsed, forgetLeases            string
	held, takeAway                                     string
}

// cleared is a row that stands for no entry.
const cleared = `dirty = 0 AND tokens = ''`

const entryColumns = `kind, whole, id, primary_store, dirty, quarantined, attempts, seq, tokens, cause, {now} - touched AS idle_us`

// beginHead inserts tokens into the rows of keys. Its source v has kind, id, p (the wanted primary) and tokens. The key
// adopts the primary of its kind's row w; a token on the kind overlaps.
const beginHead = `INSERT INTO {entry}{alias} (migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
SELECT {m}, v.kind, 0, v.id,
	CASE WHEN w.dirty = 0 AND w.tokens = '' THEN v.p ELSE w.primary_store END,
	CASE WHEN w.tokens = '' THEN 0 ELSE 1 END,
	0, 0, {seq}, {now}, v.tokens, ''
FROM `

const beginTail = ` v JOIN {entry} w ON w.migration = {m} AND w.kind = v.kind AND w.whole = 1 AND w.id = ''
{share}
{on migration, kind, whole, id}
	primary_store = CASE WHEN old.dirty = 0 AND old.tokens = '' THEN new.primary_store ELSE old.primary_store END,
	dirty = CASE WHEN old.tokens <> '' OR new.dirty = 1 THEN 1 ELSE old.dirty END,
	tokens = {append},
	seq = new.seq,
	touched = {now}`

// markTail marks keys; v has kind, id and p.
const markTail = ` v JOIN {entry} w ON w.migration = {m} AND w.kind = v.kind AND w.whole = 1 AND w.id = ''
{share}
{on migration, kind, whole, id}
	primary_store = CASE WHEN old.dirty = 0 AND old.tokens = '' THEN new.primary_store ELSE old.primary_store END,
	dirty = 1,
	attempts = CASE WHEN old.quarantined = 1 THEN 0 ELSE old.attempts END,
	cause = CASE WHEN old.quarantined = 1 THEN '' ELSE old.cause END,
	quarantined = 0,
	seq = new.seq,
	touched = {now}`

const markHead = `INSERT INTO {entry}{alias} (migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
SELECT {m}, v.kind, 0, v.id,
	CASE WHEN w.dirty = 0 AND w.tokens = '' THEN v.p ELSE w.primary_store END,
	1, 0, 0, {seq}, {now}, '', ''
FROM `

func newStatements(w writer) statements {
	const one = `(SELECT {t} AS kind, {t} AS id, {n} AS p, {t} AS tokens)`
	const at = ` WHERE migration = {m} AND kind = ? AND whole = ? AND id = ?`
	return statements{
		w:          w,
		begin:      w.sql(beginHead + one + beginTail + ` RETURNING primary_store`),
		beginPlain: w.sql(beginHead + one + beginTail),
		primaryOf:  w.sql(`SELECT primary_store FROM {entry}` + at),
		addKind: w.sql(`{insertNew} {entry} (migration, kind, whole, id, primary_store, dirty, quarantined, attempts, seq, touched, tokens, cause)
VALUES ({m}, ?, 1, '', 0, 0, 0, 0, 0, 0, '', '') {ignore}`),

		end: w.sql(`UPDATE {entry} SET
	attempts = CASE WHEN {n} = 1 THEN 0 ELSE attempts END,
	cause = CASE WHEN {n} = 1 THEN '' ELSE cause END,
	dirty = CASE WHEN {n} = 1 THEN 1 ELSE dirty END,
	tokens = replace(tokens, ?, ''), seq = {seq}, touched = {now}` + at + ` AND {instr}(tokens, ?) > 0`),
		lost: w.sql(`UPDATE {entry} SET dirty = 1, seq = {seq}, touched = {now}` + at + ` AND NOT (` + cleared + `)`),
		fail: w.sql(`UPDATE {entry} SET
	cause = ?,
	quarantined = CASE WHEN ? > 0 AND attempts + 1 >= ? THEN 1 ELSE 0 END,
	attempts = attempts + 1,
	dirty = 1, tokens = replace(tokens, ?, ''), seq = {seq}, touched = {now}` + at + ` AND {instr}(tokens, ?) > 0`),
		lookup: w.sql(`SELECT ` + entryColumns + ` FROM {entry}
WHERE migration = {m} AND kind = ? AND (whole = ? AND id = ? OR whole = 1 AND id = '') AND NOT (` + cleared + `)
ORDER BY whole LIMIT 1`),
		incarnation: w.sql(`SELECT incarnation FROM {meta} WHERE migration = {m}`),

		lockKind: w.sql(`UPDATE {entry} SET cause = cause WHERE migration = {m} AND kind = ? AND whole = 1 AND id = ''`),
		opposed: w.sql(`SELECT count(*) FROM {entry}
WHERE migration = {m} AND kind = ? AND whole = 0 AND primary_store <> ? AND NOT (` + cleared + `)`),
		overlapActive: w.sql(`UPDATE {entry} SET dirty = 1 WHERE migration = {m} AND kind = ? AND whole = 0 AND tokens <> '' AND dirty = 0`),
	}
}

// values writes a source of n keys, each with the given number of further columns.
func values(n int, first, next string) string {
	var b strings.Builder
	b.WriteString("(SELECT " + first)
	for range n - 1 {
		b.WriteString(" UNION ALL SELECT " + next)
	}
	b.WriteString(")")
	return b.String()
}
