package soak

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/cqlcontrol"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// agedKeys makes the rows of the listing look an hour old. At the same stamp, that a cell is gone comes before any value.
func agedKeys(t *testing.T, look *gocql.Session, table func(string) string) {
	hour := time.Now().Add(-time.Hour)
	var process, bucket int64
	var n int
	var turn *int64
	at := ` WHERE migration = 'soak' AND process = ? AND bucket = ? AND n = ?`
	rows := look.Query(`SELECT process, bucket, n, writetime(since) FROM ` + table("listing")).Iter()
	for rows.Scan(&process, &bucket, &n, &turn) {
		require.NoError(t, look.Query(`UPDATE `+table("listing")+` USING TIMESTAMP 2 SET added = ?`+at, hour, process, bucket, n).Exec())
		if turn != nil {
			require.NoError(t, look.Query(`DELETE since FROM `+table("listing")+` USING TIMESTAMP ?`+at, *turn, process, bucket, n).Exec())
		}
	}
	require.NoError(t, rows.Close())
}

// setAhead stamps the leases of an owner five minutes ahead.
func setAhead(t *testing.T, look *gocql.Session, table func(string) string, owner string) {
	var process, ttl, stamp int64
	var renewed time.Time
	rows := look.Query(`SELECT process, renewed, ttl, writetime(renewed) FROM `+table("lease")+` WHERE owner = ? ALLOW FILTERING`, owner).Iter()
	for rows.Scan(&process, &renewed, &ttl, &stamp) {
		require.NoError(t, look.Query(`INSERT INTO `+table("lease")+` (migration, process, owner, renewed, ttl) VALUES ('soak', ?, ?, ?, ?) USING TIMESTAMP ?`,
			process, owner, renewed, ttl, stamp+(5*time.Minute).Microseconds()).Exec())
	}
	require.NoError(t, rows.Close())
}

// repeated takes and ends tokens while connections break, and returns how often the session's RetryPolicy was asked.
func repeated(t *testing.T, hosts, keyspace string) int64 {
	p := &policy{}
	cuts := &cutter{}
	cluster := gocql.NewCluster(strings.Split(hosts, ",")...)
	cluster.Timeout, cluster.RetryPolicy, cluster.Dialer = servertest.CassandraTimeout, p, cuts
	cluster.ConvictionPolicy = cqlcontrol.NeverConvict{}
	cluster.ReconnectInterval = 50 * time.Millisecond
	cluster.QueryObserver = p
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	defer session.Close()
	b, err := cqlcontrol.Open(session, cqlcontrol.Options{Keyspace: keyspace, Migration: "soak repeats", OneReplica: true})
	require.NoError(t, err)
	defer b.Close()
	ctx := t.Context()
	for n := 0; n < 20 || p.failed.Load() == 0; n++ {
		require.Less(t, n, 1000, "no statement met a broken connection")
		key := journal.Key{Kind: kind, ID: fmt.Sprint("cut ", n)}
		time.AfterFunc(time.Duration(n%8)*time.Millisecond, cuts.cut)
		if token, err := b.Journal().Begin(ctx, "cut", key, phase.Old); err == nil {
			_ = b.Journal().End(ctx, key, token, true)
		}
	}
	return p.asked.Load()
}

// policy would have every statement sent again, and counts how often it was asked, and what failed.
type policy struct{ asked, failed atomic.Int64 }

func (p *policy) Attempt(q gocql.RetryableQuery) bool {
	p.asked.Add(1)
	return q.Attempts() <= 3
}

func (p *policy) GetRetryType(error) gocql.RetryType { return gocql.Retry }

func (p *policy) ObserveQuery(_ context.Context, q gocql.ObservedQuery) {
	if q.Err != nil && !errors.Is(q.Err, gocql.ErrNotFound) {
		p.failed.Add(1)
	}
}

// cutter dials connections, and cuts them.
type cutter struct {
	mu    sync.Mutex
	conns []net.Conn
}

func (c *cutter) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, addr)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		c.conns = append(c.conns, conn)
	}
	return conn, err
}

func (c *cutter) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, conn := range c.conns {
		_ = conn.Close()
	}
	c.conns = nil
}
