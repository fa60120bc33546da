package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/proof"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A world of these tests is a key in two stores, its rows in a table in memory, and two processes with this package's own
// Journal over that table. Every call of the table is a step. The table is linearizable, as quorum writes and quorum reads
// are once they were acknowledged; what a write under way shows to some and not to others is not modelled.

// errStruck is what a call returns that a fault struck.
var errStruck = errors.New("injected fault")

// The objects of a world, one bit each: the rows of the key and of its kind, the two stores, and what the processes have told.
const (
	keyBit, kindBit = 1 << 0, 1 << 1
	storeBit        = 1 << 2 // and the next one
	toldBit         = 1 << 4 // and the next one
	logBit          = 1 << 6 // and the next one
)

// world is one run.
type world struct {
	*plan
	s        *explore.Scheduler
	checker  *proof.Checker
	history  proof.History
	rows     [2]stored   // of the key, and of its kind
	told     [2]position // by the processes
	logs     [2][]int64  // the numbers of their calls on the key
	listing  map[journal.Key][]listedRow
	rowsUsed int
	changes  int // of the rows
	stores   [2]int8
	procs    [2]*Journal
}

// plan says what happens in a world.
type plan struct {
	name    string
	clients []client
	budget  explore.Budget
	crash   bool // process 0 may
	stale   bool // the key is dirty at first: the new store holds an older value
	broken  fault
}

// client is a thread of a process.
type client struct {
	process int
	do      func(w *world, j *Journal, owner string, value int8)
}

// fault is a rule that is left out.
type fault string

const (
	blind     fault = "a call on the fast path does not look around"
	blindCopy fault = "a copy does not look for rows once it began"
	blindSlow fault = "a call beside the fast path does not look again"
	hides     fault = "a process does not tell which of its calls are open"
	trusting  fault = "who has told nothing is taken to have ended everything"
	replaces  fault = "a row that comes late replaces a later one"
	forgets   fault = "a key that turns clean leaves no version"
	careless  fault = "a lightweight transaction does not compare"
	unlisted  fault = "a key turns dirty before it is listed"
	reuses    fault = "an attempt uses the row of an earlier one"
	unbumped  fault = "a row is tidied, and its key gets no new version"
	assertive fault = "a row says what it said while its key becomes something else"
	lastWins  fault = "of what was written to a row, what came last counts"
	unwatched fault = "nobody looks who called while a kind's keys were listed"
)

// journalOf is this package's journal over the table.
func (w *world) journalOf(process int) *Journal {
	j := &Journal{Backend: &Backend{}, process: newProcess()}
	j.process.ceiling = 1 << 40
	j.process.lists.told = time.Now().Add(time.Hour) // silence is not what these worlds are about
	j.table = memory{w, process}
	j.ended = func() {
		if w.s.Instance() < 0 {
			_ = j.tell(context.Background(), j.process.position()) // nothing fails at the end
			return
		}
		w.s.Go(fmt.Sprintf("telling of p%d", process), process, func() {
			_ = j.tell(context.Background(), j.process.position()) // close tries again
		})
	}
	j.turns = turns{
		together: func(n int, do func(int) error) (err error) {
			for i := range n {
				err = errors.Join(err, do(i))
			}
			return err
		},
		pause: func(context.Context, int) error { return nil },
		wait: func(context.Context, int) error {
			seen := w.changes
			if !w.s.Wait(explore.Condition{What: "waits", Reads: explore.Footprint{Reads: keyBit | kindBit},
				Holds: func() bool { return w.changes != seen }}) {
				return explore.ErrGone
			}
			return nil
		},
	}
	return j
}

func ownerOf(process int) string { return fmt.Sprint("p", process) }

// start sets the world up.
func (w *world) start(s *explore.Scheduler) func() error {
	w.s, w.changes, w.stores, w.told, w.logs = s, 0, [2]int8{7, 7}, [2]position{}, [2][]int64{}
	w.listing, w.rowsUsed = map[journal.Key][]listedRow{}, 0
	w.history.Reset()
	w.history.Return(w.history.Call(proof.Input{Act: proof.Put, Value: proof.Value{A: 7}}), proof.Value{})
	for i := range w.rows {
		w.rows[i] = stored{dropped: map[[2]int64]int64{}}
	}
	for process := range w.procs {
		w.procs[process] = w.journalOf(process)
	}
	if w.stale {
		w.stores[phase.New] = 5
		if err := w.procs[0].MarkDirty(context.Background(), []journal.Key{key}, phase.Old); err != nil {
			s.Fail(err)
		}
	}
	for n, c := range w.clients {
		s.Go(fmt.Sprintf("client %d of p%d", n, c.process), c.process, func() {
			c.do(w, w.procs[c.process], ownerOf(c.process), int8(n+1))
		})
	}
	if w.crash {
		s.Crashable(0)
	}
	return w.close
}

// put writes a store.
func (w *world) put(store phase.Store, value int8) error {
	return w.change(store, fmt.Sprintf("put(%d)", value), func(int8) int8 { return value })
}

// valueOf is what the history calls a value: 0 is none.
func valueOf(value int8) proof.Value { return proof.Value{Present: value != 0, A: value} }

// low values are what a sweep deletes, as proof.Sweep does. Both stores begin with one that is not.
func low(value int8) bool { return value < 5 }

// sweep is one statement that deletes what is low.
func (w *world) sweep(store phase.Store) error {
	return w.change(store, "sweep", func(have int8) int8 {
		if low(have) {
			return 0
		}
		return have
	})
}

// change is one statement of a store.
func (w *world) change(store phase.Store, what string, change func(int8) int8) error {
	f := explore.Footprint{Writes: storeBit << store}
	switch w.s.Point(fmt.Sprintf("%v.%s", store, what), f, explore.Fails) {
	case explore.Success:
		w.stores[store] = change(w.stores[store])
		return nil
	case explore.FailAfter:
		w.stores[store] = change(w.stores[store])
	case explore.Gone:
		return explore.ErrGone
	}
	return errStruck
}

func (w *world) get(store phase.Store) (int8, error) {
	switch w.s.Point(fmt.Sprintf("%v.get", store), explore.Footprint{Reads: storeBit << store}, 1<<explore.FailBefore) {
	case explore.Success:
		return w.stores[store], nil
	case explore.Gone:
		return 0, explore.ErrGone
	}
	return 0, errStruck
}
