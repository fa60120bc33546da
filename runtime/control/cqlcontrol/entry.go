package cqlcontrol

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// held is a token in an entry.
type held struct {
	ID      uint64 `json:"id"`
	Owner   string `json:"owner"`
	Process int64  `json:"process"`
	Copies  bool   `json:"copies,omitempty"`
	// Pending is a token on a whole kind whose Begin still looks at the kind's keys.
	Pending bool `json:"pending,omitempty"`
}

// body is the part of an entry that lightweight transactions write. The zero body stands for no entry.
type body struct {
	Primary     phase.Store `json:"primary"`
	Dirty       bool        `json:"dirty,omitempty"`
	Quarantined bool        `json:"quarantined,omitempty"`
	Attempts    int         `json:"attempts,omitempty"`
	Cause       string      `json:"cause,omitempty"`
	Seq         uint64      `json:"seq"`
	Tokens      []held      `json:"tokens,omitempty"`
	Listing     *listing    `json:"listing,omitempty"` // where the key is listed since it turned dirty; until it is clean
}

func (b *body) clean() bool { return !b.Dirty && len(b.Tokens) == 0 }

// remove takes a token out, if it is there.
func (b *body) remove(id uint64) (held, bool) {
	for i, h := range b.Tokens {
		if h.ID == id {
			b.Tokens = slices.Delete(b.Tokens, i, i+1)
			return h, true
		}
	}
	return held{}, false
}

// fastRow is a token of the fast path.
type fastRow struct {
	process int64
	slot    int
	n       int64 // the call's number
	owner   string
	primary phase.Store
	seq     uint64
	stamp   int64 // of the write, in microseconds by its process' clock
}

// entry is everything that is known of a key.
type entry struct {
	key     journal.Key
	version *gocql.UUID // nil: no body
	body    body
	touched time.Time // when the outcome of an attempt was unknown last, or the body was made
	now     time.Time
	calm    bool // the change that is being made leaves nothing behind that could come late
	fast    []fastRow
}

func (e *entry) unclean() bool { return !e.body.clean() || len(e.fast) > 0 }

func (e *entry) active() int { return len(e.body.Tokens) + len(e.fast) }

// primary is that of the entry, which exists.
func (e *entry) primary() phase.Store {
	if e.body.clean() && len(e.fast) > 0 {
		return e.fast[0].primary
	}
	return e.body.Primary
}

// pending reports whether a Begin of the whole kind has not yet decided.
func (e *entry) pending() bool {
	return slices.ContainsFunc(e.body.Tokens, func(h held) bool { return h.Pending })
}

func (e *entry) idle() time.Duration {
	if e.active() > 0 {
		return 0
	}
	return e.settled()
}

// settled is how long ago the outcome of an attempt was unknown last.
func (e *entry) settled() time.Duration {
	if !e.body.Dirty {
		return 0
	}
	return max(0, e.now.Sub(e.touched))
}

// last is the time of the last activity.
func (e *entry) last() time.Time {
	last := e.touched
	for _, f := range e.fast {
		if began := time.UnixMicro(f.stamp); began.After(last) {
			last = began
		}
	}
	return last
}

// export describes the entry to callers.
func (e *entry) export() journal.Entry {
	seq := e.body.Seq
	for _, f := range e.fast {
		seq = max(seq, f.seq)
	}
	return journal.Entry{
		Key: e.key, Primary: e.primary(), Active: e.active(), Dirty: e.body.Dirty, Idle: e.idle(), Settled: e.settled(), Seq: journal.Seq(seq),
		Attempts: e.body.Attempts, Quarantined: e.body.Quarantined, Cause: e.body.Cause,
	}
}

// canonical leaves a whole kind no key of its own.
func canonical(key journal.Key) journal.Key {
	if key.Whole {
		key.ID = ""
	}
	return key
}

const (
	entryColumns = `version, body, touched, process, slot, n, owner, primary_store, seq, writetime(owner), toTimestamp(now())`
	readEntry    = `SELECT ` + entryColumns + ` FROM {entry} WHERE migration = ? AND kind = ? AND whole = ? AND id = ?`
)

func (b *Backend) at(key journal.Key) []any {
	return []any{b.options.Migration, key.Kind, key.Whole, []byte(key.ID)}
}

// read implements table.
func (t cqlTable) read(ctx context.Context, key journal.Key) (entry, error) {
	return scanEntry(key, t.query(ctx, readEntry, t.at(key)...))
}

// readSerial implements table.
func (t cqlTable) readSerial(ctx context.Context, key journal.Key) (entry, error) {
	return scanEntry(key, t.serialRead(ctx, readEntry, t.at(key)...))
}

// scanEntry reads rows: one for each fast token of the key, or one if it has none.
func scanEntry(key journal.Key, query gated) (entry, error) {
	e := entry{key: key}
	var text, owner *string
	var touched *time.Time
	var process, n, stamp, seq *int64
	var slot, primary *int
	rows := query.Iter()
	for rows.Scan(&e.version, &text, &touched, &process, &slot, &n, &owner, &primary, &seq, &stamp, &e.now) {
		if owner != nil && process != nil {
			e.fast = append(e.fast, fastRow{
				process: *process, slot: *slot, n: *n, owner: *owner, primary: phase.Store(*primary & 1), seq: uint64(*seq), stamp: *stamp,
			})
		}
	}
	if err := rows.Close(); err != nil {
		return entry{}, fmt.Errorf("cqlcontrol: read %v: %w", key, err)
	}
	if touched != nil {
		e.touched = *touched
	}
	if text != nil {
		if err := json.Unmarshal([]byte(*text), &e.body); err != nil {
			return entry{}, fmt.Errorf("cqlcontrol: the stored entry of %v: %w", key, err)
		}
	}
	return e, nil
}
