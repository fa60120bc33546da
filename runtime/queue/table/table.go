// Package table is a queue of writes in a table of Postgres or SQLite, such as the database that holds the migration's control store.
package table

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/dualgen/dualgen/runtime/queue"
)

// Dialect is a database's.
type Dialect uint8

// The dialects.
const (
	Postgres Dialect = iota
	SQLite
)

// Options are a queue's.
type Options struct {
	Dialect Dialect
	// Name tells the queues of one database apart, at most 100 characters. Defaults to "writes".
	Name string
}

// Queue is a queue.Queue. It is safe for concurrent use.
type Queue struct {
	db      *sql.DB
	options Options

	mu    sync.Mutex
	woken chan struct{} // closed when an entry was appended here
}

var _ queue.Queue = (*Queue)(nil)

// Open returns the queue of that name. DDL, or Migrate, makes its tables.
func Open(db *sql.DB, options Options) (*Queue, error) {
	if options.Name == "" {
		options.Name = "writes"
	}
	if options.Dialect > SQLite || len(options.Name) > 100 {
		return nil, fmt.Errorf("dualgen: there is no queue %q of dialect %d", options.Name, options.Dialect)
	}
	return &Queue{db: db, options: options, woken: make(chan struct{})}, nil
}

// DDL returns the statements that make the tables, each ended by a semicolon. They may be run again.
func DDL(dialect Dialect) string {
	serial, bytes := "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "bytea"
	if dialect == SQLite {
		serial, bytes = "integer PRIMARY KEY AUTOINCREMENT", "blob"
	}
	return strings.NewReplacer("{serial}", serial, "{bytes}", bytes).Replace(`CREATE TABLE IF NOT EXISTS dualgen_queue (
	seq {serial},
	queue varchar(100) NOT NULL,
	part smallint NOT NULL,
	kind varchar(200) NOT NULL,
	id {bytes} NOT NULL,
	method varchar(400) NOT NULL,
	args {bytes} NOT NULL,
	entry varchar(200) NOT NULL,
	appended bigint NOT NULL,
	applied bigint,
	attempts integer NOT NULL DEFAULT 0,
	retry bigint NOT NULL DEFAULT 0,
	parked boolean NOT NULL DEFAULT false,
	problem text NOT NULL DEFAULT '',
	UNIQUE (queue, entry)
);
CREATE INDEX IF NOT EXISTS dualgen_queue_pending ON dualgen_queue (queue, seq) WHERE applied IS NULL;
CREATE INDEX IF NOT EXISTS dualgen_queue_blocked ON dualgen_queue (queue, kind, id, seq) WHERE applied IS NULL AND (parked OR retry > 0);
CREATE INDEX IF NOT EXISTS dualgen_queue_applied ON dualgen_queue (queue, applied) WHERE applied IS NOT NULL;
CREATE TABLE IF NOT EXISTS dualgen_queue_parts (
	queue varchar(100) NOT NULL,
	part smallint NOT NULL,
	owner varchar(200) NOT NULL,
	until bigint NOT NULL,
	PRIMARY KEY (queue, part)
);
CREATE TABLE IF NOT EXISTS dualgen_queue_consumers (
	queue varchar(100) NOT NULL,
	owner varchar(200) NOT NULL,
	until bigint NOT NULL,
	PRIMARY KEY (queue, owner)
);
`)
}

// Migrate makes the tables where they are not there.
func (q *Queue) Migrate(ctx context.Context) error {
	for _, statement := range strings.Split(DDL(q.options.Dialect), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := q.db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("make the queue's tables: %w", err)
		}
	}
	return nil
}

// Times are milliseconds since 1970 by the database's clock. In Postgres the clock stands still for one statement.
const (
	nowPostgres = "(extract(epoch FROM statement_timestamp()) * 1000)::bigint"
	nowSQLite   = "CAST((julianday('now') - 2440587.5) * 86400000 AS integer)"
)

// text is a statement in the queue's dialect: {now} is the clock, and ? an argument.
func (q *Queue) text(statement string) string {
	if q.options.Dialect == SQLite {
		return strings.ReplaceAll(statement, "{now}", nowSQLite)
	}
	var b strings.Builder
	n := 0
	for _, part := range strings.SplitAfter(strings.ReplaceAll(statement, "{now}", nowPostgres), "?") {
		if before, ok := strings.CutSuffix(part, "?"); ok {
			n++
			part = fmt.Sprintf("%s$%d", before, n)
		}
		b.WriteString(part)
	}
	return b.String()
}

// How an entry is appended. In Postgres, appends of one key wait for one another until each is committed: an entry is never seen before one
// of its key with a lower sequence.
const (
	appendColumns  = `INSERT INTO dualgen_queue (queue, part, kind, id, method, args, entry, appended) `
	appendConflict = ` ON CONFLICT (queue, entry) DO NOTHING RETURNING seq`
	appendSQLite   = appendColumns + `VALUES (?, ?, ?, ?, ?, ?, ?, {now})` + appendConflict
	appendPostgres = `WITH one AS MATERIALIZED (SELECT pg_advisory_xact_lock(?)) ` + appendColumns +
		`SELECT ?, ?::smallint, ?, ?::bytea, ?, ?::bytea, ?, {now} FROM one` + appendConflict
)

var errWhole = errors.New("dualgen: a write of unknown keys cannot be queued: nothing orders it beside those of one key")

