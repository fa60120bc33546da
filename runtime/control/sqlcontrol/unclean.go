package sqlcontrol

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// defaultLimit bounds a listing whose query names no limit.
const defaultLimit = 1000

const (
	listQueue = `SELECT ` + entryColumns + ` FROM {entry}{byQueue} WHERE queue = ? AND since <= ?`
	// ofCalls are the entries of the queue that is not dirty; most of it is rows of clean keys, which wait to be swept.
	ofCalls       = ` AND tokens <> ''`
	ofQuarantined = ` AND quarantined = 1`
	oldestFirst   = ` ORDER BY since LIMIT ?`
)

// statesOf are the states that a query asks for.
func statesOf(query journal.Query) []string {
	var states []string
	for state, asked := range map[string]bool{
		cleanQueue: !query.Copyable && !query.Quarantined && query.IdleFor <= 0 && query.SettledFor <= 0,
		heldQueue:  !query.Copyable && query.IdleFor <= 0,
		copyQueue:  !query.Quarantined,
		stopQueue:  !query.Copyable,
	} {
		if asked {
			states = append(states, state)
		}
	}
	slices.Sort(states)
	return states
}

// Unclean implements journal.Journal. It reads the oldest entries of each queue, so that what it costs depends on the limit, and
// on the clean rows that are not swept yet where it lists calls too.
func (j *Journal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	var stored []entryRow
	err := j.reading(ctx, "list unclean keys", func(t transaction) (err error) {
		stored, err = t.unclean(query, limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(stored, func(a, b entryRow) int {
		return cmp.Or(cmp.Compare(a.Touched, b.Touched), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Whole, b.Whole), cmp.Compare(a.ID, b.ID))
	})
	entries := make([]journal.Entry, min(limit, len(stored)))
	for i := range entries {
		if entries[i], err = j.entryOf(ctx, stored[i]); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

func (t transaction) unclean(query journal.Query, limit int) (stored []entryRow, err error) {
	until := int64(math.MaxInt64)
	if window := max(query.IdleFor, query.SettledFor); window > 0 {
		now, err := t.now()
		if err != nil {
			return nil, err
		}
		until = now - window.Microseconds()
	}
	queues, err := t.queues(escape(query.Kind), statesOf(query)...)
	if err != nil {
		return nil, err
	}
	for _, q := range queues {
		statement := listQueue
		switch {
		case q.state == cleanQueue:
			statement += ofCalls
		case q.state == heldQueue && query.Quarantined:
			statement += ofQuarantined
		}
		var part []entryRow
		if err := t.query(&part, statement+oldestFirst, q.name, until, limit); err != nil {
			return nil, err
		}
		stored = append(stored, part...)
	}
	return stored, nil
}

// maxCounted is how many keys of one queue are counted.
const maxCounted = 10_000

const (
	countQueue = `SELECT count(*) AS n, 0 AS quarantined FROM (SELECT since FROM {entry}{byQueue} WHERE queue = ? LIMIT ?) v`
	countHeld  = `SELECT count(*) AS n, COALESCE(sum(quarantined), 0) AS quarantined
FROM (SELECT quarantined FROM {entry}{byQueue} WHERE queue = ? LIMIT ?) v`
	countCalls = `SELECT primary_store, count(*) AS n FROM {entry}{byQueue} WHERE queue = ?` + ofCalls + ` GROUP BY primary_store`
)

// Counts implements journal.Journal.
func (j *Journal) Counts(ctx context.Context, kind string) (journal.Counts, error) {
	var counts journal.Counts
	err := j.reading(ctx, "count unclean keys", func(t transaction) error {
		counts = journal.Counts{}
		queues, err := t.queues(escape(kind), cleanQueue, heldQueue, copyQueue, stopQueue)
		if err != nil {
			return err
		}
		for _, q := range queues {
			if q.state == cleanQueue {
				err = t.countCalls(q, &counts)
			} else {
				err = t.countQueue(q, &counts)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return counts, err
}

// countCalls counts the calls and copies that began on keys which were not dirty or no longer are.
func (t transaction) countCalls(q queue, counts *journal.Counts) error {
	var groups []struct {
		Primary phase.Store `db:"primary_store"`
		N       int         `db:"n"`
	}
	if err := t.query(&groups, countCalls, q.name); err != nil {
		return err
	}
	for _, g := range groups {
		counts.Primary[g.Primary&1] += g.N
		counts.Active += g.N
	}
	return nil
}

// countQueue counts the dirty entries of a queue, up to a limit.
func (t transaction) countQueue(q queue, counts *journal.Counts) error {
	var found struct {
		N           int `db:"n"`
		Quarantined int `db:"quarantined"`
	}
	statement := countQueue
	if q.state == heldQueue {
		statement = countHeld
	}
	if err := t.get(&found, statement, q.name, maxCounted+1); err != nil {
		return err
	}
	if found.N > maxCounted {
		found.N, found.Quarantined, counts.More = maxCounted, min(found.Quarantined, maxCounted), true
	}
	counts.Primary[q.primary&1] += found.N
	counts.Dirty += found.N
	switch q.state {
	case heldQueue:
		counts.Active += found.N
		counts.Quarantined += found.Quarantined
	case stopQueue:
		counts.Quarantined += found.N
	}
	return nil
}
