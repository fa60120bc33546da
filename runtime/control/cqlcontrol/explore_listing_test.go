package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// listedRow is a row of the listing in memory. Its turn tells which of its writes counts.
type listedRow struct {
	listing
	gone bool
}

// listBit is the object that the listing of the key, or of its kind, is.
func listBit(key journal.Key) uint64 {
	if key.Whole {
		return 1 << 9
	}
	return 1 << 8
}

// edit is a write of a row, which may be the first.
func (m memory) edit(what string, key journal.Key, p listing, gone bool) error {
	effect := func() {
		rows := m.w.listing[key]
		i := slices.IndexFunc(rows, func(r listedRow) bool { return r.same(p) })
		switch {
		case i < 0:
			m.w.listing[key] = append(rows, listedRow{p, gone})
		case p.Turn > rows[i].Turn || m.w.broken == lastWins && !rows[i].gone:
			rows[i] = listedRow{p, gone}
		}
		m.w.checkListing(key)
	}
	_, bit := m.w.of(key)
	f := explore.Footprint{Writes: listBit(key), Reads: bit} // of the key, for the check
	return m.land(fmt.Sprintf("%s %v row %d: %d", what, key, p.N, p.Said), f, effect)
}

func (m memory) list(_ context.Context, key journal.Key, what said, since time.Time) (listing, error) {
	p := listing{N: m.w.rowsUsed, Turn: firstTurn, Said: what, Since: since}
	if rows := m.w.listing[key]; m.w.broken == reuses && len(rows) > 0 {
		p.N = 0
	} else {
		m.w.rowsUsed++
	}
	if m.w.broken == unlisted {
		return p, nil
	}
	return p, m.edit("list", key, p, false)
}

func (m memory) say(_ context.Context, key journal.Key, p listing) error {
	if m.w.broken == assertive && p.Said == unsaid {
		return nil
	}
	return m.edit("say", key, p, false)
}

func (m memory) unlist(_ context.Context, key journal.Key, p listing) error {
	p.Turn = removal
	return m.edit("unlist", key, p, true)
}

// checkListing: a dirty key is in the row that its body names, and what that says is true.
func (w *world) checkListing(key journal.Key) {
	row, _ := w.of(key)
	b := row.body
	if !b.Dirty {
		return
	}
	i := slices.IndexFunc(w.listing[key], func(r listedRow) bool { return b.Listing.same(r.listing) })
	switch {
	case i < 0 || w.listing[key][i].gone:
		w.s.Fail(fmt.Errorf("%v is dirty and not listed: %+v", key, b))
	case w.listing[key][i].Said != unsaid && w.listing[key][i].Said != b.says():
		w.s.Fail(fmt.Errorf("the row of %v says %d, and it is %d", key, w.listing[key][i].Said, b.says()))
	}
}

// tidies is a client that tidies each row that it finds, as if it were nobody's.
func tidies(w *world, j *Journal, _ string, _ int8) {
	for _, k := range []journal.Key{key, wholeOf(key)} {
		if j.table.(memory).glance(fmt.Sprintf("rows of %v", k), listBit(k)) != nil {
			return
		}
		for _, r := range slices.Clone(w.listing[k]) {
			switch {
			case r.gone:
			case w.broken == unbumped:
				if e, err := j.readSerial(context.Background(), k); err == nil && !e.body.Listing.same(r.listing) {
					_ = j.unlist(context.Background(), k, r.listing)
				}
			default:
				_ = j.tidy(context.Background(), stray{k, r.listing}) // it is tried again at the end
			}
		}
	}
}

// marks is a client that marks the key dirty.
func marks(_ *world, j *Journal, _ string, _ int8) {
	_ = j.MarkDirty(context.Background(), []journal.Key{key}, phase.Old)
}

// fails is a copy that fails for good.
func fails(_ *world, j *Journal, owner string, _ int8) {
	token, ok, err := j.BeginCopy(context.Background(), owner, key, 0)
	if err != nil || !ok {
		return
	}
	for range 4 {
		if err := j.Fail(context.Background(), key, token, "no", 1); err == nil || errors.Is(err, journal.ErrTokenLost) {
			return
		}
	}
}

// tidyAll has the strays removed. Where nothing went wrong there are none.
func (w *world) tidyAll() error {
	for k, rows := range w.listing {
		for i, r := range slices.Clone(rows) {
			if r.gone {
				continue
			}
			if w.budget == (explore.Budget{}) && w.broken == "" {
				return fmt.Errorf("a row of %v is left, which is clean, and nothing went wrong: %+v", k, r)
			}
			if err := w.procs[1].tidy(context.Background(), stray{k, r.listing}); err != nil {
				return err
			}
			if !w.listing[k][i].gone {
				return fmt.Errorf("a row of %v stays, which is clean: %+v", k, r)
			}
		}
	}
	return nil
}
