package cqlcontrol

import (
	"context"
	"errors"

	"github.com/gocql/gocql"
)

// statement prepares a statement.
func (b *Backend) statement(ctx context.Context, statement string, args ...any) Query {
	return b.session.Query(ctx, b.names.Replace(statement), args...)
}

// query prepares a read or a plain write.
func (b *Backend) query(ctx context.Context, statement string, args ...any) gated {
	return gated{ctx, b.statement(ctx, statement, args...), b.gate}.Consistency(b.options.Consistency)
}

// serialRead prepares a read that finishes lightweight transactions under way, and sees them.
func (b *Backend) serialRead(ctx context.Context, statement string, args ...any) gated {
	return b.query(ctx, statement, args...).Consistency(gocql.Consistency(b.options.Serial))
}

// apply runs a lightweight transaction, and reports whether it was applied. An error leaves that open.
func (b *Backend) apply(ctx context.Context, statement string, args ...any) (bool, error) {
	return b.query(ctx, statement, args...).apply(b.options.Serial)
}

// query is that of the backend, which waits for nothing.
func (c *Control) query(ctx context.Context, statement string, args ...any) gated {
	q := c.Backend.query(ctx, statement, args...)
	q.gate = nil
	return q
}

func (c *Control) serialRead(ctx context.Context, statement string, args ...any) gated {
	return c.query(ctx, statement, args...).Consistency(gocql.Consistency(c.options.Serial))
}

func (c *Control) apply(ctx context.Context, statement string, args ...any) (bool, error) {
	return c.query(ctx, statement, args...).apply(c.options.Serial)
}

// patience is how often a read may fail.
const patience = 5

// patiently repeats a read that fails: a SERIAL one of a row that others write times out as a write does.
func patiently(ctx context.Context, read func() error) (err error) {
	for attempt := range patience {
		if err = read(); err == nil || errors.Is(err, gocql.ErrNotFound) || pause(ctx, attempt) != nil {
			break
		}
	}
	return err
}
