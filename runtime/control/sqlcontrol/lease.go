package sqlcontrol

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// forgetLeases is how long a lease that ran out is remembered: tokens that its owner takes afterwards, when it wakes, are
// taken away too.
const forgetLeases = 24 * time.Hour

const (
	renewLease = `INSERT INTO {lease}{alias} (migration, owner, tag, expires) VALUES ({m}, ?, ?, {now} + ?)
{on migration, owner} expires = {now} + ?`
	dropLeases = `DELETE FROM {lease} WHERE migration = {m} AND expires < {now} - ?`
	lockLapsed = `UPDATE {lease} SET tag = tag WHERE migration = {m} AND expires <= ?`
	lapsedTags = `SELECT tag FROM {lease} WHERE migration = {m} AND expires <= ?`
	lapsedNow  = `SELECT tag FROM {lease} WHERE migration = {m} AND expires <= {now}`
	listTokens = `SELECT kind, whole, id, tokens FROM {entry}{byQueue} WHERE queue = ? AND tokens <> ''`
	takeAway   = `UPDATE {entry} SET tokens = replace(tokens, {t}, ''), dirty = 1, seq = {greatest}(seq + 1, {seq}), touched = {now}
WHERE ` + atKey + ` AND {instr}(tokens, {t}) > 0`
)

// Renew implements journal.Journal. Now and then it also has clean rows swept, and the tokens taken away that failed calls of
// this process left. It does not wait for that; where that fails, the next Renew returns the error. The first one looks
// whether this role has the rights that the journal needs, so that no write is the first to miss one.
func (j *Journal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if !j.rights.Load() {
		if err := j.urgent.checkRights(ctx); err != nil {
			return err
		}
		j.rights.Store(true)
	}
	began := time.Now()
	forgot, err := renew(ctx, j, owner, ttl)
	if err != nil {
		return err
	}
	j.leases.renewed(owner, began, ttl)
	if forgot {
		return journal.ErrForgot
	}
	return j.tidier.soon(j.options.Sweep, j.tidy)
}

// Expire implements journal.Journal. While no lease has run out it reads leases only; else it first looks whether a token is left
// of any that has.
func (j *Journal) Expire(ctx context.Context) (int, error) {
	found := false
	err := j.reading(ctx, "look for lapsed tokens", func(t transaction) (err error) {
		var tags []string
		if err = t.query(&tags, lapsedNow); err != nil || len(tags) == 0 {
			return err
		}
		lapsed, err := t.tokensOf(lapsing(tags))
		found = len(lapsed) > 0
		return err
	})
	if err != nil {
		return 0, err
	}
	if !found {
		_, err := j.exec(ctx, "forget old leases", dropLeases, forgetLeases.Microseconds())
		return 0, err
	}
	var keys int
	err = j.inTx(ctx, "take lapsed tokens away", func(t transaction) (err error) {
		keys, err = t.expire()
		return err
	})
	return keys, err
}

// lapsing picks the tokens of the owners with those tags.
func lapsing(tags []string) func(token string) bool {
	gone := make(map[string]bool, len(tags))
	for _, tag := range tags {
		gone[tag] = true
	}
	return func(token string) bool { return gone[token[16:]] }
}

// expire takes away the tokens of lapsed leases, which it holds locked: none of their owners can renew before it is done
// and then believe that its tokens are there.
func (t transaction) expire() (int, error) {
	now, err := t.now()
	if err != nil {
		return 0, err
	}
	if _, err = t.exec(lockLapsed, now); err != nil {
		return 0, err
	}
	var tags []string
	if err := t.query(&tags, lapsedTags, now); err != nil {
		return 0, err
	}
	return t.takeAway(lapsing(tags))
}

// tokenRow is a row that holds tokens.
type tokenRow struct {
	row
	Tokens string `db:"tokens"`
}

// each calls visit with each of the row's tokens.
func (r tokenRow) each(visit func(token string)) {
	for text := r.Tokens; len(text) >= tokenLength; text = text[tokenLength:] {
		visit(text[:tokenLength])
	}
}

