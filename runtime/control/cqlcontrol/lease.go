package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// chores is how often Renew does more than renew.
	chores = time.Second
	// forgetAfter is how long leases that ran out and processes that fell silent are remembered.
	forgetAfter = 24 * time.Hour
	// unlistAfter is how old the listing of a clean key must be before it is removed: older than any call that has put it
	// there and has not made the key dirty yet.
	unlistAfter = 5 * time.Minute
)

// Renew implements journal.Journal. It also tells the others how far this process is, takes away what failed calls left,
// and forgets the part of the log that nobody needs.
func (j *Journal) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	began := time.Now()
	err := j.query(ctx, `INSERT INTO {lease} (migration, owner, renewed, ttl) VALUES (?, ?, toTimestamp(now()), ?)`,
		j.options.Migration, owner, ttl.Milliseconds()).WithTimestamp(j.process.tick()).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: renew a lease: %w", err)
	}
	p := j.process
	p.mu.Lock()
	p.leases[owner] = began.Add(ttl)
	due := time.Since(p.renewed) >= chores
	if due {
		p.renewed = began
	}
	ceiling := p.ceiling
	p.mu.Unlock()
	if !due {
		return nil
	}
	if ceiling > 0 {
		if err := j.tellLog(ctx); err != nil {
			return err
		}
	}
	return errors.Join(j.payDebts(ctx), j.dropTracks(ctx), j.sweepLog(ctx))
}

// tellLog saves the position, not beside a reservation, whose ceiling it would lower.
func (j *Journal) tellLog(ctx context.Context) error {
	p := j.process
	p.reserving.Lock()
	defer p.reserving.Unlock()
	p.mu.Lock()
	ceiling := p.ceiling
	p.mu.Unlock()
	return j.savePosition(ctx, ceiling)
}

// payDebts takes away the tokens that calls with an unknown outcome may have left.
func (j *Journal) payDebts(ctx context.Context) error {
	p := j.process
	p.mu.Lock()
	debts := p.debts
	p.debts = nil
	p.mu.Unlock()
	var errs error
	for _, d := range debts {
		paid, err := j.pay(ctx, d)
		errs = errors.Join(errs, err)
		if paid {
			p.drop(d.token.ID)
			continue
		}
		p.mu.Lock()
		p.debts = append(p.debts, d)
		p.mu.Unlock()
	}
	return errs
}

// pay reports whether a debt's token is gone for good.
func (j *Journal) pay(ctx context.Context, d debt) (bool, error) {
	found := false
	_, err := j.change(ctx, "take a stray token away", d.key, func(e *entry) error {
		if _, found = e.body.remove(d.token.ID); !found {
			return errKeep
		}
		e.body.Dirty = true
		e.touch(j.process.sequence())
		return nil
	})
	return err == nil && (found || time.Now().After(d.until)), err
}

// sweepLog forgets the log of calls that have ended, unless somebody tracks. The position is taken before the tracks are
// looked at; see Track.
func (j *Journal) sweepLog(ctx context.Context) error {
	low := j.process.position().low() / bucketSize
	j.process.mu.Lock()
	swept := j.process.swept
	j.process.mu.Unlock()
	if swept >= low {
		return nil
	}
	if tracked, err := j.tracked(ctx); err != nil || tracked {
		return err
	}
	if err := j.dropLog(ctx, j.process.id, swept, low); err != nil {
		return err
	}
	j.process.mu.Lock()
	j.process.swept = low
	j.process.mu.Unlock()
	return nil
}

// dropLog deletes the buckets from up to below to.
func (j *Journal) dropLog(ctx context.Context, process, from, to int64) error {
	for bucket := from; bucket < to; bucket++ {
		err := j.query(ctx, `DELETE FROM {log} WHERE migration = ? AND process = ? AND bucket = ?`, j.options.Migration, process, bucket).Exec()
		if err != nil {
			return fmt.Errorf("cqlcontrol: sweep the log: %w", err)
		}
	}
	return nil
}

// Expire implements journal.Journal.
func (j *Journal) Expire(ctx context.Context) (int, error) {
	lapsed, err := j.lapsed(ctx)
	if err != nil {
		return 0, err
	}
	keys := 0
	if len(lapsed) > 0 {
		if keys, err = j.takeAllAway(ctx, lapsed); err != nil {
			return keys, err
		}
		if err := j.dropTracksOf(ctx, lapsed); err != nil {
			return keys, err
		}
	}
	return keys, errors.Join(j.unlist(ctx), j.forgetProcesses(ctx))
}

