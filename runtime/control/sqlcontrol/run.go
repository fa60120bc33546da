package sqlcontrol

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// attempts bounds how often a statement runs that the database refused for the sake of another one.
const attempts = 12

// exec runs one statement and returns how many rows it changed. What says, for the error, what it was for.
func (b *Backend) exec(ctx context.Context, what, statement string, args ...any) (int64, error) {
	var changed int64
	err := b.retry(ctx, what, func() error {
		result, err := b.db.ExecContext(ctx, statement, args...)
		if err != nil {
			return err
		}
		changed, err = result.RowsAffected()
		return err
	})
	return changed, err
}

// get reads one row into dest; it returns sql.ErrNoRows, wrapped, if there is none.
func (b *Backend) get(ctx context.Context, what string, dest any, statement string, args ...any) error {
	return b.retry(ctx, what, func() error { return b.db.GetContext(ctx, dest, statement, args...) })
}

// query reads rows into the slice that dest points to.
func (b *Backend) query(ctx context.Context, what string, dest any, statement string, args ...any) error {
	return b.retry(ctx, what, func() error { return b.db.SelectContext(ctx, dest, statement, args...) })
}

// inTx runs do in a transaction. Do is run again if the database refused it, so it must begin anew each time.
func (b *Backend) inTx(ctx context.Context, what string, do func(tx *sqlx.Tx) error) error {
	return b.retry(ctx, what, func() error {
		tx, err := b.db.BeginTxx(ctx, nil)
		if err != nil {
			return err
		}
		if err := do(tx); err != nil {
			_ = tx.Rollback() // the error of do tells more; a broken connection rolls back by itself
			return err
		}
		return tx.Commit()
	})
}

// retry runs do until it succeeds, fails for good, or was refused too often.
func (b *Backend) retry(ctx context.Context, what string, do func() error) error {
	pause := time.Millisecond
	for attempt := 1; ; attempt++ {
		err := do()
		if err == nil {
			return nil
		}
		if attempt == attempts || ctx.Err() != nil || !b.retryable(err) {
			return fmt.Errorf("sqlcontrol: %s: %w", what, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("sqlcontrol: %s: %w", what, errors.Join(ctx.Err(), err))
		case <-time.After(rand.N(pause)):
		}
		pause = min(2*pause, 100*time.Millisecond)
	}
}

// refusals are the SQLSTATEs after which a transaction had no effect and may run again: serialization failure and
// deadlock.
var refusals = map[string]bool{"40001": true, "40P01": true}

// refusalTexts are what drivers without such a method say. MySQL: 1213 deadlock, 1205 lock wait timeout, 1020 row changed
// since read.
var refusalTexts = []string{"Error 1213", "Error 1205", "Error 1020", "database is locked", "database table is locked", "SQLITE_BUSY"}

// retryable reports whether the database refused a statement for the sake of another one.
func (b *Backend) retryable(err error) bool {
	if b.options.Retryable != nil && b.options.Retryable(err) {
		return true
	}
	var state interface{ SQLState() string }
	if errors.As(err, &state) {
		return refusals[state.SQLState()]
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
