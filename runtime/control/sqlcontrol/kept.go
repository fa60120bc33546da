package sqlcontrol

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
)

// A call may hold a connection of the pool while it waits for the journal: a transaction of a store, a stream of rows. If
// the journal took its connections from what is left of the pool, as many such calls as the pool has connections would hold
// all of them, and wait for each other for ever. So the backend keeps connections of the pool for itself: one for the
// control store and the renewal of leases, which no traffic delays, and some for the journal.

// pools are the connections that a backend keeps.
type pools struct {
	control *sqlx.DB
	journal *sqlx.DB
}

const (
	// maxKept is how many connections the journal keeps of a pool with that many, and uses of one without a limit.
	maxKept = 16
	// smallestPool leaves one connection to the stores.
	smallestPool = 3
)

// keep makes the pools. It touches no database: connections are taken when they are needed.
func keep(db *sqlx.DB, wanted int) (pools, error) {
	limit := db.Stats().MaxOpenConnections
	n, err := share(limit, wanted)
	if err != nil {
		return pools{}, err
	}
	k := &keeper{shared: db.DB}
	p := pools{control: kept(db, k, 1), journal: kept(db, k, n)}
	if limit == 0 && wanted == 0 {
		k.face = func() { p.journal.SetMaxOpenConns(1) }
	}
	return p, nil
}

// share is how many connections the journal keeps of a pool with that limit; 0 stands for none.
func share(limit, wanted int) (int, error) {
	switch {
	case wanted < 0:
		return 0, fmt.Errorf("sqlcontrol: Options.Connections is %d: want 1 or more, or 0 for the default", wanted)
	case wanted > 0 && limit > 0 && wanted > limit-1:
		return 0, fmt.Errorf("sqlcontrol: Options.Connections is %d, and the pool has %d connections, of which the control store keeps one: "+
			"raise SetMaxOpenConns to at least %d before Open", wanted, limit, wanted+1)
	case wanted > 0:
		return wanted, nil
	case limit == 0:
		return maxKept, nil
	case limit < smallestPool:
		return 0, fmt.Errorf("sqlcontrol: the pool has %d connections at most: the control store keeps one and the journal one, "+
			"and none would be left for a store that shares the pool. Raise SetMaxOpenConns to %d or more before Open; "+
			"or give the backend a *sqlx.DB of its own with SetMaxOpenConns(2), and say Options.Connections: 1",
			limit, 2*smallestPool)
	}
	return min(max(1, (limit-1)/3), maxKept), nil
}

// keepIdle is how long a connection is kept that nobody uses. A journal in use is tidied more often.
const keepIdle = 30 * time.Second

// kept is a pool of n connections out of another pool.
func kept(db *sqlx.DB, k *keeper, n int) *sqlx.DB {
	pool := sqlx.NewDb(sql.OpenDB(k), db.DriverName())
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	pool.SetConnMaxIdleTime(keepIdle)
	return pool
}

func (p pools) close() error { return errors.Join(p.control.Close(), p.journal.Close()) }

// keeper takes connections out of a pool and keeps them. It is the connector of the pools above.
type keeper struct {
	shared *sql.DB
	face   func() // is called once if the pool is the face of another; nil once that is known
}

// Driver implements driver.Connector.
func (k *keeper) Driver() driver.Driver { return k.shared.Driver() }

// Connect implements driver.Connector.
func (k *keeper) Connect(ctx context.Context) (driver.Conn, error) {
	held, err := k.take(ctx)
	if err != nil {
		return nil, fmt.Errorf("take a connection of the pool: %w", err)
	}
	c := &keptConn{held: held, shared: k.shared}
	err = held.Raw(func(conn any) error {
		var ok bool
		if c.Conn, ok = conn.(driver.Conn); !ok {
			return fmt.Errorf("sqlcontrol: the driver's connection is a %T", conn)
		}
		return nil
	})
	if err != nil {
		return nil, errors.Join(err, held.Close())
	}
	return c, nil
}

// facePatience bounds the wait for a connection of a pool that says it has no limit. Such a wait ends calls that wait for each
// other.
const facePatience = 10 * time.Second

// turns has a channel with room for one for each pool: who raises its limit.
var turns sync.Map // *sql.DB → chan struct{}

// take takes a connection without waiting for one that a call holds, since that call may wait for this one: after a lost
// connection, say. If all are in use, the pool's limit is raised for that moment; the pool closes the next connection that
// is given back to it.
func (k *keeper) take(ctx context.Context) (*sql.Conn, error) {
	turn, _ := turns.LoadOrStore(k.shared, make(chan struct{}, 1))
	select {
	case turn.(chan struct{}) <- struct{}{}:
		defer func() { <-turn.(chan struct{}) }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	limit := k.shared.Stats().MaxOpenConnections
	if limit == 0 {
		conn, err := k.try(ctx, facePatience)
		if err == nil && k.face != nil {
			conn, err = k.lookBehind(ctx, conn)
		}
		if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
			err = fmt.Errorf("none was free for %v (%w): calls that hold the others may wait for this one; "+
				"give the backend a *sqlx.DB of its own: see docs/control.md, Connections", facePatience, err)
		}
		return conn, err
	}
	defer func() { k.shared.SetMaxOpenConns(limit) }()
	var conn *sql.Conn
	var err error
	for attempt := 1; attempt <= 3; attempt++ {
		k.shared.SetMaxOpenConns(max(limit, k.shared.Stats().OpenConnections+attempt))
		conn, err = k.try(ctx, time.Second<<attempt)
		if err == nil || ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
			break
		}
		// Another call was quicker to take the room, or the database is slow to answer.
	}
	return conn, err
}

// lookBehind finds out whether the pool, which says that it has no limit, is the face of another that may have one, such as
// stdlib.OpenDBFromPool of pgx makes: it keeps no idle connection. The journal then keeps one connection of it.
func (k *keeper) lookBehind(ctx context.Context, conn *sql.Conn) (*sql.Conn, error) {
	before := k.shared.Stats()
	if err := conn.Close(); err != nil {
		return nil, err
	}
	if after := k.shared.Stats(); after.Idle == 0 && after.MaxIdleClosed > before.MaxIdleClosed {
		k.face()
	}
	k.face = nil
	return k.try(ctx, facePatience)
}

// try asks the pool once.
func (k *keeper) try(ctx context.Context, patience time.Duration) (*sql.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return k.shared.Conn(ctx)
}
