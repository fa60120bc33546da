package cqlcontrol

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
)

// The row of a token that was given up stays where it is: its process tells by its position which of its calls have ended,
// every few milliseconds while calls end. An earlier position is as true as the latest, and knows of fewer ends: whoever has
// not heard of an end takes the token for active, which makes a key dirty for nothing at worst. So End costs no request of its
// own, and a process that dies leaves the calls since it last told to the reconciler.

const (
	// rowLife is how long a token's row is kept, in seconds: 30 days. A fleet that stands still for longer, after a crash,
	// forgets which keys were under way.
	rowLife = 30 * 24 * 3600
	// toldLife is longer: a position outlives the rows that it speaks of.
	toldLife = rowLife + 24*3600
	// crowd is how many rows of ended calls a key may have before they are deleted.
	crowd = 8
)

// tell implements table.
func (t cqlTable) tell(ctx context.Context, p position) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	err = t.query(ctx, `INSERT INTO {position} (migration, process, position) VALUES (?, ?, ?) USING TIMESTAMP ? AND TTL ?`,
		t.options.Migration, t.process.id, string(text), p.stamp, toldLife).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: tell which calls have ended: %w", err)
	}
	return nil
}

// told implements table. A process that has told nothing is at the beginning.
func (t cqlTable) told(ctx context.Context, process int64) (p position, err error) {
	var text string
	err = t.query(ctx, `SELECT position FROM {position} WHERE migration = ? AND process = ?`, t.options.Migration, process).Scan(&text)
	if errors.Is(err, gocql.ErrNotFound) {
		return position{}, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &p)
	}
	if err != nil {
		return position{}, fmt.Errorf("cqlcontrol: read which calls of process %d have ended: %w", process, err)
	}
	return p, nil
}

// ended reports whether the call with that number has.
func (p position) ended(n int64) bool { return n < p.Next && !slices.Contains(p.Open, n) }

// read reads a key's entry, with the tokens that may be active. It sees every change that was acknowledged.
func (j *Journal) read(ctx context.Context, key journal.Key) (entry, error) {
	e, err := j.table.read(ctx, key)
	if err != nil {
		return entry{}, err
	}
	return e, j.leaveActive(ctx, &e)
}

// readSerial also finishes the lightweight transactions under way.
func (j *Journal) readSerial(ctx context.Context, key journal.Key) (entry, error) {
	e, err := j.table.readSerial(ctx, key)
	if err != nil {
		return entry{}, err
	}
	return e, j.leaveActive(ctx, &e)
}

// leaveActive takes the rows of ended calls out.
func (j *Journal) leaveActive(ctx context.Context, e *entry) error {
	active := e.fast[:0]
	var ended []fastRow
	asked := make(map[int64]bool)
	for _, f := range e.fast {
		over := j.process.knowsEnded(f)
		if !over && f.process != j.process.id && !asked[f.process] {
			p, err := j.told(ctx, f.process)
			if err != nil {
				return err
			}
			asked[f.process] = true
			j.process.heard(f.process, p)
			over = p.ended(f.n)
		}
		if over {
			ended = append(ended, f)
		} else {
			active = append(active, f)
		}
	}
	e.fast = active
	if len(ended) >= crowd {
		j.disperse(e.key, ended)
	}
	return nil
}

// knowsEnded reports whether the call of a row is known to have ended. Of its own calls a process knows.
func (p *process) knowsEnded(f fastRow) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if f.process == p.id {
		_, open := p.open[f.n]
		return !open
	}
	return p.others[f.process].ended(f.n)
}

// heard notes what another process has told.
func (p *process) heard(process int64, told position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.others[process] = told
}

// disperse deletes rows of ended calls, behind the caller's back, so that the reads of a key that many processes write stay
// short. What fails is left to the next who comes by.
func (j *Journal) disperse(key journal.Key, rows []fastRow) {
	if !j.dispersing.CompareAndSwap(false, true) {
		return
	}
	j.behind.Go(func() {
		defer j.dispersing.Store(false)
		ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
		defer cancel()
		_ = j.turns.together(len(rows), func(i int) error { return j.dropRow(ctx, key, rows[i]) })
	})
}
