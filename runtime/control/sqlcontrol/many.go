package sqlcontrol

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// batch bounds the keys of one statement, whose parameters are limited.
const batch = 400

// claim is a key's row and the token that is put in it or taken out.
type claim struct {
	row
	index int // among the caller's keys
	token journal.Token
	text  string
}

// claims makes a token for each key, sorted by row: locks are always taken in that order. Earlier tokens of this process on
// the keys have ended then; those on a whole kind do not overlap the next one.
func (j *Journal) claims(ctx context.Context, owner string, keys []journal.Key) ([]claim, error) {
	rows, err := j.rowsOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if r.Whole != 0 {
			continue
		}
		if err := j.lazy.settle(ctx, r); err != nil {
			return nil, err
		}
	}
	claims := make([]claim, len(keys))
	for i, r := range rows {
		token := journal.Token{ID: j.held.take(false), Owner: owner}
		claims[i] = claim{row: r, index: i, token: token, text: tokenText(token)}
	}
	slices.SortFunc(claims, func(a, b claim) int { return a.row.compare(b.row) })
	return claims, nil
}

// compare is the order in which rows are locked: a kind's own row before those of its keys, since whoever begins on a key
// holds its kind first.
func (r row) compare(other row) int {
	return cmp.Or(strings.Compare(r.Kind, other.Kind), cmp.Compare(other.Whole, r.Whole), strings.Compare(r.ID, other.ID))
}

