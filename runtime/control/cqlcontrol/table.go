package cqlcontrol

import (
	"context"
	"fmt"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
)

// table is where the rows of keys are, which everything is decided by. It is cqlTable; the tests also explore the journal's
// rules over one in memory, each call of which is a step.
type table interface {
	// read sees every change that was acknowledged. readSerial also finishes the lightweight transactions under way.
	read(ctx context.Context, key journal.Key) (entry, error)
	readSerial(ctx context.Context, key journal.Key) (entry, error)
	// write is a lightweight transaction.
	write(ctx context.Context, e *entry, version gocql.UUID) (bool, error)
	// putRow and dropRow are plain writes with the row's stamp.
	putRow(ctx context.Context, key journal.Key, row fastRow) error
	dropRow(ctx context.Context, key journal.Key, row fastRow) error
	// tell lets the others know how far this process is; told is what another has told last, or earlier.
	tell(ctx context.Context, p position) error
	told(ctx context.Context, process int64) (position, error)
	// active lists the keys of calls that have not ended, which log and logAsync were told of, and openOf those of one process.
	active(ctx context.Context) ([]journal.Key, error)
	openOf(ctx context.Context, r remote) ([]journal.Key, error)
	// list puts a key in a row of the listing that was never used. say changes what a row says, unlist removes it: where rows say
	// different things, the later turn counts. listed visits the rows, some partitions at once, those that were begun first first.
	list(ctx context.Context, key journal.Key, what said, since time.Time) (listing, error)
	say(ctx context.Context, key journal.Key, p listing) error
	unlist(ctx context.Context, key journal.Key, p listing) error
	listed(ctx context.Context, atOnce int, visit func(rows []row, now time.Time) (more bool, err error)) error
	log(ctx context.Context, n int64, key journal.Key) error
	logAsync(n int64, key journal.Key) logging
	// positions are how far the processes are in their logs, or were a little earlier; activity lists the keys of a kind that
	// had a call since. keepLogs keeps the logs for that while a watch runs.
	positions(ctx context.Context) (map[int64]position, error)
	activity(ctx context.Context, kind string, since map[int64]position) ([]journal.Key, error)
	keepLogs(ctx context.Context) error
}

// turns are how the journal has several things done at once, and waits for a better moment.
type turns struct {
	together func(n int, do func(i int) error) error
	pause    func(ctx context.Context, attempt int) error // before a call is tried again that others, or a fault, came in the way of
	wait     func(ctx context.Context, attempt int) error // for another call to come to its end
}

// cqlTable is the table in Cassandra.
type cqlTable struct{ *Journal }

const (
	insertFast = `INSERT INTO {entry} (migration, kind, whole, id, process, slot, n, owner, primary_store, seq)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TIMESTAMP ? AND TTL ?`
	deleteFast = `DELETE FROM {entry} USING TIMESTAMP ? WHERE migration = ? AND kind = ? AND whole = ? AND id = ? AND process = ? AND slot = ?`
)

// putRow implements table.
func (t cqlTable) putRow(ctx context.Context, key journal.Key, row fastRow) error {
	args := append(t.at(key), row.process, row.slot, row.n, row.owner, int8(row.primary), int64(row.seq), row.stamp, rowLife)
	if err := t.query(ctx, insertFast, args...).Exec(); err != nil {
		return fmt.Errorf("cqlcontrol: begin: %w", err)
	}
	return nil
}

// dropRow implements table.
func (t cqlTable) dropRow(ctx context.Context, key journal.Key, row fastRow) error {
	args := append([]any{row.stamp}, append(t.at(key), row.process, row.slot)...)
	if err := t.query(ctx, deleteFast, args...).Exec(); err != nil {
		return fmt.Errorf("cqlcontrol: remove a token's row: %w", err)
	}
	return nil
}