// Append implements queue.Queue.
func (q *Queue) Append(ctx context.Context, e queue.Entry) (uint64, error) {
	if e.Key.Whole {
		return 0, errWhole
	}
	if e.ID == "" {
		e.ID = queue.NewID()
	}
	var seq uint64
	statement, args := appendSQLite, []any{q.options.Name, partOf(e.Key), e.Key.Kind, []byte(e.Key.ID), e.Method, e.Args, e.ID}
	if q.options.Dialect == Postgres {
		statement, args = appendPostgres, append([]any{int64(hash(q.options.Name, e.Key.Kind, e.Key.ID))}, args...)
	}
	err := q.db.QueryRowContext(ctx, q.text(statement), args...).Scan(&seq)
	if errors.Is(err, sql.ErrNoRows) {
		return q.again(ctx, e)
	}
	if err != nil {
		return 0, fmt.Errorf("append to the queue: %w", err)
	}
	q.wake()
	return seq, nil
}

// again returns the sequence of an entry that was appended before under its ID.
func (q *Queue) again(ctx context.Context, e queue.Entry) (seq uint64, err error) {
	var kind, method string
	var id, args []byte
	err = q.db.QueryRowContext(ctx, q.text(`SELECT seq, kind, id, method, args FROM dualgen_queue WHERE queue = ? AND entry = ?`), q.options.Name, e.ID).
		Scan(&seq, &kind, &id, &method, &args)
	switch {
	case err != nil:
		return 0, fmt.Errorf("look for the entry %s: %w", e.ID, err)
	case kind != e.Key.Kind || string(id) != e.Key.ID || method != e.Method || string(args) != string(e.Args):
		return 0, fmt.Errorf("append %s: %w", e.ID, queue.ErrOther)
	}
	return seq, nil
}

// wake tells the consumers of this process of an entry.
func (q *Queue) wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	close(q.woken)
	q.woken = make(chan struct{})
}

func (q *Queue) waking() <-chan struct{} {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.woken
}

// Applied implements queue.Queue.
func (q *Queue) Applied(ctx context.Context, seq uint64) (bool, error) {
	var pending, blocked bool
	var problem string
	err := q.db.QueryRowContext(ctx, q.text(`SELECT q.applied IS NULL, q.problem, EXISTS (SELECT 1 FROM dualgen_queue b
			WHERE b.queue = q.queue AND b.kind = q.kind AND b.id = q.id AND b.seq <= q.seq AND b.applied IS NULL AND (b.parked OR b.retry > 0) AND b.parked)
		FROM dualgen_queue q WHERE q.queue = ? AND q.seq = ?`), q.options.Name, seq).Scan(&pending, &problem, &blocked)
	switch {
	case errors.Is(err, sql.ErrNoRows): // applied long ago
		return true, nil
	case err != nil:
		return false, fmt.Errorf("look at entry %d: %w", seq, err)
	case pending && blocked:
		return false, queue.ErrBlocked
	}
	if answer, ok := strings.CutPrefix(problem, answerMark); ok && !pending {
		return true, &queue.Answer{Text: answer}
	}
	return !pending, nil
}

// answerMark stands before the answer of an entry in the place of its problem.
const answerMark = "answer: "

// Status implements queue.Queue.
func (q *Queue) Status(ctx context.Context) (queue.Status, error) {
	var s queue.Status
	var oldest int64
	err := q.db.QueryRowContext(ctx, q.text(`SELECT count(*), coalesce(max({now} - appended), 0), coalesce(sum(CASE WHEN parked THEN 1 ELSE 0 END), 0)
		FROM dualgen_queue WHERE queue = ? AND applied IS NULL`), q.options.Name).Scan(&s.Pending, &oldest, &s.Parked)
	if err != nil {
		return s, fmt.Errorf("count the queue: %w", err)
	}
	s.Oldest = millis(max(oldest, 0))
	return s, nil
}

// Parked implements queue.Queue.
func (q *Queue) Parked(ctx context.Context, limit int) ([]queue.Parked, error) {
	rows, err := q.db.QueryContext(ctx, q.text(`SELECT seq, kind, id, method, args, entry, attempts, problem, {now} - appended FROM dualgen_queue
		WHERE queue = ? AND applied IS NULL AND (parked OR retry > 0) AND parked ORDER BY seq LIMIT ?`), q.options.Name, limit)
	if err != nil {
		return nil, fmt.Errorf("list the entries that were given up: %w", err)
	}
	defer rows.Close()
	var all []queue.Parked
	for rows.Next() {
		var p queue.Parked
		var id []byte
		var waited int64
		if err := rows.Scan(&p.Seq, &p.Key.Kind, &id, &p.Method, &p.Args, &p.ID, &p.Attempts, &p.Problem, &waited); err != nil {
			return nil, fmt.Errorf("list the entries that were given up: %w", err)
		}
		p.Key.ID, p.Waited = string(id), millis(max(waited, 0))
		all = append(all, p)
	}
	return all, rows.Err()
}

// Retry implements queue.Queue.
func (q *Queue) Retry(ctx context.Context, seq uint64) error {
	return q.free(ctx, seq, `parked = false, attempts = 0, retry = 0, problem = ''`)
}

// Drop implements queue.Queue.
func (q *Queue) Drop(ctx context.Context, seq uint64) error {
	return q.free(ctx, seq, `parked = false, retry = 0, problem = '', applied = {now}`)
}

// free changes an entry that was given up.
func (q *Queue) free(ctx context.Context, seq uint64, set string) error {
	result, err := q.db.ExecContext(ctx, q.text(`UPDATE dualgen_queue SET `+set+` WHERE queue = ? AND seq = ? AND parked AND applied IS NULL`), q.options.Name, seq)
	if err != nil {
		return fmt.Errorf("change entry %d: %w", seq, err)
	}
	if n, err := result.RowsAffected(); err != nil || n != 1 {
		return errors.Join(queue.ErrNoEntry, err)
	}
	q.wake()
	return nil
}
