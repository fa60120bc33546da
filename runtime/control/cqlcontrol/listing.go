package cqlcontrol

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A dirty key is listed in a row, and its body names the row. Three rules keep the rows true:
//
//   - A row is inserted after the version was read that the lightweight transaction compares, and before that makes the key dirty.
//     No other attempt uses the row.
//   - A row is removed by whoever turned its key clean. One that no body names is removed after the key got a new version, so that
//     no attempt which was to name it is applied any more.
//   - Before a key is something else than its row says, the row says that it does not know.
//
// So what a row says of a key is true, unless the key is clean by now, or has a call under way, whose log leads to it. The rows'
// timestamps count what they said, and no clock decides between them.

// listing is a row in which a key is listed.
type listing struct {
	Process int64     `json:"process"` // whose rows these are
	Bucket  int64     `json:"bucket"`
	N       int       `json:"n"`
	Turn    int64     `json:"turn"`  // counts what the row said
	Said    said      `json:"said"`  // what it says, unless it does not know
	Since   time.Time `json:"since"` // not after the last attempt of unknown outcome
}

// same reports whether two listings are one row.
func (p *listing) same(q listing) bool {
	return p != nil && p.Process == q.Process && p.Bucket == q.Bucket && p.N == q.N
}

// said is what a row says of its key.
type said int8

// unsaid: look the key up.
const unsaid said = -1

func (s said) primary() phase.Store { return phase.Store(s & 1) }

func (s said) quarantined() bool { return s&2 != 0 }

// says is what a dirty key's row is to say.
func (b *body) says() said {
	if b.Quarantined {
		return said(b.Primary) | 2
	}
	return said(b.Primary)
}

const (
	// The stamps of rows: their turns, their removal, that of their bucket.
	firstTurn  = 1
	removal    = 1 << 40
	bucketGone = 1 << 41

	// restateAfter is how old the time may get that a row says.
	restateAfter = 5 * time.Second
)

// enlist sees to the row of a key whose body is about to be written, and returns it if nobody has used it before.
func (j *Journal) enlist(ctx context.Context, e *entry) (fresh *listing, err error) {
	b := &e.body
	switch {
	case b.clean():
		b.Listing = nil
	case !b.Dirty:
	case b.Listing != nil:
		b.Listing, err = j.restate(ctx, e)
	default:
		p, err := j.list(ctx, e.key, b.says(), e.now)
		if err != nil {
			return nil, err
		}
		b.Listing, fresh = &p, &p
	}
	return fresh, err
}

// restate returns what the row of a dirty key is to say once its body is written.
func (j *Journal) restate(ctx context.Context, e *entry) (*listing, error) {
	p := *e.body.Listing
	switch says := e.body.says(); {
	case says != p.Said:
		p.Turn, p.Said = p.Turn+1, unsaid
		if err := j.say(ctx, e.key, p); err != nil {
			return nil, err
		}
		p.Turn, p.Said, p.Since = p.Turn+1, says, e.now
	case !e.calm && e.now.Sub(p.Since) > restateAfter:
		p.Turn, p.Since = p.Turn+1, e.now
	default:
		return e.body.Listing, nil
	}
	return &p, nil
}

// applied sees to the row of a key whose body was written. What fails here leaves a row that does not know, or one that says of
// a clean key that it is dirty, until it is found.
func (j *Journal) applied(ctx context.Context, a attempt) {
	now := a.after.body.Listing
	switch {
	case a.before == nil:
	case now == nil:
		j.forgo(ctx, a.after.key, *a.before)
	case now.Turn != a.before.Turn:
		_ = j.say(ctx, a.after.key, *now)
	}
}

// forgo removes a row that nothing refers to any more.
func (j *Journal) forgo(ctx context.Context, key journal.Key, p listing) {
	if err := j.unlist(ctx, key, p); err != nil {
		j.process.stray(key, p)
	}
}

const (
	insertListing = `INSERT INTO {listing} (migration, process, bucket, n, kind, whole, id, said, added)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, toTimestamp(now())) USING TIMESTAMP ?`
	sayListing    = `UPDATE {listing} USING TIMESTAMP ? SET said = ?, since = ? WHERE migration = ? AND process = ? AND bucket = ? AND n = ?`
	deleteListing = `DELETE FROM {listing} USING TIMESTAMP ? WHERE migration = ? AND process = ? AND bucket = ? AND n = ?`
)

// list implements table.
func (t cqlTable) list(ctx context.Context, key journal.Key, what said, since time.Time) (listing, error) {
	for {
		bucket, n, err := t.takeRow(ctx)
		if err != nil {
			return listing{}, err
		}
		p := listing{Process: t.process.id, Bucket: bucket, N: n, Turn: firstTurn, Said: what, Since: since}
		err = t.query(ctx, insertListing, t.options.Migration, p.Process, p.Bucket, p.N, key.Kind, key.Whole, []byte(key.ID), int8(what), p.Turn).Exec()
		t.process.lists.leave(bucket)
		if err != nil {
			return listing{}, fmt.Errorf("cqlcontrol: list %v as dirty: %w", key, err)
		}
		if t.process.lists.alive() {
			return p, nil
		}
		t.forgo(ctx, key, p) // others may have dropped the bucket meanwhile
	}
}

// say implements table.
func (t cqlTable) say(ctx context.Context, key journal.Key, p listing) error {
	err := t.query(ctx, sayListing, p.Turn, int8(p.Said), p.Since, t.options.Migration, p.Process, p.Bucket, p.N).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: change the listing of %v: %w", key, err)
	}
	return nil
}

// unlist implements table.
func (t cqlTable) unlist(ctx context.Context, key journal.Key, p listing) error {
	err := t.query(ctx, deleteListing, int64(removal), t.options.Migration, p.Process, p.Bucket, p.N).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: remove the listing of %v: %w", key, err)
	}
	return nil
}
