package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/dualtest/proof"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A world of these tests is a key in two stores, its rows in a table in memory, and two processes with this package's own
// Journal over that table. Every call of the table is a step. The table is linearizable, as quorum writes and quorum reads
// are once they were acknowledged; what a write under way shows to some and not to others is not modelled.

// errStruck is what a call returns that a fault struck.
var errStruck = errors.New("injected fault")

// The objects of a world, one bit each: the rows of the key and of its kind, and the two stores.
const (
	keyBit, kindBit = 1 << 0, 1 << 1
	storeBit        = 1 << 2 // and the next one
)

// stored is what the table holds of one key.
type stored struct {
	entry
	dropped map[[2]int64]int64 // stamps of the latest deletes
}

// world is one run.
type world struct {
	*plan
	s       *explore.Scheduler
	checker *proof.Checker
	history proof.History
	rows    [2]stored // of the key, and of its kind
	changes int       // of the rows
	stores  [2]int8
	procs   [2]*Journal
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
	stampless fault = "a row comes back that was deleted before it came"
	forgets   fault = "a key that turns clean leaves no version"
	careless  fault = "a lightweight transaction does not compare"
)

// memory is the table as one process sees it.
type memory struct {
	w       *world
	process int
}

func (w *world) of(key journal.Key) (*stored, uint64) {
	if key.Whole {
		return &w.rows[1], kindBit
	}
	return &w.rows[0], keyBit
}

// strike stops before a call of the table and lets it have its effect now, later or never.
func (m memory) strike(what string, key journal.Key, effect func(row *stored)) error {
	row, bit := m.w.of(key)
	f := explore.Footprint{Writes: bit}
	change := func() { m.w.changes++; effect(row) }
	switch m.w.s.Point(fmt.Sprintf("%s %v", what, key), f, explore.FailsLate) {
	case explore.Success:
		change()
		return nil
	case explore.FailAfter:
		change()
	case explore.FailLate:
		m.w.s.Late(what+" lands", f, time.Second, change)
	case explore.Gone:
		return explore.ErrGone
	}
	return errStruck
}

func (m memory) look(what string, key journal.Key) (entry, error) {
	row, bit := m.w.of(key)
	switch m.w.s.Point(fmt.Sprintf("%s %v", what, key), explore.Footprint{Reads: bit}, 1<<explore.FailBefore) {
	case explore.Success:
		e := row.entry
		e.key, e.now = key, time.UnixMicro(int64(m.w.changes))
		e.body.Tokens, e.fast = slices.Clone(e.body.Tokens), slices.Clone(e.fast)
		return e, nil
	case explore.Gone:
		return entry{}, explore.ErrGone
	}
	return entry{}, errStruck
}

func (m memory) read(_ context.Context, key journal.Key) (entry, error) {
	e, err := m.look("read", key)
	own := m.w.procs[m.process].process.id
	switch m.w.broken {
	case blind:
		e.fast = slices.DeleteFunc(e.fast, func(f fastRow) bool { return f.process != own })
	case blindCopy, blindSlow:
		e.fast = nil
	}
	return e, err
}

func (m memory) readSerial(_ context.Context, key journal.Key) (entry, error) {
	return m.look("serial read", key)
}

func (m memory) write(_ context.Context, e *entry, version gocql.UUID) (applied bool, err error) {
	seen, body := e.version, e.body
	body.Tokens = slices.Clone(body.Tokens)
	err = m.strike("compare and set", e.key, func(row *stored) {
		same := row.version == nil && seen == nil || row.version != nil && seen != nil && *row.version == *seen
		if !same && m.w.broken != careless {
			return
		}
		applied = true
		row.body, row.version = body, &version
		if body.clean() && m.w.broken == forgets {
			row.version = nil
		}
	})
	return applied && err == nil, err
}

func (m memory) putRow(_ context.Context, key journal.Key, f fastRow) error {
	return m.strike("put row", key, func(row *stored) {
		id := [2]int64{f.process, int64(f.slot)}
		if f.stamp > row.dropped[id] || m.w.broken == stampless {
			row.fast = append(row.fast, f)
		}
	})
}

func (m memory) dropRow(_ context.Context, key journal.Key, f fastRow) error {
	return m.strike("drop row", key, func(row *stored) {
		id := [2]int64{f.process, int64(f.slot)}
		row.dropped[id] = max(row.dropped[id], f.stamp)
		row.fast = slices.DeleteFunc(row.fast, func(g fastRow) bool {
			return g.process == f.process && g.slot == f.slot && g.stamp <= f.stamp
		})
	})
}

func (m memory) dropRows(ctx context.Context, keys []journal.Key, rows []fastRow) (err error) {
	for i, row := range rows {
		err = errors.Join(err, m.dropRow(ctx, keys[i], row))
	}
	return err
}

// Keys are found: how they are listed is not what these worlds are about.
func (m memory) candidates(context.Context, bool) ([]journal.Key, error) {
	return []journal.Key{key, wholeOf(key)}, nil
}

func (m memory) listDirty(context.Context, journal.Key) error  { return nil }
func (m memory) log(context.Context, int64, journal.Key) error { return nil }
func (m memory) logAsync(n int64, key journal.Key) logging {
	l := logging{call: newLoggedCall(n, key), done: make(chan error, 1)}
	l.done <- nil
	return l
}

// journalOf is this package's journal over the table.
func (w *world) journalOf(process int) *Journal {
	j := &Journal{Backend: &Backend{}, process: newProcess()}
	j.process.ceiling = 1 << 40
	j.table = memory{w, process}
	j.behind = func(r removal) {
		if w.s.Instance() < 0 {
			j.serveRemovals([]removal{r})
			return
		}
		w.s.Go(fmt.Sprintf("removal of p%d", process), process, func() { j.serveRemovals([]removal{r}) })
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
	w.s, w.changes, w.stores = s, 0, [2]int8{7, 7}
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
	f := explore.Footprint{Writes: storeBit << store}
	switch w.s.Point(fmt.Sprintf("%v.put(%d)", store, value), f, explore.Fails) {
	case explore.Success:
		w.stores[store] = value
		return nil
	case explore.FailAfter:
		w.stores[store] = value
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
