package sqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

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
		return j.endInTurn(ctx, endings)
	}
	var lost error
	for part := range slices.Chunk(endings, batch) {
		err := j.endTogether(ctx, part)
		switch {
		case errors.Is(err, journal.ErrTokenLost): // the others end all the same
			lost = err
		case err != nil:
			return err
		}
	}
	return lost
}

// endInTurn ends the tokens in transactions. MySQL takes a list of them in one statement, which does not tell those that are lost, so that
// it comes to nothing where any is.
func (j *Journal) endInTurn(ctx context.Context, endings []ending) error {
	if j.dialect == SQLite || len(endings) == 1 || repeats(endings) {
		return j.endEach(ctx, endings)
	}
	var lost error
	for part := range slices.Chunk(endings, batch/2) {
		err := j.inTx(ctx, "end many", func(t transaction) error {
			ended, err := t.exec(endListHead+strings.Repeat(endListOne+" UNION ALL ", len(part)-1)+endListOne+endListTail, endListArgs(part)...)
			if err == nil && ended < int64(len(part)) {
				err = journal.ErrTokenLost
			}
			return err
		})
		if errors.Is(err, journal.ErrTokenLost) {
			err = j.endEach(ctx, part) // ends what is there, and marks the others
		}
		switch {
		case errors.Is(err, journal.ErrTokenLost):
			lost = err
		case err != nil:
			return err
		}
	}
	return lost
}

// repeats reports whether two of the endings, which are sorted, are of one key: an UPDATE changes a row once.
func repeats(endings []ending) bool {
	for i := range endings[1:] {
		if endings[i].row == endings[i+1].row {
			return true
		}
	}
	return false
}

const (
	endListHead = `UPDATE (`
	endListOne  = `SELECT ? AS kind, ? AS whole, ? AS id, ? AS token, ? AS copied, ? AS failed`
	endListTail = `) v STRAIGHT_JOIN {entry} e ON e.migration = {m} AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id SET
	e.attempts = CASE WHEN v.copied = 1 THEN 0 ELSE e.attempts END,
	e.cause = CASE WHEN v.copied = 1 THEN '' ELSE e.cause END,
	e.dirty = CASE WHEN v.failed = 1 THEN 1 ELSE e.dirty END,
	e.touched = CASE WHEN v.failed = 1 THEN {now} ELSE e.touched END,
	e.tokens = replace(e.tokens, v.token, ''), e.seq = {greatest}(e.seq + 1, {seq})
WHERE {instr}(e.tokens, v.token) > 0`
)

func endListArgs(endings []ending) []any {
	args := make([]any, 0, 6*len(endings))
	for _, e := range endings {
		args = append(args, e.Kind, e.Whole, e.ID, tokenText(e.token), bit(e.clean && e.token.ID&copier != 0), bit(!e.clean))
	}
	return args
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

// endTogether ends the tokens with one statement of Postgres, which passes over rows that others have locked, as claimTogether does. Those
// are ended one by one then: a statement that holds nothing may wait. Two endings of one key never stand in one statement: an
// UPDATE changes a row once.
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
	err = j.endRest(ctx, now, ended)
	if len(again) > 0 && (err == nil || errors.Is(err, journal.ErrTokenLost)) {
		return errors.Join(err, j.endTogether(ctx, again))
	}
	return err
}

// endTogether takes its list in one parameter, so that it is one statement to prepare, whatever the list's length. That
// every token has its length makes Postgres expect few of them, and look their rows up one by one, in the list's order. It
// would expect a hundred, and read the whole table for them. That the migration comes with the list, and OFFSET 0, keep it from
// going by how many rows it believes that the migration has.
const endTogether = `WITH free AS (
	SELECT e.ctid AS place, v.token, v.copied, v.failed FROM (
		SELECT {m} AS m, t.* FROM json_to_recordset(CAST(? AS json)) AS t(kind text, whole smallint, id text, token text, copied smallint, failed smallint)
		WHERE length(t.token) = 33 OFFSET 0
	) v JOIN {entry} e ON e.migration = v.m AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id AND {instr}(e.tokens, v.token) > 0
	FOR UPDATE OF e SKIP LOCKED
)
UPDATE {entry} e SET
	attempts = CASE WHEN free.copied = 1 THEN 0 ELSE attempts END,
	cause = CASE WHEN free.copied = 1 THEN '' ELSE cause END,
	dirty = CASE WHEN free.failed = 1 THEN 1 ELSE dirty END,
	touched = CASE WHEN free.failed = 1 THEN {now} ELSE touched END,
	tokens = replace(tokens, free.token, ''), seq = {greatest}(seq + 1, {seq})
FROM free WHERE e.ctid = free.place
RETURNING free.token`

// endRest ends the tokens that one statement has not: of keys that were locked, or changed meanwhile, and those that are lost.
func (j *Journal) endRest(ctx context.Context, endings []ending, ended []string) error {
	if len(ended) == len(endings) {
		return nil
	}
	done := make(map[string]bool, len(ended))
	for _, token := range ended {
		done[token] = true
	}
	var errs []error
	for _, e := range endings {
		if !done[tokenText(e.token)] {
			errs = append(errs, j.endOne(ctx, e))
		}
	}
	return errors.Join(errs...)
}

// endOne ends a token with a statement of its own.
func (j *Journal) endOne(ctx context.Context, e ending) error {
	ended, err := j.exec(ctx, "end", endToken, endArgs(e.row, e.token, e.clean)...)
	if err != nil || ended > 0 {
		return err
	}
	return j.lost(ctx, e.row)
}
