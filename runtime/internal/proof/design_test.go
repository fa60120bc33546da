package proof

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

// A design is a way to keep two stores together that was built, or proposed, somewhere else. Each has one key, a primary
// and a mirror; failure-modes.md lists what breaks it.
type design struct {
	name       string
	marks      marking
	ifAbsent   bool // the backfill puts only what the mirror does not have
	tombstones bool // a delete leaves a tombstone in the mirror
	versioned  bool // mirror writes are conditional on a version that the primary hands out, and deletes leave tombstones
	verify     bool // a mark is given up only after both stores were read again and agree
	lease      bool // marks of living owners are left alone
	counted    bool // backfill and reconciler hold marks as writers do
	settle     bool // a mark is worked on only when late writes must have landed
	joined     bool // the mark is made in the primary's own transaction
	purge      bool // tombstones are cleaned without a fence
}

// marking is how a design remembers what may differ.
type marking uint8

const (
	unmarked   marking = iota
	onFailure          // a flag, when the mirror failed
	oneBefore          // a flag, before the write; cleared by whoever is done
	perAttempt         // a mark of its own for each attempt
)

// designRow is one row of a store: an absent one has the value 0.
type designRow struct {
	value, version int8
	tombstone      bool
}

// designMark is one mark of a perAttempt design.
type designMark struct {
	owner    int
	since    time.Duration
	released bool // its attempt is over, and failed
	gone     bool
}

// designWorld is one run of a design.
type designWorld struct {
	d        design
	s        *explore.Scheduler
	p, q     designRow
	flag     bool
	marks    []designMark
	versions int8
}

// The objects of a design's world.
const (
	designP uint64 = 1 << iota
	designQ
	designMarks
)

// at stops before a call and has its effect as the scheduler decides.
func (w *designWorld) at(what string, f explore.Footprint, effect func()) error {
	faults := explore.NoFault
	if f.Writes&(designP|designQ) != 0 {
		faults = explore.FailsLate
	}
	switch w.s.Point(what, f, faults) {
	case explore.Success:
		effect()
		return nil
	case explore.FailAfter:
		effect()
	case explore.FailLate:
		w.s.Late(what+" lands", f, settle-1, effect)
	case explore.Gone:
		return explore.ErrGone
	}
	return errInjected
}

func (w *designWorld) readP() (row designRow, err error) {
	err = w.at("read primary", explore.Footprint{Reads: designP}, func() { row = w.p })
	return row, err
}

// agree reads both stores again.
func (w *designWorld) agree() bool {
	p, errP := w.readP()
	var q designRow
	errQ := w.at("read mirror", explore.Footprint{Reads: designQ}, func() { q = w.q })
	return errP == nil && errQ == nil && p.value == q.value
}

// begin marks an attempt; n names it.
func (w *designWorld) begin(owner int) (n int, err error) {
	switch w.d.marks {
	case oneBefore:
		err = w.at("set the mark", explore.Footprint{Writes: designMarks}, func() { w.flag = true })
	case perAttempt:
		err = w.at("insert a mark", explore.Footprint{Writes: designMarks}, func() { n = w.insert(owner) })
	}
	return n, err
}

func (w *designWorld) insert(owner int) int {
	w.marks = append(w.marks, designMark{owner: owner, since: w.s.Now()})
	return len(w.marks) - 1
}

// end gives an attempt's mark up, or leaves it to the reconciler.
func (w *designWorld) end(n int, ok bool) {
	marks := explore.Footprint{Writes: designMarks}
	switch {
	case w.d.marks == onFailure && !ok:
		_ = w.at("set the mark", marks, func() { w.flag = true })
	case w.d.marks == oneBefore && ok:
		_ = w.at("clear the mark", marks, func() { w.flag = false })
	case w.d.marks == perAttempt && ok && (!w.d.verify || w.agree()):
		_ = w.at("delete own mark", marks, func() { w.marks[n].gone = true })
	case w.d.marks == perAttempt:
		_ = w.at("release own mark", marks, func() { w.marks[n].released = true })
	}
}

// write is a client's put, or delete where value is 0.
func (w *designWorld) write(instance int, value int8) {
	n := 0
	if !w.d.joined {
		var err error
		if n, err = w.begin(instance); err != nil {
			return
		}
	}
	row := designRow{value: value}
	err := w.at(fmt.Sprintf("primary = %d", value), explore.Footprint{Writes: designP | designMarks}, func() {
		if w.d.joined {
			n = w.insert(instance)
		}
		w.versions++
		row.version = w.versions
		w.p = row
	})
	if err != nil {
		if !w.d.joined { // else nobody knows whether there is a mark: its lease will tell
			w.end(n, false)
		}
		return
	}
	row.tombstone = value == 0 && (w.d.tombstones || w.d.versioned)
	err = w.mirror(row)
	w.end(n, err == nil)
}

