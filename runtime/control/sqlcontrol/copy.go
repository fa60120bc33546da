package sqlcontrol

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

const (
	markHead = entryInsert + `SELECT {m}, v.kind, 0, v.id, ` + adopted + `, 1, 0, 0, {seq}, {now}, {now}, '', '' FROM `
	markTail = fromKeys + `	attempts = CASE WHEN old.quarantined = 1 THEN 0 ELSE old.attempts END,
	cause = CASE WHEN old.quarantined = 1 THEN '' ELSE old.cause END,
	quarantined = 0, dirty = 1, seq = {greatest}(old.seq + 1, new.seq), touched = {now}`
	// markWhole marks the row of a kind, which exists.
	markWhole = `UPDATE {entry} SET
	primary_store = CASE WHEN dirty = 0 AND tokens = '' THEN {n} ELSE primary_store END,
	attempts = CASE WHEN quarantined = 1 THEN 0 ELSE attempts END,
	cause = CASE WHEN quarantined = 1 THEN '' ELSE cause END,
	quarantined = 0, dirty = 1, seq = {greatest}(seq + 1, {seq}), touched = {now}
WHERE migration = {m} AND kind = ? AND whole = 1`
)

// MarkDirty implements journal.Journal.
func (j *Journal) MarkDirty(ctx context.Context, keys []journal.Key, primary phase.Store) error {
	rows, err := j.rowsOf(ctx, keys)
	if err != nil || len(rows) == 0 {
		return err
	}
	slices.SortFunc(rows, row.compare)
	rows = slices.Compact(rows) // an upsert changes a row once
	var single, whole []row
	for _, r := range rows {
		if r.Whole == 1 {
			whole = append(whole, r)
		} else {
			single = append(single, r)
		}
	}
	if len(whole) == 0 {
		return j.withKinds(ctx, single, func() error {
			return j.inTx(ctx, "mark keys", func(t transaction) error {
				if len(single) > 1 {
					if err := t.briefly(); err != nil {
						return err
					}
				}
				return markEach(t, single, primary)
			})
		})
	}
	return j.alone(ctx, "mark keys", rows, func(t transaction) error { return markAll(t, whole, single, primary) })
}

// markAll marks keys and whole kinds; their kinds are held alone.
func markAll(t transaction, whole, single []row, primary phase.Store) error {
	for _, r := range whole {
		_, err := lookup(t, r)
		if errors.Is(err, sql.ErrNoRows) {
			err = unopposed(t, []row{r}, primary)
		}
		if err != nil {
			return err
		}
	}
	for _, r := range whole {
		if _, err := t.exec(markWhole, int(primary), r.Kind); err != nil {
			return err
		}
	}
	return markEach(t, single, primary)
}

// markEach marks any number of keys, whose order is that of the locks. A lock on a kind that it shares is kept to its end.
func markEach(t transaction, rows []row, primary phase.Store) error {
	for part := range slices.Chunk(rows, batch) {
		if err := markKeys(t, part, primary); err != nil {
			return err
		}
	}
	return nil
}

// markKeys marks keys in one statement. It returns sql.ErrNoRows if one of their kinds has no row.
func markKeys(t transaction, rows []row, primary phase.Store) error {
	source, args, err := t.keys(rows, primary)
	if err != nil {
		return err
	}
	changed, err := t.exec(markHead+source+markTail, args...)
	if err != nil || !t.b.w.countsKept() {
		return orElse(err, t.checkKinds(rows))
	}
	if changed < int64(len(rows)) {
		return sql.ErrNoRows
	}
	return nil
}

// keysListed is a source of keys in one parameter, so that it is one statement to prepare, whatever their number. That all are no whole
// kinds makes Postgres expect few of them, and look their kind up instead of reading the table for it; see endTogether.
const keysListed = `(SELECT {m} AS m, t.kind, t.id, {n} AS p FROM json_to_recordset(CAST(? AS json)) AS t(kind text, whole smallint, id text)
	WHERE t.whole = 0 OFFSET 0)`

// keys is the source of a statement over keys, and its arguments.
func (t transaction) keys(rows []row, primary phase.Store) (source string, args []any, err error) {
	if t.b.w.xid {
		list, err := json.Marshal(rows)
		return keysListed, []any{int(primary), string(list)}, err
	}
	for _, r := range rows {
		args = append(args, r.Kind, r.ID, int(primary))
	}
	return union(len(rows), `SELECT {m} AS m, {t} AS kind, {t} AS id, {n} AS p`), args, nil
}

// checkKinds returns sql.ErrNoRows if one of the rows' kinds has no row.
func (t transaction) checkKinds(rows []row) error {
	for _, kind := range kindsOf(rows) {
		var whole int
		if err := t.get(&whole, kindRow, kind); err != nil {
			return err
		}
	}
	return nil
}

const (
	kindRow   = `SELECT whole FROM {entry} WHERE migration = {m} AND kind = ? AND whole = 1 AND id = ''`
	shareKind = `SELECT tokens FROM {entry} w WHERE migration = {m} AND kind = ? AND whole = 1 AND id = '' {lock}`
	// beginCopy takes the token only where there is something to copy. For a key, whose kind's row is locked by now, the
	// kind must not be active.
	beginCopy = `UPDATE {entry} SET tokens = {t}, dirty = 0, seq = {greatest}(seq + 1, {seq})
WHERE ` + atKey + ` AND dirty = 1 AND tokens = '' AND quarantined = 0 AND {now} - touched >= ?`
)

// BeginCopy implements journal.Journal.
func (j *Journal) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	r, err := j.rowOf(ctx, key)
	if err != nil {
		return journal.Token{}, false, err
	}
	token := journal.Token{ID: j.held.take(true), Owner: owner}
	var taken bool
	err = j.withKinds(ctx, []row{r}, func() error {
		return j.inTx(ctx, "begin a copy", func(t transaction) (err error) {
			taken, err = t.beginCopy(r, &token, idle)
			return err
		})
	})
	if err != nil || !taken {
		j.held.drop(token.ID)
		return journal.Token{}, false, err
	}
	return token, true, nil
}

// beginCopy puts the token in the key's row if there is something to copy, and sets its primary.
func (t transaction) beginCopy(r row, token *journal.Token, idle time.Duration) (bool, error) {
	idleKind, err := t.lockIdle(r)
	if err != nil || !idleKind {
		return false, err
	}
	taken, err := t.exec(beginCopy, tokenText(*token), r.Kind, r.Whole, r.ID, idle.Microseconds())
	if err != nil || taken == 0 {
		return false, err
	}
	if r.Whole == 1 {
		if err := t.overlapCalls(r.Kind); err != nil {
			return false, err
		}
	}
	return true, t.get(&token.Primary, primaryOf, r.Kind, r.Whole, r.ID)
}

// lockIdle locks the row of the key's kind: alone if the copy is of the whole kind, else shared, so that no call on the
// whole kind begins beside the copy. It reports whether the copy may go on.
func (t transaction) lockIdle(r row) (bool, error) {
	if r.Whole == 1 || t.b.dialect == SQLite { // SQLite knows one lock, which a statement that writes takes
		if err := lockAlone(t, r.Kind); err != nil || r.Whole == 1 {
			return err == nil, err
		}
	}
	var tokens string
	err := t.get(&tokens, shareKind, r.Kind)
	return tokens == "", err
}
