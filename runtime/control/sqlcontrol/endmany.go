package sqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
)

// EndMany implements journal.Journal.
func (j *Journal) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	if len(keys) != len(tokens) {
		return fmt.Errorf("sqlcontrol: %d keys and %d tokens", len(keys), len(tokens))
	}
	rows, err := j.rowsOf(ctx, keys)
	if err != nil {
		return err
	}
	endings := make([]ending, len(rows))
	for i, r := range rows {
		endings[i] = ending{row: r, token: tokens[i], clean: clean}
	}
	if j.lazy != nil && j.lazy.add(endings...) {
		return nil
	}
	return j.endAll(ctx, endings)
}

// ending is one token to give up.
type ending struct {
	row
	token journal.Token
	clean bool
}

// MarshalJSON writes what endTogether reads.
func (e ending) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Kind   string `json:"kind"`
		Whole  int    `json:"whole"`
		ID     string `json:"id"`
		Token  string `json:"token"`
		Copied int    `json:"copied,omitempty"` // Postgres reads what lacks as NULL, which is not 1
		Failed int    `json:"failed,omitempty"`
	}{e.Kind, e.Whole, e.ID, tokenText(e.token), bit(e.clean && e.token.ID&copier != 0), bit(!e.clean)})
}

// endAll gives tokens up, in one statement where the dialect can.
func (j *Journal) endAll(ctx context.Context, endings []ending) (err error) {
	defer func() {
		for _, e := range endings {
			j.held.ended(e.token.ID, err)
		}
	}()
	slices.SortStableFunc(endings, func(a, b ending) int { return a.row.compare(b.row) })
	if !j.w.xid {
		return j.endEach(ctx, endings)
	}
	for part := range slices.Chunk(endings, batch) {
		if err := j.endTogether(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// endEach ends the tokens one by one in a transaction.
func (j *Journal) endEach(ctx context.Context, endings []ending) error {
	var lost error
	err := j.inTx(ctx, "end many", func(t transaction) error {
		lost = nil
		for _, e := range endings {
			ended, err := t.exec(endToken, endArgs(e.row, e.token, e.clean)...)
			if err != nil {
				return err
			}
			if ended > 0 {
				continue
			}
			lost = journal.ErrTokenLost
			if _, err := t.exec(markLost, e.Kind, e.Whole, e.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return orElse(err, lost)
}

// endTogether ends the tokens with one statement of Postgres, which finds and so locks their rows in the order of the list:
// that of BeginMany. A plan of another order could deadlock, and would run again. Two endings of one key never stand in one
// statement: an UPDATE changes a row once.
func (j *Journal) endTogether(ctx context.Context, endings []ending) error {
	var again, now []ending
	for i, e := range endings {
		if i > 0 && endings[i-1].row == e.row {
			again = append(again, e)
		} else {
			now = append(now, e)
		}
	}
	list, err := json.Marshal(now)
	if err != nil {
		return err
	}
	var ended []string
	if err := j.query(ctx, "end many", &ended, endTogether, string(list)); err != nil {
		return err
	}
	lost := j.lostOf(ctx, now, ended)
	if len(again) > 0 {
		return errors.Join(lost, j.endTogether(ctx, again))
	}
	return lost
}

// endTogether takes its list in one parameter, so that it is one statement to prepare, whatever the list's length. That
// every token has its length makes Postgres expect few of them, and look their rows up one by one, in the list's order. It
// would expect a hundred, and read the whole table for them. That the migration comes with the list, and OFFSET 0, have the
// reason that fromKeys gives.
const endTogether = `UPDATE {entry} e SET
	attempts = CASE WHEN v.copied = 1 THEN 0 ELSE attempts END,
	cause = CASE WHEN v.copied = 1 THEN '' ELSE cause END,
	dirty = CASE WHEN v.failed = 1 THEN 1 ELSE dirty END,
	touched = CASE WHEN v.failed = 1 THEN {now} ELSE touched END,
	tokens = replace(tokens, v.token, ''), seq = {greatest}(seq + 1, {seq})
FROM (
	SELECT {m} AS m, t.* FROM json_to_recordset(CAST(? AS json)) AS t(kind text, whole smallint, id text, token text, copied smallint, failed smallint)
	WHERE length(t.token) = 33 OFFSET 0
) v
WHERE e.migration = v.m AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id AND {instr}(tokens, v.token) > 0
RETURNING v.token`

// lostOf marks the keys whose tokens were not there; see lost.
func (j *Journal) lostOf(ctx context.Context, endings []ending, ended []string) error {
	var lost error
	for _, e := range endings {
		if len(ended) < len(endings) && !slices.Contains(ended, tokenText(e.token)) {
			lost = errors.Join(lost, j.lost(ctx, e.row))
		}
	}
	return lost
}
