package sqlcontrol

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var _ journal.Claims = (*Journal)(nil)

// claimTogether is beginCopy for many keys, with the lock on each one's kind in the same statement. A call on the whole kind that
// is committed while this one waits for that lock is seen: what is locked is read again. A key that somebody has locked is passed
// over, as in a sweep: a transaction of the service, whose triggers mark many keys in an order of its own, may wait for the claims,
// and the claims wait for no key.
const claimTogether = `WITH free AS (
	SELECT e.ctid AS place, v.token FROM (
		SELECT {m} AS m, t.* FROM json_to_recordset(CAST(? AS json)) AS t(kind text, whole smallint, id text, token text)
		WHERE length(t.token) = 33 OFFSET 0
	) v JOIN LATERAL (
		SELECT tokens FROM {entry} WHERE migration = v.m AND kind = v.kind AND whole = 1 AND id = '' FOR SHARE
	) w ON w.tokens = ''
	JOIN {entry} e ON e.migration = v.m AND e.kind = v.kind AND e.whole = v.whole AND e.id = v.id
		AND e.dirty = 1 AND e.tokens = '' AND e.quarantined = 0 AND {now} - e.touched >= ?
	FOR UPDATE OF e SKIP LOCKED
)
UPDATE {entry} e SET tokens = free.token, dirty = 0, seq = {greatest}(seq + 1, {seq})
FROM free WHERE e.ctid = free.place
RETURNING free.token, e.primary_store`

// claimed is a key's claim as the table took it.
type claimed struct {
	Token   string      `db:"token"`
	Primary phase.Store `db:"primary_store"`
}

// BeginCopies implements journal.Claims.
func (j *Journal) BeginCopies(ctx context.Context, owner string, keys []journal.Key, idle time.Duration) ([]journal.Token, error) {
	rows, err := j.rowsOf(ctx, keys)
	if err != nil {
		return nil, err
	}
	claims := make([]claim, len(rows))
	for i, r := range rows {
		token := journal.Token{ID: j.held.take(true), Owner: owner}
		claims[i] = claim{row: r, index: i, token: token, text: tokenText(token)}
	}
	slices.SortFunc(claims, func(a, b claim) int { return a.row.compare(b.row) })
	var taken []claimed
	for part := range slices.Chunk(claims, batch) {
		some, err := j.claim(ctx, part, idle)
		if err != nil {
			j.dropAll(claims) // those that are in the table are found as strays
			return nil, err
		}
		taken = append(taken, some...)
	}
	return j.claimsTaken(claims, taken), nil
}

// claimsTaken returns the tokens of the claims in the order of the caller's keys, and lets go of those that were not taken.
func (j *Journal) claimsTaken(claims []claim, taken []claimed) []journal.Token {
	primaries := make(map[string]phase.Store, len(taken))
	for _, c := range taken {
		primaries[c.Token] = c.Primary
	}
	tokens := make([]journal.Token, len(claims))
	for _, c := range claims {
		primary, ok := primaries[c.text]
		if !ok {
			j.held.drop(c.token.ID)
			continue
		}
		c.token.Primary = primary
		tokens[c.index] = c.token
	}
	return tokens
}

// claim puts tokens in the rows that there is something to copy of.
func (j *Journal) claim(ctx context.Context, claims []claim, idle time.Duration) (taken []claimed, err error) {
	const what = "begin copies"
	if j.w.xid {
		type listed struct {
			row
			Token string `json:"token"`
		}
		list := make([]listed, len(claims))
		for i, c := range claims {
			list[i] = listed{c.row, c.text}
		}
		text, err := json.Marshal(list)
		if err != nil {
			return nil, err
		}
		return taken, j.query(ctx, what, &taken, claimTogether, string(text), idle.Microseconds())
	}
	rows := make([]row, len(claims))
	for i, c := range claims {
		rows[i] = c.row
	}
	err = j.withKinds(ctx, rows, func() error {
		return j.inTx(ctx, what, func(t transaction) (err error) {
			free, err := t.freeOf(claims)
			if err == nil && t.b.dialect == SQLite { // which makes no round trips to be saved
				taken, err = t.claimEach(free, idle)
			} else if err == nil && len(free) > 0 {
				taken, err = t.claimList(free, idle)
			}
			return err
		})
	})
	return taken, err
}

// freeOf locks the kinds of the claims, and returns the claims on keys of those that no call is on. A kind's lock comes before those of
// its keys.
func (t transaction) freeOf(claims []claim) (free []claim, err error) {
	idle := make(map[string]bool)
	for _, c := range claims {
		if _, known := idle[c.Kind]; !known {
			if idle[c.Kind], err = t.lockIdle(c.row); err != nil {
				return nil, err
			}
		}
		if idle[c.Kind] {
			free = append(free, c)
		}
	}
	return free, nil
}

// claimEach is beginCopy for one key after another, whose order is that of the locks.
func (t transaction) claimEach(claims []claim, idle time.Duration) (taken []claimed, err error) {
	for _, c := range claims {
		put, err := t.exec(beginCopy, c.text, c.Kind, c.Whole, c.ID, idle.Microseconds())
		if err != nil {
			return nil, err
		}
		if put == 0 {
			continue
		}
		one := claimed{Token: c.text}
		if err := t.get(&one.Primary, primaryOf, c.Kind, c.Whole, c.ID); err != nil {
			return nil, err
		}
		taken = append(taken, one)
	}
	return taken, nil
}

const (
	claimListOne  = `SELECT ? AS kind, ? AS id, ? AS token`
	claimListJoin = `) v STRAIGHT_JOIN {entry} e ON e.migration = {m} AND e.kind = v.kind AND e.whole = 0 AND e.id = v.id `
	claimListTail = claimListJoin + `SET e.tokens = v.token, e.dirty = 0, e.seq = {greatest}(e.seq + 1, {seq})
WHERE e.dirty = 1 AND e.tokens = '' AND e.quarantined = 0 AND {now} - e.touched >= ?`
)

// claimList is claimEach in two statements of MySQL.
func (t transaction) claimList(claims []claim, idle time.Duration) (taken []claimed, err error) {
	list := strings.Repeat(claimListOne+" UNION ALL ", len(claims)-1) + claimListOne
	args := make([]any, 0, 3*len(claims)+1)
	for _, c := range claims {
		args = append(args, c.Kind, c.ID, c.text)
	}
	put, err := t.exec(`UPDATE (`+list+claimListTail, append(args, idle.Microseconds())...)
	if err != nil || put == 0 {
		return nil, err
	}
	return taken, t.query(&taken, `SELECT v.token, e.primary_store FROM (`+list+claimListJoin+`WHERE e.tokens = v.token`, args...)
}
