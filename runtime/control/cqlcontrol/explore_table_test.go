package cqlcontrol

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
)

// stored is what the table holds of one key.
type stored struct {
	entry
	dropped map[[2]int64]int64 // stamps of the latest deletes
}

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

// strike stops before a call of the table and lets it have its effect now, later or never. The effect looks at what is beside it.
func (m memory) strike(what string, key journal.Key, beside uint64, effect func(row *stored)) error {
	row, bit := m.w.of(key)
	f := explore.Footprint{Writes: bit, Reads: beside}
	change := func() { m.w.changes++; effect(row) }
	return m.land(fmt.Sprintf("%s %v", what, key), f, change)
}

// land stops before a write and lets it have its effect now, later or never.
func (m memory) land(what string, f explore.Footprint, effect func()) error {
	switch m.w.s.Point(what, f, explore.FailsLate) {
	case explore.Success:
		effect()
		return nil
	case explore.FailAfter:
		effect()
	case explore.FailLate:
		m.w.s.Late(what+" lands", f, time.Second, effect)
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
	seen, body, emptied := e.version, e.body, body{}
	body.Tokens = slices.Clone(body.Tokens)
	err = m.strike("compare and set", e.key, listBit(e.key), func(row *stored) {
		same := row.version == nil && seen == nil || row.version != nil && seen != nil && *row.version == *seen
		if !same && m.w.broken != careless {
			return
		}
		applied = true
		row.body, row.version = body, &version
		if body.clean() {
			row.body = emptied
		}
		if body.clean() && m.w.broken == forgets {
			row.version = nil
		}
		m.w.checkListing(e.key)
	})
	return applied && err == nil, err
}

func (m memory) putRow(_ context.Context, key journal.Key, f fastRow) error {
	return m.strike("put row", key, 0, func(row *stored) {
		id := [2]int64{f.process, int64(f.slot)}
		same := func(g fastRow) bool { return g.process == f.process && g.slot == f.slot }
		if later := func(g fastRow) bool { return same(g) && g.stamp > f.stamp }; slices.ContainsFunc(row.fast, later) && m.w.broken != replaces {
			return
		}
		if f.stamp > row.dropped[id] {
			row.fast = append(slices.DeleteFunc(row.fast, same), f)
		}
	})
}

func (m memory) dropRow(_ context.Context, key journal.Key, f fastRow) error {
	return m.strike("drop row", key, 0, func(row *stored) {
		id := [2]int64{f.process, int64(f.slot)}
		row.dropped[id] = max(row.dropped[id], f.stamp)
		row.fast = slices.DeleteFunc(row.fast, func(g fastRow) bool {
			return g.process == f.process && g.slot == f.slot && g.stamp <= f.stamp
		})
	})
}

// tell is a write like others, and its stamp decides.
func (m memory) tell(_ context.Context, p position) error {
	if m.w.broken == hides {
		p.Open = nil
	}
	told := func() {
		if p.stamp > m.w.told[m.process].stamp {
			m.w.told[m.process] = p
		}
	}
	f := explore.Footprint{Writes: toldBit << m.process}
	return m.land(fmt.Sprintf("tell of p%d", m.process), f, told)
}

func (m memory) told(_ context.Context, id int64) (position, error) {
	process := slices.IndexFunc(m.w.procs[:], func(j *Journal) bool { return j.process.id == id })
	switch m.w.s.Point(fmt.Sprintf("hear p%d", process), explore.Footprint{Reads: toldBit << process}, 1<<explore.FailBefore) {
	case explore.Success:
		if p := m.w.told[process]; p.Next > 0 || m.w.broken != trusting {
			return p, nil
		}
		return position{Next: 1 << 40}, nil
	case explore.Gone:
		return position{}, explore.ErrGone
	}
	return position{}, errStruck
}

// Keys are found: what these worlds are about is that the listing stays true beside that. What every change leaves is checked.
func (m memory) active(context.Context) ([]journal.Key, error) {
	return []journal.Key{key, wholeOf(key)}, nil
}

func (m memory) openOf(ctx context.Context, _ remote) ([]journal.Key, error) { return m.active(ctx) }

func (m memory) listed(context.Context, int, func([]row, time.Time) (bool, error)) error { return nil }

// log is no step of its own: no other call waits for it.
func (m memory) log(_ context.Context, n int64, key journal.Key) error {
	if !key.Whole {
		m.w.s.Touch(explore.Footprint{Writes: logBit << m.process})
		m.w.logs[m.process] = append(m.w.logs[m.process], n)
	}
	return nil
}

func (m memory) logAsync(n int64, key journal.Key) logging {
	_ = m.log(context.Background(), n, key) // never fails
	l := logging{call: newLoggedCall(n, key), done: make(chan error, 1)}
	l.done <- nil
	return l
}

// The processes' positions are read in one step, and their logs in another.
func (m memory) positions(context.Context) (map[int64]position, error) {
	if err := m.glance("positions", 0b11*toldBit|0b11*logBit); err != nil {
		return nil, err
	}
	found := map[int64]position{}
	for i, j := range m.w.procs {
		found[j.process.id] = m.w.told[i]
		if i == m.process {
			found[j.process.id] = j.process.position()
		}
	}
	return found, nil
}

func (m memory) activity(_ context.Context, _ string, since map[int64]position) ([]journal.Key, error) {
	if err := m.glance("activity", 0b11*logBit); err != nil {
		return nil, err
	}
	for i, j := range m.w.procs {
		from := since[j.process.id]
		for _, n := range m.w.logs[i] {
			if (n >= from.Next || slices.Contains(from.Open, n)) && m.w.broken != unwatched {
				return []journal.Key{key}, nil
			}
		}
	}
	return nil, nil
}

// glance is a step that reads.
func (m memory) glance(what string, bits uint64) error {
	switch m.w.s.Point(what, explore.Footprint{Reads: bits}, 1<<explore.FailBefore) {
	case explore.Success:
		return nil
	case explore.Gone:
		return explore.ErrGone
	}
	return errStruck
}

// Logs are never swept here.
func (m memory) keepLogs(context.Context) error { return nil }
