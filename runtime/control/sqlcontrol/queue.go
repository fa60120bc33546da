package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Every entry is in one queue, by what there is to do with it: that of its migration, its state, its primary unless it is not
// dirty, and its kind. The column queue names it ("shop-users/copy-old/User"), and since orders it. Whatever looks for entries
// of a state reads a part of one queue along the index over both, so that its cost is that of what it finds, however large the
// table is.
const (
	cleanQueue = "clean" // not dirty: clean, or under the tokens of calls that began on a clean key, or of its copy
	heldQueue  = "held"  // dirty, with a token
	copyQueue  = "copy"  // dirty, to be copied
	stopQueue  = "stop"  // quarantined, without a token

	ofOld = "-old" // the primary of dirty entries
	ofNew = "-new"
)

// queue is one of the queues of a migration that hold entries.
type queue struct {
	name    string
	state   string
	primary phase.Store // of its entries, unless the state is cleanQueue
	kind    string      // escaped, as in the table
}

// queueName is the name of a queue.
func (d *database) queueName(state string, primary phase.Store, kind string) string {
	switch {
	case state == cleanQueue:
		return d.options.Migration + "/" + state + "/" + kind
	case primary == phase.Old:
		return d.options.Migration + "/" + state + ofOld + "/" + kind
	}
	return d.options.Migration + "/" + state + ofNew + "/" + kind
}

// nextQueue finds the first queue after one. Both are one descent of the index.
const nextQueue = `SELECT queue FROM {entry}{byQueue} WHERE queue > ? AND queue < ? ORDER BY queue LIMIT 1`

// queues lists the queues of the states that hold anything: of one kind, or of all if kind is empty.
func (t transaction) queues(kind string, states ...string) ([]queue, error) {
	var found []queue
	for _, state := range states {
		for _, primary := range []phase.Store{phase.Old, phase.New} {
			if state == cleanQueue && primary == phase.New {
				continue
			}
			prefix := t.b.queueName(state, primary, "")
			if kind != "" {
				found = append(found, queue{name: prefix + kind, state: state, primary: primary, kind: kind})
				continue
			}
			names, err := t.queuesFrom(prefix)
			if err != nil {
				return nil, err
			}
			for _, name := range names {
				found = append(found, queue{name: name, state: state, primary: primary, kind: strings.TrimPrefix(name, prefix)})
			}
		}
	}
	return found, nil
}

// queuesFrom lists the queues whose names begin with a prefix, which ends with a slash.
func (t transaction) queuesFrom(prefix string) (names []string, err error) {
	beyond := strings.TrimSuffix(prefix, "/") + "0" // is next to the slash
	for last := prefix; ; {
		var name string
		err := t.get(&name, nextQueue, last, beyond)
		if errors.Is(err, sql.ErrNoRows) {
			return names, nil
		}
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		last = name
	}
}

// steer keeps Postgres on the index. By its statistics, which may be from before the table had any of these rows, it would rather
// read all of a queue and sort it than the part that is asked for in order, and a plan that it once made is kept. The settings
// end with the transaction, and a pooler between transactions hears nothing of them.
const steer = `SELECT set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
	set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
	set_config('max_parallel_workers_per_gather', '0', true)`

func (t transaction) steer() error {
	if t.b.dialect != Postgres {
		return nil
	}
	_, err := t.exec(steer)
	return err
}

// reading runs do, which only reads, on one snapshot of the tables: an entry that changes its queue meanwhile is found once. In SQLite it
// waits for no writer: the data source name asks for transactions that lock the database, and the driver begins none that only reads so.
func (d *database) reading(ctx context.Context, what string, do func(t transaction) error) error {
	options := sql.TxOptions{ReadOnly: true}
	if d.dialect != SQLite { // whose transactions are all so, and whose drivers know no other level
		options.Isolation = sql.LevelRepeatableRead
	}
	return d.inTxOf(ctx, what, &options, func(t transaction) error {
		if err := t.steer(); err != nil {
			return err
		}
		return do(t)
	})
}

// now is the database's clock.
func (t transaction) now() (now int64, err error) {
	if err = t.get(&now, `SELECT {now}`); err != nil {
		err = fmt.Errorf("read the clock: %w", err)
	}
	return now, err
}
