package cqlcontrol

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// row is a key that is listed as dirty.
type row struct {
	key journal.Key
	at  listing
	age time.Duration // since it was listed
}

// idle is at least how long ago the outcome of an attempt on the key was unknown last, if the row's key is still dirty.
func (r row) idle(now time.Time) time.Duration { return now.Sub(r.at.Since) }

const readListing = `SELECT n, kind, whole, id, said, since, added FROM {listing} WHERE migration = ? AND process = ? AND bucket = ?`

// rowsOf reads a partition of the listing.
func (t cqlTable) rowsOf(ctx context.Context, process, bucket int64, now time.Time) ([]row, error) {
	iter := t.query(ctx, readListing, t.options.Migration, process, bucket).Iter()
	var rows []row
	r := row{at: listing{Process: process, Bucket: bucket}}
	var id []byte
	var said *int8
	var since, added time.Time
	for iter.Scan(&r.at.N, &r.key.Kind, &r.key.Whole, &id, &said, &since, &added) {
		r.key.ID, r.at.Said, r.at.Since, r.age = string(id), unsaid, added, now.Sub(added)
		if said != nil {
			r.at.Said = saidOf(*said)
		}
		if since.After(added) {
			r.at.Since = since
		}
		rows = append(rows, r)
	}
	return rows, wrap("list dirty keys", iter.Close())
}

func saidOf(stored int8) said {
	if stored < 0 {
		return unsaid
	}
	return said(stored)
}

// listed implements table.
func (t cqlTable) listed(ctx context.Context, atOnce int, visit func(rows []row, now time.Time) (more bool, err error)) error {
	processes, err := t.processes(ctx)
	if err != nil {
		return err
	}
	var buckets []remoteBucket
	now := time.Time{}
	for _, r := range processes {
		now = r.now
		if r.id == t.process.id {
			r.buckets = t.process.lists.known()
		}
		for _, bucket := range r.buckets {
			if !t.gone.has(r.id)(bucket) {
				buckets = append(buckets, remoteBucket{r.id, bucket})
			}
		}
	}
	slices.SortFunc(buckets, func(a, b remoteBucket) int { return cmp.Compare(a.bucket, b.bucket) })
	for chunk := range slices.Chunk(buckets, atOnce) {
		found := make([][]row, len(chunk))
		err := t.turns.together(len(chunk), func(i int) (err error) {
			found[i], err = t.rowsOf(ctx, chunk[i].process, chunk[i].bucket, now)
			return err
		})
		if err != nil {
			return err
		}
		if more, err := visit(slices.Concat(found...), now); err != nil || !more {
			return err
		}
	}
	return nil
}

// active implements table.
func (t cqlTable) active(ctx context.Context) ([]journal.Key, error) {
	keys := t.process.openKeys()
	remotes, err := t.remotes(ctx)
	if err != nil {
		return nil, err
	}
	open := make([][]journal.Key, len(remotes))
	err = t.turns.together(len(remotes), func(i int) (err error) {
		open[i], err = t.silent.openOf(ctx, t, remotes[i])
		return err
	})
	return append(keys, slices.Concat(open...)...), err
}

// survey returns the unclean entries of a kind, or of all kinds if kind is empty: those that were looked up, and of the other keys
// what their rows say. A key whose call has not ended is looked up. The calls are read first: one that had ended by then had listed
// its key, if it left it dirty.
func (j *Journal) survey(ctx context.Context, kind string) (looked []entry, told map[journal.Key]said, err error) {
	keys, err := j.active(ctx)
	if err != nil {
		return nil, nil, err
	}
	seen := make(map[journal.Key]bool, len(keys))
	for _, key := range keys {
		seen[key] = true
	}
	told = make(map[journal.Key]said)
	err = j.listed(ctx, 2*width, func(rows []row, _ time.Time) (bool, error) {
		for _, r := range rows {
			if kind != "" && r.key.Kind != kind || seen[r.key] {
				continue
			}
			if before, again := told[r.key]; r.at.Said == unsaid || again && before != r.at.Said {
				seen[r.key] = true
				keys = append(keys, r.key)
				delete(told, r.key)
				continue
			}
			told[r.key] = r.at.Said
		}
		return true, nil
	})
	if err != nil {
		return nil, nil, err
	}
	looked, err = j.readAll(ctx, keys, kind)
	return looked, told, err
}

// opposed looks at a kind's unclean keys: whether one of them has the other primary, and which have a token.
func (j *Journal) opposed(ctx context.Context, kind string, primary phase.Store) (opposed bool, active []entry, err error) {
	looked, told, err := j.survey(ctx, kind)
	if err != nil {
		return false, nil, err
	}
	other := func(e entry) bool { return !e.key.Whole && e.primary() != primary }
	if slices.ContainsFunc(looked, other) {
		return true, nil, nil
	}
	var keys []journal.Key
	for key, s := range told {
		if s.primary() != primary {
			keys = append(keys, key)
		}
	}
	for some := range slices.Chunk(keys, 2*width) { // one that is so will do
		entries, err := j.readAll(ctx, some, kind)
		if err != nil || slices.ContainsFunc(entries, other) {
			return true, nil, err
		}
	}
	return false, slices.DeleteFunc(looked, func(e entry) bool { return e.active() == 0 }), nil
}

// readAll reads the unclean entries among the keys.
func (j *Journal) readAll(ctx context.Context, keys []journal.Key, kind string) ([]entry, error) {
	seen := make(map[journal.Key]bool)
	keys = slices.DeleteFunc(slices.Clone(keys), func(key journal.Key) bool {
		again := seen[key] || kind != "" && key.Kind != kind
		seen[key] = true
		return again
	})
	entries := make([]entry, len(keys))
	err := j.turns.together(len(keys), func(i int) (err error) {
		entries[i], err = j.read(ctx, keys[i])
		return err
	})
	return slices.DeleteFunc(entries, func(e entry) bool { return !e.unclean() }), err
}

// Counts implements journal.Journal.
func (j *Journal) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	looked, told, err := j.survey(ctx, kind)
	if err != nil {
		return journal.Counts{}, err
	}
	var counts journal.Counts
	for _, e := range looked {
		counts.Primary[e.primary()]++
		if e.active() > 0 {
			counts.Active++
		}
		if e.body.Dirty {
			counts.Dirty++
		}
		if e.body.Quarantined {
			counts.Quarantined++
		}
	}
	for _, s := range told {
		counts.Primary[s.primary()]++
		counts.Dirty++
		if s.quarantined() {
			counts.Quarantined++
		}
	}
	return counts, nil
}
