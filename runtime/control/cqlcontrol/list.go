package cqlcontrol

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
)

// shards is how many partitions the dirty keys are spread over.
const shards = 16

func shardOf(key journal.Key) int {
	h := fnv.New32a()
	_, _ = fmt.Fprintf(h, "%q%q", key.Kind, key.ID) // a hash takes everything
	return int(h.Sum32() % shards)
}

// listDirty puts a key in the table of dirty keys. The row is this call's own: who removes another's cannot hit it.
func (t cqlTable) listDirty(ctx context.Context, key journal.Key) error {
	err := t.query(ctx, `INSERT INTO {dirty} (migration, shard, kind, whole, id, mark, added) VALUES (?, ?, ?, ?, ?, ?, toTimestamp(now()))`,
		t.options.Migration, shardOf(key), key.Kind, key.Whole, []byte(key.ID), gocql.MustRandomUUID()).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: list %v as dirty: %w", key, err)
	}
	return nil
}

// listing is a row of the table of dirty keys.
type listing struct {
	key   journal.Key
	mark  gocql.UUID
	added time.Time
	now   time.Time
	stamp int64
}

// listings reads the table of dirty keys. Rows of keys that are clean again may be among them.
func (j *Journal) listings(ctx context.Context) ([]listing, error) {
	found := make([][]listing, shards)
	err := j.turns.together(shards, func(shard int) error {
		rows := j.query(ctx, `SELECT kind, whole, id, mark, added, writetime(added), toTimestamp(now()) FROM {dirty} WHERE migration = ? AND shard = ?`,
			j.options.Migration, shard).Iter()
		var l listing
		var id []byte
		for rows.Scan(&l.key.Kind, &l.key.Whole, &id, &l.mark, &l.added, &l.stamp, &l.now) {
			l.key.ID = string(id)
			found[shard] = append(found[shard], l)
		}
		return rows.Close()
	})
	if err != nil {
		return nil, fmt.Errorf("cqlcontrol: list dirty keys: %w", err)
	}
	return slices.Concat(found...), nil
}

// remote is another process, as it last told.
type remote struct {
	id       int64
	position position
	ceiling  int64
	idle     time.Duration
	stamp    int64
}

func (j *Journal) remotes(ctx context.Context) ([]remote, error) {
	rows := j.query(ctx, `SELECT process, position, ceiling, seen, writetime(position), toTimestamp(now()) FROM {process} WHERE migration = ?`,
		j.options.Migration).Iter()
	var found []remote
	var text string
	var seen, now time.Time
	var broken error
	for {
		var r remote
		if !rows.Scan(&r.id, &text, &r.ceiling, &seen, &r.stamp, &now) {
			break
		}
		broken = errors.Join(broken, json.Unmarshal([]byte(text), &r.position))
		r.idle = now.Sub(seen)
		if r.id != j.process.id {
			found = append(found, r)
		}
	}
	if err := errors.Join(rows.Close(), broken); err != nil {
		return nil, fmt.Errorf("cqlcontrol: list processes: %w", err)
	}
	return found, nil
}

// candidates returns every key that may be unclean: those listed as dirty, and those of calls that have not ended.
func (t cqlTable) candidates(ctx context.Context, active bool) ([]journal.Key, error) {
	j := t.Journal
	keys := []journal.Key{}
	if active {
		keys = j.process.openKeys()
		remotes, err := j.remotes(ctx)
		if err != nil {
			return nil, err
		}
		for _, r := range remotes {
			logged, err := j.logged(ctx, r.id, r.position, r.ceiling)
			if err != nil {
				return nil, err
			}
			keys = append(keys, logged...)
		}
	}
	listings, err := j.listings(ctx)
	if err != nil {
		return nil, err
	}
	for _, l := range listings {
		keys = append(keys, l.key)
	}
	return keys, nil
}

// list reads the unclean entries of a kind, or of all kinds if kind is empty.
func (j *Journal) list(ctx context.Context, kind string) ([]entry, error) {
	keys, err := j.candidates(ctx, true)
	if err != nil {
		return nil, err
	}
	return j.readAll(ctx, keys, kind)
}

// readAll reads the unclean entries among the keys.
func (j *Journal) readAll(ctx context.Context, keys []journal.Key, kind string) ([]entry, error) {
	seen := make(map[journal.Key]bool)
	keys = slices.DeleteFunc(keys, func(key journal.Key) bool {
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

// defaultLimit bounds a listing whose query names no limit.
const defaultLimit = 1000

// Unclean implements journal.Journal.
func (j *Journal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	keys, err := j.candidates(ctx, !query.Copyable && !query.Quarantined)
	if err != nil {
		return nil, err
	}
	found, err := j.readAll(ctx, keys, query.Kind)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b entry) int {
		return cmp.Or(a.last().Compare(b.last()), cmp.Compare(a.key.String(), b.key.String()))
	})
	entries := []journal.Entry{}
	for _, e := range found {
		if out := e.export(); matches(query, out) {
			entries = append(entries, out)
		}
	}
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	return entries[:min(limit, len(entries))], nil
}

func matches(q journal.Query, e journal.Entry) bool {
	switch {
	case q.Copyable && (!e.Dirty || e.Active > 0 || e.Quarantined):
	case q.Quarantined && !e.Quarantined:
	case q.SettledFor > 0 && (!e.Dirty || e.Settled < q.SettledFor):
	case q.IdleFor > 0 && (e.Active > 0 || e.Idle < q.IdleFor):
	default:
		return true
	}
	return false
}

// Counts implements journal.Journal.
func (j *Journal) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	entries, err := j.list(ctx, kind)
	if err != nil {
		return journal.Counts{}, err
	}
	var counts journal.Counts
	for _, e := range entries {
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
	return counts, nil
}
