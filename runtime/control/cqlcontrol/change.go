package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
)

// errKeep ends a change that has nothing to write.
var errKeep = errors.New("nothing to write")

// attempt is a lightweight transaction of a change. Without an answer it may have been applied, or may come late.
type attempt struct {
	version gocql.UUID
	before  *listing // where the key was listed
	fresh   *listing // a row that this attempt alone uses
	after   entry
}

// change changes a key's body as if nobody else did. alter gets what is stored and alters its body; it may be called
// several times. errKeep leaves the entry as it is. The entry is returned as alter left it.
func (j *Journal) change(ctx context.Context, what string, key journal.Key, alter func(e *entry) error) (entry, error) {
	var open []attempt
	defer func() { j.process.strayed(open) }() // of those that it leaves here nobody knows whether they were applied
	failed := 0
	for n := range tries {
		e, err := j.readSerial(ctx, key)
		if err != nil { // a SERIAL read of a contended key times out as a write does
			failed++
			if stop := j.turns.pause(ctx, n); stop != nil || failed == patience {
				return entry{}, fmt.Errorf("cqlcontrol: %s: %w", what, errors.Join(err, stop))
			}
			continue
		}
		for i, a := range open {
			if e.version != nil && *e.version == a.version {
				open = append(open[:i:i], open[i+1:]...)
				j.applied(ctx, a)
				return a.after, nil
			}
		}
		fresh := e.body.clean()
		a := attempt{version: gocql.MustRandomUUID(), before: e.body.Listing}
		err = alter(&e)
		e.calm = e.calm && !fresh
		switch {
		case errors.Is(err, errKeep) && len(open) == 0:
			return e, nil
		case err != nil && !errors.Is(err, errKeep):
			return e, err
		}
		// errKeep with an attempt that is open: a write that changes nothing but the version keeps it from coming late.
		if a.fresh, err = j.enlist(ctx, &e); err != nil {
			return entry{}, err
		}
		a.after = e
		written, err := j.write(ctx, &e, a.version)
		switch {
		case written:
			j.applied(ctx, a)
			return e, nil
		case err != nil:
			open = append(open, a)
		case a.fresh != nil: // it was refused, and nothing refers to its row
			j.forgo(ctx, key, *a.fresh)
		}
		if err := j.turns.pause(ctx, n); err != nil {
			return entry{}, fmt.Errorf("cqlcontrol: %s: %w", what, err)
		}
	}
	return entry{}, fmt.Errorf("cqlcontrol: %s: %v is written by others all the time: %d attempts", what, key, tries)
}

// write stores a body if the version is still what was read. A clean one leaves its version for a while: an attempt that got
// no answer and comes late would otherwise find the key as it was, without an entry, and be applied.
func (t cqlTable) write(ctx context.Context, e *entry, version gocql.UUID) (bool, error) {
	if e.body.clean() {
		args := append([]any{int(debtLife.Seconds()), version}, append(t.at(e.key), e.version)...)
		return t.apply(ctx, `UPDATE {entry} USING TTL ? SET version = ?, body = '{}', touched = toTimestamp(now())
WHERE migration = ? AND kind = ? AND whole = ? AND id = ? IF version = ?`, args...)
	}
	text, err := json.Marshal(e.body)
	if err != nil {
		return false, err
	}
	args := append([]any{version, string(text)}, append(t.at(e.key), e.version)...)
	if e.calm {
		return t.apply(ctx, `UPDATE {entry} SET version = ?, body = ?
WHERE migration = ? AND kind = ? AND whole = ? AND id = ? IF version = ?`, args...)
	}
	return t.apply(ctx, `UPDATE {entry} SET version = ?, body = ?, touched = toTimestamp(now())
WHERE migration = ? AND kind = ? AND whole = ? AND id = ? IF version = ?`, args...)
}
