package cqlcontrol

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// A process logs the keys of its calls, so that they are found if it dies. Calls that begin together share a row.

// behindTimeout bounds a statement that runs for several callers, or for none.
const behindTimeout = 10 * time.Second

const (
	insertLog = `INSERT INTO {log} (migration, process, bucket, n, calls) VALUES (?, ?, ?, ?, ?)`
	readLog   = `SELECT calls FROM {log} WHERE migration = ? AND process = ? AND bucket = ?`
)

// loggedCall is a call in the log, as a tuple of Cassandra.
type loggedCall struct {
	N     int64
	Kind  string
	Whole bool
	ID    []byte
}

func newLoggedCall(n int64, key journal.Key) loggedCall {
	return loggedCall{N: n, Kind: key.Kind, Whole: key.Whole, ID: []byte(key.ID)}
}

// log notes the key of a call under its number.
func (t cqlTable) log(ctx context.Context, n int64, key journal.Key) error {
	return t.logCalls(ctx, []loggedCall{newLoggedCall(n, key)})
}

// logCalls notes calls whose numbers are in one bucket. The row is named by the first.
func (t cqlTable) logCalls(ctx context.Context, calls []loggedCall) error {
	n := calls[0].N
	err := t.query(ctx, insertLog, t.options.Migration, t.process.id, n/bucketSize, n, calls).WithTimestamp(t.process.tick()).Exec()
	if err != nil {
		return fmt.Errorf("cqlcontrol: log keys: %w", err)
	}
	return nil
}

// maxLogRow is how many bytes of keys share a row: a server refuses a row that is much larger, and with it calls whose own keys are
// short.
const maxLogRow = 256 << 10

// logging is a call that waits for its key to be logged.
type logging struct {
	call loggedCall
	done chan error
}

// logAsync logs the key of a call, together with others.
func (t cqlTable) logAsync(n int64, key journal.Key) logging {
	l := logging{call: newLoggedCall(n, key), done: make(chan error, 1)}
	t.logs.add(l)
	return l
}

// wait returns the outcome.
func (l logging) wait(ctx context.Context) error {
	select {
	case err := <-l.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// serveLogs logs calls, those of one bucket in one row.
func (j *Journal) serveLogs(items []logging) {
	ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
	defer cancel()
	slices.SortFunc(items, func(a, b logging) int { return cmp.Compare(a.call.N, b.call.N) })
	for len(items) > 0 {
		bucket := items[0].call.N / bucketSize
		var calls []loggedCall
		size := 0
		for _, l := range items {
			size += len(l.call.ID)
			if l.call.N/bucketSize != bucket || len(calls) > 0 && size > maxLogRow {
				break
			}
			calls = append(calls, l.call)
		}
		err := cqlTable{j}.logCalls(ctx, calls)
		for _, l := range items[:len(calls)] {
			l.done <- err
		}
		items = items[len(calls):]
	}
}

// logged returns the keys that a process logged under the numbers of a span, and under those in open.
func (j *Journal) logged(ctx context.Context, process int64, since position, ceiling int64) ([]journal.Key, error) {
	var buckets []int64
	for bucket := since.low() / bucketSize; bucket*bucketSize < ceiling; bucket++ {
		buckets = append(buckets, bucket)
	}
	found := make([][]journal.Key, len(buckets))
	err := j.turns.together(len(buckets), func(i int) error {
		rows := j.query(ctx, readLog, j.options.Migration, process, buckets[i]).Iter()
		var calls []loggedCall
		for rows.Scan(&calls) {
			for _, c := range calls {
				if c.N >= since.Next || slices.Contains(since.Open, c.N) {
					found[i] = append(found[i], journal.Key{Kind: c.Kind, Whole: c.Whole, ID: string(c.ID)})
				}
			}
		}
		return rows.Close()
	})
	if err != nil {
		return nil, fmt.Errorf("cqlcontrol: read the log of process %d: %w", process, err)
	}
	return slices.Concat(found...), nil
}