// kindsOf returns the kinds of the rows, sorted, each once.
func kindsOf(rows []row) []string {
	kinds := make([]string, 0, 1)
	for _, r := range rows {
		kinds = append(kinds, r.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// tokensOf returns the tokens in the order of the caller's keys.
func tokensOf(claims []claim, primary phase.Store) []journal.Token {
	tokens := make([]journal.Token, len(claims))
	for _, c := range claims {
		c.token.Primary = primary
		tokens[c.index] = c.token
	}
	return tokens
}

// BeginMany implements journal.Journal. In Postgres one statement does it, unless keys are unclean with several primaries.
func (j *Journal) BeginMany(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	whole := slices.ContainsFunc(keys, func(key journal.Key) bool { return key.Whole })
	if j.w.xid && !whole && len(keys) <= batch {
		tokens, err := j.beginTogether(ctx, owner, keys, primary)
		if !errors.Is(err, errSeveral) {
			return tokens, err
		}
	}
	return j.beginAlone(ctx, owner, keys, primary)
}

// errSeveral: one statement would have given the keys several primaries, and did nothing.
var errSeveral = errors.New("sqlcontrol: the keys have several primaries")

// several is what the statement below fails with, also where a kind has no row yet. The cast of a text that is no number is the one way to make a plain
// statement fail, and so undo what it did.
const several = "dualgen: keys of one write would get several primaries; the transaction that decides it follows"

// beginMany is that statement for n keys.
func beginMany(n int) string {
	source := strings.Replace(union(n, beginSource), beginSource, beginSource+` WHERE (`+briefly+`) <> ''`, 1)
	return `WITH put AS (` + beginHead + source + beginTail + ` RETURNING primary_store)
SELECT CASE WHEN count(*) < ` + strconv.Itoa(n) + ` OR min(primary_store) <> max(primary_store)
	THEN ('` + several + `' || min(primary_store))::int ELSE min(primary_store) END FROM put HAVING count(*) > 0`
}

// beginTogether puts a token on each key with one statement of Postgres.
func (j *Journal) beginTogether(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	claims, err := j.claims(ctx, owner, keys)
	if err != nil {
		return nil, err
	}
	args := make([]any, 0, 4*len(claims))
	rows := make([]row, len(claims))
	for i, c := range claims {
		args = append(args, c.Kind, c.ID, int(primary), c.text)
		rows[i] = c.row
	}
	var adopted phase.Store
	err = j.withKinds(ctx, rows, func() error { return j.get(ctx, "begin many", &adopted, beginMany(len(claims)), args...) })
	if err != nil {
		j.dropAll(claims)
		if sqlState(err) == "22P02" && strings.Contains(err.Error(), several) {
			return nil, errSeveral
		}
		return nil, err
	}
	return tokensOf(claims, adopted), nil
}

func (j *Journal) dropAll(claims []claim) {
	for _, c := range claims {
		j.held.drop(c.token.ID)
	}
}

const (
	lockKind = `UPDATE {entry} SET cause = cause WHERE migration = {m} AND kind = ? AND whole = 1 AND id = ''`
	// anyDirty and anyCall look for one key in a queue; that of calls holds those of both primaries. Postgres could look whole = 0 up in
	// the index of keys, and would read them all.
	anyDirty = `SELECT count(*) FROM (SELECT since FROM {entry}{byQueue} WHERE queue = ? AND whole <> 1 LIMIT 1) v`
	anyCall  = `SELECT count(*) FROM (SELECT since FROM {entry}{byQueue} WHERE queue = ? AND whole <> 1` + ofCalls + ` AND primary_store = ? LIMIT 1) v`
	// beginWhole is beginOne for the row of a kind, which exists. Tokens of one kind do not overlap each other.
	beginWhole = `UPDATE {entry} SET
	primary_store = CASE WHEN dirty = 0 AND tokens = '' THEN {n} ELSE primary_store END,
	touched = CASE WHEN dirty = 0 AND tokens = '' THEN {now} ELSE touched END,
	tokens = {add}, seq = {greatest}(seq + 1, {seq})
WHERE migration = {m} AND kind = ? AND whole = 1`
	overlapCalls = `UPDATE {entry}{byQueue} SET dirty = 1 WHERE queue = ? AND whole <> 1` + ofCalls
)

// beginAlone begins several keys or whole kinds in a transaction that holds their kinds alone, so that no entry can appear
// beside it.
func (j *Journal) beginAlone(ctx context.Context, owner string, keys []journal.Key, primary phase.Store) ([]journal.Token, error) {
	claims, err := j.claims(ctx, owner, keys)
	if err != nil {
		return nil, err
	}
	rows := make([]row, len(claims))
	for i, c := range claims {
		rows[i] = c.row
	}
	var adopted phase.Store
	err = j.alone(ctx, "begin many", rows, func(t transaction) error {
		if adopted, err = common(t, rows, primary); err != nil {
			return err
		}
		var single []claim
		for _, c := range claims {
			if c.Whole == 0 {
				single = append(single, c)
			} else if err := putWhole(t, c, adopted); err != nil {
				return err
			}
		}
		for part := range slices.Chunk(single, batch) {
			if err := t.beginEach(part, adopted); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		j.dropAll(claims)
		return nil, err
	}
	return tokensOf(claims, adopted), nil
}

// alone runs do in a transaction that holds the kinds of the rows alone.
func (j *Journal) alone(ctx context.Context, what string, rows []row, do func(t transaction) error) error {
	return j.withKinds(ctx, rows, func() error {
		return j.inTx(ctx, what, func(t transaction) error {
			if err := t.briefly(); err != nil {
				return err
			}
			for _, kind := range kindsOf(rows) {
				if err := lockAlone(t, kind); err != nil {
					return err
				}
			}
			return do(t)
		})
	})
}

// lockAlone takes the lock on a kind's row; sql.ErrNoRows if it has none.
func lockAlone(t transaction, kind string) error {
	if !t.b.w.countsKept() { // MySQL counts no row that stays as it is
		var whole int
		return t.get(&whole, kindRow+` FOR UPDATE`, kind)
	}
	locked, err := t.exec(lockKind, kind)
	if err == nil && locked == 0 {
		return sql.ErrNoRows
	}
	return err
}

// common returns the one primary that all rows can have: that of their entries, else of their kinds' entries, else the
// given one.
func common(t transaction, rows []row, primary phase.Store) (phase.Store, error) {
	if err := t.steer(); err != nil {
		return primary, err
	}
	settled := false
	for part := range slices.Chunk(rows, batch/2) { // beside them stand their kinds
		var args []any
		for _, r := range part {
			args = append(args, r.Kind, r.Whole, r.ID)
		}
		for _, kind := range kindsOf(part) {
			args = append(args, kind, 1, "")
		}
		var found []phase.Store
		if err := t.query(&found, primariesOf(len(args)/3), args...); err != nil {
			return primary, err
		}
		for _, p := range found {
			if settled && p != primary {
				return primary, journal.ErrConflict
			}
			primary, settled = p, true
		}
	}
	return primary, unopposed(t, rows, primary)
}

// primariesOf finds the primaries of n entries, of keys and of their kinds: those of a kind that is unclean are its keys' as well.
func primariesOf(n int) string {
	return `SELECT DISTINCT e.primary_store FROM ` + union(n, `SELECT {m} AS m, {t} AS kind, {n} AS whole, {t} AS id`) + ` v {ordered} {entry} e
ON e.migration = v.m AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id WHERE NOT (e.dirty = 0 AND e.tokens = '')`
}

// unopposed returns ErrConflict if a row stands for a kind that has unclean keys with the other primary.
func unopposed(t transaction, rows []row, primary phase.Store) error {
	for _, r := range rows {
		if r.Whole == 0 {
			continue
		}
		if found, err := t.anyOf(r.Kind, primary.Other()); err != nil || found {
			return orElse(err, journal.ErrConflict)
		}
	}
	return nil
}

// anyOf reports whether a key of the kind is unclean with that primary.
func (t transaction) anyOf(kind string, primary phase.Store) (bool, error) {
	if err := t.steer(); err != nil {
		return false, err
	}
	var n int
	for _, state := range []string{copyQueue, stopQueue, heldQueue} {
		if err := t.get(&n, anyDirty, t.b.queueName(state, primary, kind)); err != nil || n > 0 {
			return n > 0, err
		}
	}
	err := t.get(&n, anyCall, t.b.queueName(cleanQueue, primary, kind), int(primary))
	return n > 0, err
}

// overlapCalls marks the keys of a kind, which is held alone, that have a token.
func (t transaction) overlapCalls(kind string) error {
	if err := t.steer(); err != nil {
		return err
	}
	_, err := t.exec(overlapCalls, t.b.queueName(cleanQueue, 0, kind))
	return err
}

// union writes a source of n rows. Without the fence Postgres would pull it up into the select that joins it; if the kind's row
// changed while that waited for its lock, it would then join all n rows anew for each of them.
func union(n int, one string) string {
	return "(" + strings.Repeat(one+" UNION ALL ", n-1) + one + " {fence})"
}
