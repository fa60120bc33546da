package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// entryColumns are what entryRow holds.
const entryColumns = `kind, whole, id, primary_store, dirty, quarantined, attempts, seq, tokens, cause, {now} - touched AS settled_us`

// entryRow is an entry as the table holds it.
type entryRow struct {
	row
	Primary     phase.Store `db:"primary_store"`
	Dirty       bool        `db:"dirty"`
	Quarantined bool        `db:"quarantined"`
	Attempts    int         `db:"attempts"`
	Seq         uint64      `db:"seq"`
	Tokens      string      `db:"tokens"`
	Cause       string      `db:"cause"`
	Settled     int64       `db:"settled_us"`
}

// entryOf decodes a row.
func (j *Journal) entryOf(ctx context.Context, e entryRow) (journal.Entry, error) {
	key, err := j.keyOf(ctx, e.row)
	if err != nil {
		return journal.Entry{}, err
	}
	cause, err := unescape(e.Cause)
	entry := journal.Entry{
		Key: key, Primary: e.Primary, Active: len(e.Tokens) / tokenLength, Dirty: e.Dirty, Seq: journal.Seq(e.Seq),
		Attempts: e.Attempts, Quarantined: e.Quarantined, Cause: cause,
	}
	if entry.Dirty {
		entry.Settled = max(0, time.Duration(e.Settled)*time.Microsecond)
	}
	if entry.Active == 0 {
		entry.Idle = entry.Settled
	}
	return entry, err
}

// lookupKey finds a key's entry, else its kind's. Were the two one condition, Postgres would read all keys of the kind to
// find them while it has not counted them: every guarded read, with a table that grows while the mirror is down.
const lookupKey = `SELECT ` + entryColumns + ` FROM {entry} WHERE ` + atKey + ` AND ` + uncleanRow + `
UNION ALL SELECT ` + entryColumns + ` FROM {entry} WHERE migration = {m} AND kind = ? AND whole = 1 AND id = '' AND ` + uncleanRow + `
ORDER BY whole LIMIT 1`

// Lookup implements journal.Journal.
func (j *Journal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return journal.Entry{}, false, err
	}
	var found entryRow
	err = j.get(ctx, "look a key up", &found, lookupKey, r.Kind, r.Whole, r.ID, r.Kind)
	if errors.Is(err, sql.ErrNoRows) {
		return journal.Entry{}, false, nil
	}
	if err != nil {
		return journal.Entry{}, false, err
	}
	entry, err := j.entryOf(ctx, found)
	return entry, err == nil, err
}

func lookup(t transaction, r row) (found entryRow, err error) {
	return found, t.get(&found, lookupKey, r.Kind, r.Whole, r.ID, r.Kind)
}

// defaultLimit bounds a listing whose query names no limit.
const defaultLimit = 1000

// Unclean implements journal.Journal.
func (j *Journal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	statement, args := `SELECT `+entryColumns+` FROM {entry} WHERE migration = {m}`, []any{}
	if query.Kind != "" {
		statement, args = statement+` AND kind = ?`, append(args, escape(query.Kind))
	}
	switch {
	case query.Copyable:
		statement += ` AND dirty = 1 AND tokens = '' AND quarantined = 0`
	case query.Quarantined: // is always dirty
		statement += ` AND dirty = 1`
	default:
		statement += ` AND ` + uncleanRow
	}
	if query.Quarantined {
		statement += ` AND quarantined = 1`
	}
	if query.IdleFor > 0 {
		statement, args = statement+` AND tokens = '' AND {now} - touched >= ?`, append(args, query.IdleFor.Microseconds())
	}
	if query.SettledFor > 0 {
		statement, args = statement+` AND dirty = 1 AND {now} - touched >= ?`, append(args, query.SettledFor.Microseconds())
	}
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	var stored []entryRow
	err := j.query(ctx, "list unclean keys", &stored, statement+` ORDER BY touched, kind, whole, id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, err
	}
	entries := make([]journal.Entry, len(stored))
	for i, e := range stored {
		if entries[i], err = j.entryOf(ctx, e); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

const countKeys = `SELECT primary_store, count(*) AS n, COALESCE(sum(CASE WHEN tokens <> '' THEN 1 ELSE 0 END), 0) AS active,
	COALESCE(sum(dirty), 0) AS dirty, COALESCE(sum(quarantined), 0) AS quarantined
FROM {entry} WHERE migration = {m} AND ` + uncleanRow

// Counts implements journal.Journal.
func (j *Journal) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	statement, args := countKeys, []any{}
	if kind != "" {
		statement, args = statement+` AND kind = ?`, append(args, escape(kind))
	}
	var groups []struct {
		Primary     phase.Store `db:"primary_store"`
		N           int         `db:"n"`
		Active      int         `db:"active"`
		Dirty       int         `db:"dirty"`
		Quarantined int         `db:"quarantined"`
	}
	if err := j.query(ctx, "count unclean keys", &groups, statement+` GROUP BY primary_store`, args...); err != nil {
		return journal.Counts{}, err
	}
	var counts journal.Counts
	for _, g := range groups {
		counts.Primary[g.Primary&1] += g.N
		counts.Active += g.Active
		counts.Dirty += g.Dirty
		counts.Quarantined += g.Quarantined
	}
	return counts, nil
}