// lapsed returns the owners whose leases ran out.
func (j *Journal) lapsed(ctx context.Context) (map[string]bool, error) {
	rows := j.query(ctx, `SELECT owner, renewed, ttl, toTimestamp(now()) FROM {lease} WHERE migration = ?`, j.options.Migration).Iter()
	owners := make(map[string]bool)
	var owner string
	var renewed, now time.Time
	var ttl int64
	for rows.Scan(&owner, &renewed, &ttl, &now) {
		if now.Sub(renewed) > time.Duration(ttl)*time.Millisecond+max(0, j.options.Skew) {
			owners[owner] = true
		}
	}
	if err := rows.Close(); err != nil {
		return nil, fmt.Errorf("cqlcontrol: read the leases: %w", err)
	}
	return owners, nil
}

// takeAllAway takes the owners' tokens away, and returns of how many keys.
func (j *Journal) takeAllAway(ctx context.Context, owners map[string]bool) (keys int, err error) {
	entries, err := j.list(ctx, "")
	if err != nil {
		return 0, err
	}
	for _, e := range entries {
		took, err := j.takeAway(ctx, e, owners)
		if err != nil {
			return keys, err
		}
		if took {
			keys++
		}
	}
	return keys, nil
}

// takeAway takes the owners' tokens away from a key, which turns dirty.
func (j *Journal) takeAway(ctx context.Context, found entry, owners map[string]bool) (bool, error) {
	gone := func(h held) bool { return owners[h.Owner] }
	fast := found.rowsOf(owners)
	if len(fast) == 0 && !slices.ContainsFunc(found.body.Tokens, gone) {
		return false, nil
	}
	took := false
	_, err := j.change(ctx, "take lapsed tokens away", found.key, func(e *entry) error {
		fast = e.rowsOf(owners)
		if took = len(fast) > 0 || slices.ContainsFunc(e.body.Tokens, gone); !took {
			return errKeep
		}
		e.dirty()
		e.body.Tokens = slices.DeleteFunc(e.body.Tokens, gone)
		e.touch(j.process.sequence())
		return nil
	})
	if err != nil {
		return false, err
	}
	for _, f := range fast { // the key is dirty by now
		if err := j.dropRow(ctx, found.key, f); err != nil {
			return false, err
		}
	}
	return took, nil
}

// rowsOf returns the tokens of the fast path that the owners hold.
func (e *entry) rowsOf(owners map[string]bool) []fastRow {
	var rows []fastRow
	for _, f := range e.fast {
		if owners[f.owner] {
			rows = append(rows, f)
		}
	}
	return rows
}

// unlist removes listings of keys that are clean again. The SERIAL read finishes any transaction that was to make the key
// dirty.
func (j *Journal) unlist(ctx context.Context) error {
	listings, err := j.listings(ctx)
	if err != nil {
		return err
	}
	for _, l := range listings {
		if l.now.Sub(l.added) < unlistAfter {
			continue
		}
		e, err := j.readSerial(ctx, l.key)
		if err != nil {
			return err
		}
		if e.unclean() {
			continue
		}
		err = j.query(ctx, `DELETE FROM {dirty} USING TIMESTAMP ? WHERE migration = ? AND shard = ? AND kind = ? AND whole = ? AND id = ? AND mark = ?`,
			l.stamp, j.options.Migration, shardOf(l.key), l.key.Kind, l.key.Whole, []byte(l.key.ID), l.mark).Exec()
		if err != nil {
			return fmt.Errorf("cqlcontrol: remove a listing: %w", err)
		}
	}
	return nil
}

// forgetProcesses forgets processes that fell silent long ago and hold nothing, unless somebody tracks.
func (j *Journal) forgetProcesses(ctx context.Context) error {
	remotes, err := j.remotes(ctx)
	if err != nil {
		return err
	}
	remotes = slices.DeleteFunc(remotes, func(r remote) bool { return r.idle < forgetAfter })
	if len(remotes) == 0 {
		return nil
	}
	if tracked, err := j.tracked(ctx); err != nil || tracked {
		return err
	}
	for _, r := range remotes {
		keys, err := j.logged(ctx, r.id, r.position, r.ceiling)
		if err != nil {
			return err
		}
		entries, err := j.readAll(ctx, keys, "")
		if err != nil {
			return err
		}
		if slices.ContainsFunc(entries, func(e entry) bool { return e.active() > 0 }) {
			continue // an owner without a lease keeps its tokens
		}
		if err := j.dropLog(ctx, r.id, r.position.low()/bucketSize, r.ceiling/bucketSize+1); err != nil {
			return err
		}
		err = j.query(ctx, `DELETE FROM {process} USING TIMESTAMP ? WHERE migration = ? AND process = ?`, r.stamp, j.options.Migration, r.id).Exec()
		if err != nil {
			return fmt.Errorf("cqlcontrol: forget a process: %w", err)
		}
	}
	return nil
}
