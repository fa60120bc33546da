package cqlcontrol

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

const (
	// defaultLimit bounds a listing whose query names no limit.
	defaultLimit = 1000
	// inOrder is how many keys are looked up at least, and so put in order: of more, those that were listed first come first.
	inOrder = 128
	// bucketsAtOnce is how many partitions of the listing are read in one go until there are enough keys.
	bucketsAtOnce = 4
	// strayAfter is how old a row is that is taken for nobody's: younger ones may be about to be used.
	strayAfter = time.Minute
)

// Unclean implements journal.Journal. It looks up no more keys than it needs: those of calls that have not ended, unless only dirty
// ones are asked for, and of the dirty ones those that were listed first.
func (j *Journal) Unclean(ctx context.Context, query journal.Query) ([]journal.Entry, error) {
	limit := query.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	s := search{journal: j, query: query, want: max(limit, inOrder), seen: make(map[journal.Key]bool)}
	if !query.Copyable && !query.Quarantined && query.IdleFor <= 0 && query.SettledFor <= 0 {
		keys, err := j.active(ctx)
		if err == nil {
			err = s.look(ctx, keys)
		}
		if err != nil {
			return nil, err
		}
	}
	s.want += len(s.found) // calls crowd out no key that was listed before
	if err := j.listed(ctx, bucketsAtOnce, s.visit(ctx)); err != nil {
		return nil, err
	}
	slices.SortFunc(s.found, func(a, b entry) int {
		return cmp.Or(a.last().Compare(b.last()), cmp.Compare(a.key.String(), b.key.String()))
	})
	entries := make([]journal.Entry, min(limit, len(s.found)))
	for i := range entries {
		entries[i] = s.found[i].export()
	}
	return entries, nil
}

// search looks for unclean keys.
type search struct {
	journal *Journal
	query   journal.Query
	want    int
	seen    map[journal.Key]bool
	found   []entry
}

// look looks keys up that were not seen yet.
func (s *search) look(ctx context.Context, keys []journal.Key) error {
	keys = slices.DeleteFunc(keys, func(key journal.Key) bool { return s.seen[key] })
	entries, err := s.journal.readAll(ctx, keys, s.query.Kind)
	for _, key := range keys {
		s.seen[key] = true
	}
	for _, e := range entries {
		if matches(s.query, e.export()) {
			s.found = append(s.found, e)
		}
	}
	return err
}

// visit returns a visitor of rows that looks up the keys of those which may match, until there are enough.
func (s *search) visit(ctx context.Context) func([]row, time.Time) (bool, error) {
	return func(rows []row, now time.Time) (bool, error) {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !mayMatch(s.query, r, now) })
		for len(rows) > 0 && len(s.found) < s.want {
			n := min(len(rows), s.want-len(s.found))
			if err := s.lookUp(ctx, rows[:n]); err != nil {
				return false, err
			}
			rows = rows[n:]
		}
		return len(s.found) < s.want, nil
	}
}

// lookUp looks up the keys of rows, and notes the rows that no key names.
func (s *search) lookUp(ctx context.Context, rows []row) error {
	j := s.journal
	entries := make([]entry, len(rows))
	err := j.turns.together(len(rows), func(i int) (err error) {
		entries[i], err = j.read(ctx, rows[i].key)
		return err
	})
	if err != nil {
		return err
	}
	for i, e := range entries {
		if rows[i].age > strayAfter && !e.body.Listing.same(rows[i].at) {
			j.process.stray(e.key, rows[i].at)
		}
		if !s.seen[e.key] && e.unclean() && matches(s.query, e.export()) {
			s.found = append(s.found, e)
		}
		s.seen[e.key] = true
	}
	return nil
}

// mayMatch reports whether a key may match of which a row says so much.
func mayMatch(q journal.Query, r row, now time.Time) bool {
	switch said := r.at.Said; {
	case q.Kind != "" && r.key.Kind != q.Kind:
	case r.idle(now) < max(q.IdleFor, q.SettledFor):
	case said != unsaid && q.Copyable && said.quarantined():
	case said != unsaid && q.Quarantined && !said.quarantined():
	default:
		return true
	}
	return false
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
