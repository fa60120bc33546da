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
const entryColumns = `kind, whole, id, primary_store, dirty, quarantined, attempts, seq, tokens, cause, touched, {now} - touched AS settled_us`

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
	Touched     int64       `db:"touched"`
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
