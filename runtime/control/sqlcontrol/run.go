package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// A statement that the database refused for the sake of another one runs again, so often at least, and for so long: in a crowd on a
// busy machine the tries alone are over in a moment.
const (
	attempts = 12
	triedFor = 3 * time.Second
)

// database runs a migration's statements on some of the connections.
type database struct {
	db      *sqlx.DB
	dialect Dialect
	prefix  string
	options Options
	w       writer
	writers writers
	texts   sync.Map // statement → the same in the dialect
}

// text returns a statement in the database's dialect.
func (b *database) text(statement string) string {
	if text, ok := b.texts.Load(statement); ok {
		return text.(string)
	}
	text := b.w.sql(statement)
	b.texts.Store(statement, text)
	return text
}

// exec runs one statement and returns how many rows it changed. What says, for the error, what it was for.
func (b *database) exec(ctx context.Context, what, statement string, args ...any) (changed int64, err error) {
	err = b.single(ctx, what, statement, func() (err error) {
		changed, err = execIn(ctx, b.db, b.text(statement), args)
		return err
	})
	return changed, err
}

// get reads one row into dest; it returns sql.ErrNoRows, wrapped, if there is none.
func (b *database) get(ctx context.Context, what string, dest any, statement string, args ...any) error {
	return b.single(ctx, what, statement, func() error { return b.db.GetContext(ctx, dest, b.text(statement), args...) })
}

// query reads rows into the slice that dest points to.
func (b *database) query(ctx context.Context, what string, dest any, statement string, args ...any) error {
	return b.single(ctx, what, statement, func() error { return b.db.SelectContext(ctx, dest, b.text(statement), args...) })
}

// single runs one statement by itself.
func (b *database) single(ctx context.Context, what, statement string, do func() error) error {
	among := b.writers.of(statement)
	return b.retry(ctx, what, func() error { return among.take(ctx, do) })
}

func execIn(ctx context.Context, db sqlx.ExecerContext, text string, args []any) (int64, error) {
	result, err := db.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// transaction is one attempt of inTx.
type transaction struct {
	b   *database
	ctx context.Context // of the call, which the transaction does not outlive
	tx  *sqlx.Tx
}

func (t transaction) exec(statement string, args ...any) (int64, error) {
	return execIn(t.ctx, t.tx, t.b.text(statement), args)
}

func (t transaction) get(dest any, statement string, args ...any) error {
	return t.tx.GetContext(t.ctx, dest, t.b.text(statement), args...)
}

func (t transaction) query(dest any, statement string, args ...any) error {
	return t.tx.SelectContext(t.ctx, dest, t.b.text(statement), args...)
}

// inTx runs do in a transaction. Do is run again if the database refused it, so it must begin anew each time. Its first
// statement must be one that writes: a reader that turns writer is refused by SQLite.
func (b *database) inTx(ctx context.Context, what string, do func(t transaction) error) error {
	return b.inTxOf(ctx, what, nil, do)
}

func (b *database) inTxOf(ctx context.Context, what string, options *sql.TxOptions, do func(t transaction) error) error {
	among := b.writers
	if options != nil && options.ReadOnly {
		among = nil
	}
	return b.retry(ctx, what, func() error {
		return among.take(ctx, func() error { return b.once(ctx, options, do) })
	})
}

// once is one attempt at a transaction.
func (b *database) once(ctx context.Context, options *sql.TxOptions, do func(t transaction) error) error {
	tx, err := b.db.BeginTxx(ctx, options)
	if err != nil {
		return err
	}
	if err := do(transaction{b: b, ctx: ctx, tx: tx}); err != nil {
		_ = tx.Rollback() // the error of do tells more; a broken connection rolls back by itself
		return err
	}
	return tx.Commit()
}

// retry runs do until it succeeds, fails for good, or was refused too often.
func (b *database) retry(ctx context.Context, what string, do func() error) error {
	pause, began := time.Millisecond, time.Now()
	for attempt := 1; ; attempt++ {
		err := do()
		if err == nil {
			return nil
		}
		tooLong := attempt >= attempts && time.Since(began) >= triedFor && sqlState(err) != lockTimeout // one that only waits may wait on
		if tooLong || ctx.Err() != nil || !b.retryable(err) {
			return fmt.Errorf("sqlcontrol: %s: %w%s", what, err, remedy(err))
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("sqlcontrol: %s: %w", what, errors.Join(ctx.Err(), err))
		case <-time.After(rand.N(pause)):
		}
		pause = min(2*pause, 100*time.Millisecond)
	}
}

// lockTimeout is the SQLSTATE of a statement that has waited for a lock for as long as it may.
const lockTimeout = "55P03"

// refusals are the SQLSTATEs after which a transaction had no effect and may run again: serialization failure, deadlock, and a lock
// timeout.
var refusals = map[string]bool{"40001": true, "40P01": true, lockTimeout: true}

// briefly bounds how long the transaction waits for one lock in Postgres. A statement that locks several rows may meet a transaction of
// the service that locks them in another order, by its triggers. It gives way long before the server looks for a deadlock, and so
// may end the service's transaction: after a second, unless deadlock_timeout says otherwise. The setting ends with the transaction.
const briefly = `SELECT set_config('lock_timeout', '100ms', true)`

func (t transaction) briefly() error {
	if t.b.dialect != Postgres {
		return nil
	}
	_, err := t.exec(briefly)
	return err
}

// refusalTexts are what drivers without such a method say. MySQL: 1213 deadlock, 1205 lock wait timeout, 1020 row changed
// since read.
var refusalTexts = []string{"Error 1213", "Error 1205", "Error 1020", "database is locked", "database table is locked", "SQLITE_BUSY"}

// retryable reports whether the database refused a statement for the sake of another one.
func (b *database) retryable(err error) bool {
	if b.options.Retryable != nil && b.options.Retryable(err) {
		return true
	}
	if state := sqlState(err); state != "" {
		return refusals[state]
	}
	if errors.Is(err, sql.ErrNoRows) || b.dialect == Postgres {
		return false
	}
	text := err.Error()
	for _, refusal := range refusalTexts {
		if strings.Contains(text, refusal) {
			return true
		}
	}
	return false
}

// sqlState returns the SQLSTATE of an error of a Postgres driver, or "".
func sqlState(err error) string {
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		return state.SQLState()
	}
	return ""
}

// orElse returns err, or the other if there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
