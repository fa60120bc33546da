package table

import (
	"context"
	"fmt"
	"math/bits"
	"strings"

	"github.com/dualgen/dualgen/runtime/queue"
)

// read lists entries of this process's parts that are not behind one that waits, or was given up, or is under way.
func (c *consumer) read(ctx context.Context) ([]queue.Entry, error) {
	c.mu.Lock()
	c.reads++
	clear(c.freed)
	var mine, busy []any
	for part := range c.holding.mine {
		mine = append(mine, part)
	}
	for key := range c.busy {
		busy = append(busy, []byte(key.ID))
	}
	c.mu.Unlock()
	mine, busy = padded(mine), padded(busy)
	if len(mine) == 0 {
		return nil, nil
	}
	without, args := "", append([]any{c.q.options.Name}, mine...)
	if len(busy) > 0 { // of another kind too: it waits for the next look
		without, args = ` AND q.id NOT IN (`+marks(len(busy))+`)`, append(args, busy...)
	}
	now, clock, err := c.q.moment(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := c.q.db.QueryContext(ctx, c.q.text(`SELECT q.seq, q.kind, q.id, q.method, q.args, q.entry, q.attempts FROM dualgen_queue q
		WHERE q.queue = ? AND q.applied IS NULL AND q.part IN (`+marks(len(mine))+`)`+without+`
		AND NOT EXISTS (SELECT 1 FROM dualgen_queue b WHERE b.queue = q.queue AND b.kind = q.kind AND b.id = q.id AND b.seq <= q.seq
			AND b.applied IS NULL AND (b.parked OR b.retry > 0) AND (b.parked OR b.retry > `+now+`))
		ORDER BY q.seq LIMIT ?`), append(append(args, clock...), page)...)
	if err != nil {
		return nil, fmt.Errorf("read the queue: %w", err)
	}
	defer rows.Close()
	var entries []queue.Entry
	for rows.Next() {
		var e queue.Entry
		var id []byte
		if err := rows.Scan(&e.Seq, &e.Key.Kind, &id, &e.Method, &e.Args, &e.ID, &e.Attempts); err != nil {
			return nil, fmt.Errorf("read the queue: %w", err)
		}
		e.Key.ID = string(id)
		entries = append(entries, e)
	}
	return entries, rows.Err()
}

// moment is one moment for all rows of a statement, and its argument where that has one: an entry that still waits must not be passed over
// while one behind it of its key, which is looked at a moment later, is taken.
func (q *Queue) moment(ctx context.Context) (text string, args []any, err error) {
	if q.options.Dialect == Postgres {
		return "{now}", nil, nil
	}
	var now int64 // of SQLite's clock, which moves on from row to row
	if err := q.db.QueryRowContext(ctx, `SELECT `+nowSQLite).Scan(&now); err != nil {
		return "", nil, fmt.Errorf("read the queue: %w", err)
	}
	return "?", []any{now}, nil
}

// padded repeats the last of some values until there is a power of two of them, at least 8: a database plans each statement once, and not
// once for each number of values.
func padded(values []any) []any {
	n := len(values)
	if n == 0 {
		return nil
	}
	for want := max(8, 1<<bits.Len(uint(n-1))); n < want; n++ {
		values = append(values, values[n-1])
	}
	return values
}

func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }
