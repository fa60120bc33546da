package fallback_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/require"
)

// trips counts a queue's round trips to Postgres, by what they are for.
type trips struct {
	mu sync.Mutex
	of map[string]int
}

func (c *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	c.count(strings.Fields(data.SQL)[0])
	return ctx
}

func (c *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (c *trips) TracePrepareStart(ctx context.Context, _ *pgx.Conn, _ pgx.TracePrepareStartData) context.Context {
	c.count("prepare")
	return ctx
}

func (c *trips) TracePrepareEnd(_ context.Context, _ *pgx.Conn, data pgx.TracePrepareEndData) {
	if data.AlreadyPrepared {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.of["prepare"]--
	}
}

func (c *trips) count(what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[what]++
}

// each says how many there were for each of n writes.
func (c *trips) each(n int) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for _, what := range slices.Sorted(maps.Keys(c.of)) {
		all = append(all, fmt.Sprintf("%s %.2f", what, float64(c.of[what])/float64(n)))
	}
	return strings.Join(all, ", ")
}

// countedPool is a pool of connections to Postgres whose round trips are counted.
func countedPool(t *testing.T, dsn string) (*sqlx.DB, *trips) {
	t.Helper()
	config, err := pgx.ParseConfig(dsn)
	require.NoError(t, err)
	c := &trips{of: map[string]int{}}
	config.Tracer = c
	db := sqlx.NewDb(stdlib.OpenDB(*config), "pgx")
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(16) // the default, 2, has most calls connect anew
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	return db, c
}
