package sqlcontrol

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// keptConn is a driver's connection that was taken out of a pool. It does what the driver's does.
type keptConn struct {
	driver.Conn
	held   *sql.Conn // keeps the pool from giving the connection to another
	shared *sql.DB
	broken bool
}

var (
	_ driver.ConnBeginTx        = (*keptConn)(nil)
	_ driver.ConnPrepareContext = (*keptConn)(nil)
	_ driver.ExecerContext      = (*keptConn)(nil)
	_ driver.QueryerContext     = (*keptConn)(nil)
	_ driver.NamedValueChecker  = (*keptConn)(nil)
	_ driver.SessionResetter    = (*keptConn)(nil)
	_ driver.Validator          = (*keptConn)(nil)
	_ driver.Pinger             = (*keptConn)(nil)
)

// Close gives the connection back. The pool closes one that is broken.
func (c *keptConn) Close() error {
	if !c.broken && c.IsValid() {
		return c.held.Close()
	}
	err := c.held.Raw(func(any) error { return driver.ErrBadConn })
	if errors.Is(err, driver.ErrBadConn) {
		return nil
	}
	return err
}

// seen notes whether an error says that the connection is broken.
func (c *keptConn) seen(err error) {
	if errors.Is(err, driver.ErrBadConn) {
		c.broken = true
	}
}

// BeginTx implements driver.ConnBeginTx. The package asks for no isolation level.
func (c *keptConn) BeginTx(ctx context.Context, options driver.TxOptions) (_ driver.Tx, err error) {
	defer func() { c.seen(err) }()
	if conn, ok := c.Conn.(driver.ConnBeginTx); ok {
		return conn.BeginTx(ctx, options)
	}
	return nil, fmt.Errorf("sqlcontrol: the driver's connection, a %T, has no BeginTx", c.Conn)
}

// PrepareContext implements driver.ConnPrepareContext.
func (c *keptConn) PrepareContext(ctx context.Context, query string) (_ driver.Stmt, err error) {
	defer func() { c.seen(err) }()
	if conn, ok := c.Conn.(driver.ConnPrepareContext); ok {
		return conn.PrepareContext(ctx, query)
	}
	return c.Conn.Prepare(query)
}

// ExecContext implements driver.ExecerContext.
func (c *keptConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (_ driver.Result, err error) {
	defer func() { c.seen(err) }()
	if conn, ok := c.Conn.(driver.ExecerContext); ok {
		return conn.ExecContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

// QueryContext implements driver.QueryerContext.
func (c *keptConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (_ driver.Rows, err error) {
	defer func() { c.seen(err) }()
	if conn, ok := c.Conn.(driver.QueryerContext); ok {
		return conn.QueryContext(ctx, query, args)
	}
	return nil, driver.ErrSkip
}

// CheckNamedValue implements driver.NamedValueChecker.
func (c *keptConn) CheckNamedValue(value *driver.NamedValue) error {
	if conn, ok := c.Conn.(driver.NamedValueChecker); ok {
		return conn.CheckNamedValue(value)
	}
	return driver.ErrSkip
}

// Ping implements driver.Pinger.
func (c *keptConn) Ping(ctx context.Context) error {
	if conn, ok := c.Conn.(driver.Pinger); ok {
		return conn.Ping(ctx)
	}
	return nil
}

// ended is a context that is over: a pool that is asked for a connection under it answers at once.
var ended = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()

// ResetSession implements driver.SessionResetter. A connection does not outlive the pool that it was taken from.
func (c *keptConn) ResetSession(ctx context.Context) error {
	if _, err := c.shared.Conn(ended); !errors.Is(err, context.Canceled) { // "database is closed"
		return driver.ErrBadConn
	}
	if conn, ok := c.Conn.(driver.SessionResetter); ok {
		err := conn.ResetSession(ctx)
		c.seen(err)
		return err
	}
	return nil
}

// IsValid implements driver.Validator.
func (c *keptConn) IsValid() bool {
	conn, ok := c.Conn.(driver.Validator)
	return !ok || conn.IsValid()
}