// mirror writes the mirror.
func (w *designWorld) mirror(row designRow) error {
	return w.at(fmt.Sprintf("mirror = %d (version %d)", row.value, row.version), explore.Footprint{Writes: designQ}, func() {
		if !w.d.versioned || row.version > w.q.version {
			w.q = row
		}
	})
}

// backfill copies the one row.
func (w *designWorld) backfill(instance int) {
	n := 0
	if w.d.counted {
		var err error
		if n, err = w.begin(instance); err != nil {
			return
		}
	}
	row, err := w.readP()
	if err != nil {
		return
	}
	if row.value != 0 || w.d.versioned {
		err = w.at(fmt.Sprintf("backfill mirror = %d (version %d)", row.value, row.version), explore.Footprint{Writes: designQ}, func() {
			if w.d.ifAbsent && (w.q.value != 0 || w.q.tombstone) || w.d.versioned && row.version <= w.q.version {
				return
			}
			w.q = row
		})
	}
	if w.d.counted {
		w.end(n, err == nil)
	}
}

// reconcile works on the marks that may be worked on.
func (w *designWorld) reconcile(instance int) {
	var seen []int
	flagged := false
	look := func() { seen, flagged = w.due(), w.flag }
	if w.at("list marks", explore.Footprint{Reads: designMarks}, look) != nil || len(seen) == 0 && !flagged {
		return
	}
	if w.d.settle && w.s.Sleep(context.Background(), settle) != nil {
		return
	}
	n := 0
	if w.d.counted {
		var err error
		if n, err = w.begin(instance); err != nil {
			return
		}
	}
	row, err := w.readP()
	if err == nil {
		row.tombstone = row.value == 0 && (w.d.tombstones || w.d.versioned)
		err = w.mirror(row)
	}
	if err == nil && (!w.d.verify || w.agree()) {
		_ = w.at("delete the marks seen", explore.Footprint{Writes: designMarks}, func() {
			w.flag = false
			for _, i := range seen {
				w.marks[i].gone = true
			}
		})
	}
	if w.d.counted {
		w.end(n, err == nil)
	}
}

// due lists the marks that a reconciler may work on.
func (w *designWorld) due() []int {
	var due []int
	for i, m := range w.marks {
		dead := m.owner >= 0 && w.s.Gone(m.owner) || w.s.Now()-m.since >= lease
		if !m.gone && (m.released || dead || !w.d.lease) {
			due = append(due, i)
		}
	}
	return due
}

// purges removes a tombstone that it has seen.
func (w *designWorld) purges() {
	_ = w.at("purge the tombstone", explore.Footprint{Writes: designQ}, func() {
		if w.q.tombstone {
			w.q = designRow{}
		}
	})
}

// adversity is what a design has to bear.
type adversity struct {
	name     string
	budget   explore.Budget
	writes   []int8 // one client each; the first in instance 0, which may crash
	row      int8   // in the primary at first
	mirrored bool   // and in the mirror
	backfill bool
	repair   bool // a reconciler runs meanwhile
}

// explorable makes a world of a design and what it has to bear.
func (d design) explorable(a adversity) explore.World {
	return explore.World{Name: d.name + " / " + a.name, Budget: a.budget, Start: func(s *explore.Scheduler) func() error {
		w := &designWorld{d: d, s: s, versions: 1, p: designRow{value: a.row, version: 1}}
		if a.mirrored {
			w.q = w.p
		}
		for i, value := range a.writes {
			s.Go(fmt.Sprintf("writer %d", i), i%2, func() { w.write(i%2, value) })
		}
		if a.backfill {
			s.Go("backfill", -1, func() { w.backfill(-1) })
		}
		if a.repair {
			s.Go("reconciler", -1, func() { w.reconcile(-1) })
		}
		if d.purge {
			s.Go("purge", -1, w.purges)
		}
		if a.budget.Crashes > 0 {
			s.Crashable(0)
		}
		return w.close
	}}
}

// close repairs what is marked and compares.
func (w *designWorld) close() error {
	for range 3 {
		w.s.Advance(lease)
		w.reconcile(-1)
	}
	if w.p.value != w.q.value {
		return fmt.Errorf("%w: %d in the primary, %d in the mirror", errDiverged, w.p.value, w.q.value)
	}
	return nil
}