// tokensOf finds the tokens that a test picks, by their keys.
func (t transaction) tokensOf(picked func(token string) bool) (map[row][]string, error) {
	queues, err := t.queues("", cleanQueue, heldQueue)
	if err != nil {
		return nil, err
	}
	found := make(map[row][]string)
	for _, q := range queues {
		var rows []tokenRow
		if err := t.query(&rows, listTokens, q.name); err != nil {
			return nil, err
		}
		for _, r := range rows {
			r.each(func(token string) {
				if picked(token) {
					found[r.row] = append(found[r.row], token)
				}
			})
		}
	}
	return found, nil
}

// takeAway takes away the tokens that gone picks; their keys turn dirty. It returns how many keys. The kinds are held alone
// first: whoever begins holds his kind before his key, and a call on a whole kind all of its keys in any order.
func (t transaction) takeAway(gone func(token string) bool) (int, error) {
	if err := orElse(t.steer(), t.briefly()); err != nil {
		return 0, err
	}
	lapsed, err := t.tokensOf(gone)
	if err != nil {
		return 0, err
	}
	keys := slices.SortedFunc(maps.Keys(lapsed), row.compare)
	for _, kind := range kindsOf(keys) {
		if err := lockAlone(t, kind); err != nil {
			return 0, err
		}
	}
	return t.takeTokens(keys, lapsed)
}

// takeTokens takes away tokens of keys whose kinds are held alone.
func (t transaction) takeTokens(keys []row, lapsed map[row][]string) (int, error) {
	n := 0
	for _, r := range keys {
		took := false
		for _, token := range lapsed[r] {
			changed, err := t.exec(takeAway, token, r.Kind, r.Whole, r.ID, token)
			if err != nil {
				return 0, err
			}
			took = took || changed > 0
		}
		if took {
			n++
		}
	}
	return n, nil
}

// strayToken reports whether a token of the table was left by a failed call of this process.
func (j *Journal) strayToken(token string) bool {
	var id uint64
	for _, c := range []byte(token[:16]) {
		id = id<<4 | uint64(strings.IndexByte("0123456789abcdef", c))
	}
	return j.held.stray(id)
}

// A database that is put back from a copy while its service runs has lost what was journaled since: keys that were unclean are
// clean in it, and the certificates of then count again. Each process knows what it stored last of its own leases. A table
// that holds less was put back, and gets a new incarnation.

// storedLease is what the tables hold of a lease.
type storedLease struct {
	Expires     int64  `db:"expires"` // 0: there is none
	Incarnation string `db:"incarnation"`
	at          time.Time
}

const (
	readLease = `SELECT l.expires, m.incarnation FROM {lease} l JOIN {meta} m ON m.migration = l.migration
WHERE l.migration = {m} AND l.owner = ?`
	changeIncarnation = `UPDATE {meta} SET incarnation = ? WHERE migration = {m} AND incarnation = ?`
)

// less reports whether the tables hold less than was stored before. A lease that ran out long ago is forgotten in order.
func (s storedLease) less(before storedLease) bool {
	return before.Expires > 0 && s.Expires < before.Expires && time.Since(before.at) < forgetLeases/2
}

// lease reads a lease.
func (t transaction) lease(owner string) (storedLease, error) {
	var found []storedLease
	if err := t.query(&found, readLease, escape(owner)); err != nil || len(found) == 0 {
		return storedLease{}, err
	}
	found[0].at = time.Now()
	return found[0], nil
}

// renew renews a lease, and reports whether the tables had forgotten what this process stored before. Of all processes that find
// that out, one changes the incarnation.
func renew(ctx context.Context, j *Journal, owner string, ttl time.Duration) (forgot bool, err error) {
	before, length := j.leases.storedOf(owner), ttl.Microseconds()
	var after storedLease
	err = j.urgent.inTx(ctx, "renew a lease", func(t transaction) error {
		found, err := t.lease(owner)
		if err != nil {
			return err
		}
		if forgot = found.less(before); forgot {
			if _, err := t.exec(changeIncarnation, newIncarnation(), before.Incarnation); err != nil {
				return err
			}
		}
		if _, err := t.exec(renewLease, escape(owner), ownerTag(owner)+";", length, length); err != nil {
			return err
		}
		after, err = t.lease(owner)
		return err
	})
	if err == nil {
		j.leases.keep(owner, after)
	}
	return forgot && err == nil, err
}
