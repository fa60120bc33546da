package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control/internal/link"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var key = journal.Key{Kind: "User", ID: "1"}

func lookup(t *testing.T, b *Backend, key journal.Key) (journal.Entry, bool) {
	t.Helper()
	entry, ok, err := b.journal.Lookup(t.Context(), key)
	require.NoError(t, err)
	return entry, ok
}

// The fast path.
func TestAgreed(t *testing.T) {
	p := newPlace(t)
	for name, test := range map[string]func(t *testing.T, p place){
		"overlap": agreedOverlap, "in_turn": agreedInTurn, "expire": agreedExpire, "fails": agreedFails, "adopts": agreedAdopts, "by many": agreedByMany,
	} {
		t.Run(name, func(t *testing.T) {
			p.migration = name
			test(t, p)
		})
	}
}

// Of two calls on the fast path that overlap, at least one sees the other, whatever process they are of.
func agreedOverlap(t *testing.T, p place) {
	one, two := p.open(t, Options{}), p.open(t, Options{})
	ctx := t.Context()
	for range 10 {
		k := journal.Key{Kind: "User", ID: fmt.Sprint(time.Now().UnixNano())}
		var tokens [4]journal.Token
		var all sync.WaitGroup
		for i := range tokens {
			all.Go(func() {
				var err error
				tokens[i], err = []*Backend{one, two}[i%2].journal.BeginAgreed(ctx, "x", k, phase.Old)
				assert.NoError(t, err)
			})
		}
		all.Wait()
		entry, ok := lookup(t, two, k)
		require.True(t, ok)
		require.Equal(t, 4, entry.Active)
		require.True(t, entry.Dirty)
		for i, token := range tokens {
			require.NoError(t, []*Backend{one, two}[i%2].journal.End(ctx, k, token, true))
		}
	}
}

// Calls that follow each other do not overlap, though their rows stay: the process knows, and the others once it has told.
func agreedInTurn(t *testing.T, p place) {
	b, other := p.open(t, Options{}), p.open(t, Options{})
	for range 50 {
		token, err := b.journal.BeginAgreed(t.Context(), "x", key, phase.Old)
		require.NoError(t, err)
		require.NoError(t, b.journal.End(t.Context(), key, token, true))
	}
	_, unclean := lookup(t, b, key)
	require.False(t, unclean)
	b.Close()
	_, unclean = lookup(t, other, key)
	require.False(t, unclean)
}

// A key that many processes have written does not keep a row of each.
func agreedByMany(t *testing.T, p place) {
	var all []*Backend
	for range crowd {
		b := p.open(t, Options{})
		token, err := b.journal.BeginAgreed(t.Context(), "x", key, phase.Old)
		require.NoError(t, err)
		require.NoError(t, b.journal.End(t.Context(), key, token, true))
		b.Close()
		all = append(all, b)
	}
	e, err := all[0].journal.table.read(t.Context(), key)
	require.NoError(t, err)
	require.Len(t, e.fast, crowd)
	_, unclean := lookup(t, all[0], key)
	require.False(t, unclean)
	all[0].Close() // waits
	e, err = all[0].journal.table.read(t.Context(), key)
	require.NoError(t, err)
	require.Empty(t, e.fast)
}

// A token of the fast path whose owner died is taken away, and its owner, should it live, is told.
func agreedExpire(t *testing.T, p place) {
	b, other := p.open(t, Options{Skew: -1}), p.open(t, Options{Skew: -1})
	ctx := t.Context()
	require.NoError(t, b.journal.Renew(ctx, "x", 200*time.Millisecond))
	token, err := b.journal.BeginAgreed(ctx, "x", key, phase.New)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		n, err := other.journal.Expire(ctx)
		return err == nil && n == 1
	}, 2*time.Minute, 20*time.Millisecond)
	entry, ok := lookup(t, other, key)
	require.True(t, ok)
	require.True(t, entry.Dirty)
	require.Zero(t, entry.Active)
	require.Equal(t, phase.New, entry.Primary)
	require.ErrorIs(t, b.journal.End(ctx, key, token, true), journal.ErrTokenLost)
}

// A failed call on the fast path leaves its key dirty, and other processes find it.
func agreedFails(t *testing.T, p place) {
	b, other := p.open(t, Options{}), p.open(t, Options{})
	ctx := t.Context()
	token, err := b.journal.BeginAgreed(ctx, "x", key, phase.New)
	require.NoError(t, err)
	active, err := other.journal.Counts(ctx, "")
	require.NoError(t, err)
	require.Equal(t, journal.Counts{Active: 1, Primary: [2]int{0, 1}}, active)
	require.NoError(t, b.journal.End(ctx, key, token, false))
	servertest.Eventually(t, func(c *servertest.Try) { // the call's end is told a moment later
		entries, err := other.journal.Unclean(ctx, journal.Query{Copyable: true})
		require.NoError(c, err)
		require.Len(c, entries, 1)
		require.Equal(c, phase.New, entries[0].Primary)
	}, 2*time.Minute, 10*time.Millisecond)
}

// BeginAgreed of a key that has the other primary after all adopts it.
func agreedAdopts(t *testing.T, p place) {
	b := p.open(t, Options{})
	require.NoError(t, b.journal.MarkDirty(t.Context(), []journal.Key{key}, phase.New))
	token, err := b.journal.BeginAgreed(t.Context(), "x", key, phase.Old)
	require.NoError(t, err)
	require.Equal(t, phase.New, token.Primary)
	require.NoError(t, b.journal.End(t.Context(), key, token, true))
}

// A transaction that was applied, and whose answer was lost, is recognised by its version.
func TestUnknownOutcome(t *testing.T) {
	b := newPlace(t).open(t, Options{})
	ctx, j := t.Context(), b.journal
	calls := 0
	after, err := j.change(ctx, "test", key, func(e *entry) error {
		if calls++; calls == 1 { // somebody else comes between, so that the first attempt is refused
			require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.New))
		}
		e.adopt(entry{}, phase.Old)
		e.put(held{ID: 2, Owner: "x"}, 1)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, 2, calls)
	require.Equal(t, phase.New, after.body.Primary, "decided again from what the other left")

	e, err := j.readSerial(ctx, key)
	require.NoError(t, err)
	stale := e
	stale.body.Cause = "late"
	require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.New))
	applied, err := j.write(ctx, &stale, gocql.MustRandomUUID())
	require.NoError(t, err)
	require.False(t, applied, "an attempt that comes late is refused: the version has changed")
}

// Connections that break while calls run give wrapped errors, and nothing stays stuck once the database is back.
func TestBrokenConnections(t *testing.T) {
	p := newPlace(t)
	healthy := p.open(t, Options{})
	l := link.New(t, p.hosts[0])
	host, port, err := net.SplitHostPort(l.Addr())
	require.NoError(t, err)
	cluster := gocql.NewCluster(host)
	cluster.Port, err = strconv.Atoi(port)
	require.NoError(t, err)
	cluster.AddressTranslator = gocql.AddressTranslatorFunc(func(net.IP, int) (net.IP, int) { return net.ParseIP(host), cluster.Port })
	cluster.ConvictionPolicy = NeverConvict{}
	cluster.ReconnectInterval = 50 * time.Millisecond
	cluster.ReconnectionPolicy = &gocql.ConstantReconnectionPolicy{MaxRetries: 100, Interval: 20 * time.Millisecond}
	cluster.Timeout = servertest.CassandraTimeout
	session, err := cluster.CreateSession()
	require.NoError(t, err)
	t.Cleanup(session.Close)
	b, err := Open(session, Options{Keyspace: p.keyspace, Migration: "m", OneReplica: true, Skew: -1})
	require.NoError(t, err)
	ctx := t.Context()

	var mu sync.Mutex
	failed := 0
	note := func(err error) {
		if err == nil || errors.Is(err, journal.ErrTokenLost) {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		failed++
		assert.True(t, strings.Contains(err.Error(), "cqlcontrol: ") || errors.Is(err, context.DeadlineExceeded), err)
	}
	stop := time.Now().Add(4 * time.Second)
	var writers sync.WaitGroup
	for w := range 6 {
		writers.Go(func() {
			for i := 0; time.Now().Before(stop); i++ {
				begin := b.journal.Begin
				if w%2 == 0 {
					begin = b.journal.BeginAgreed
				}
				k := journal.Key{Kind: "User", ID: fmt.Sprint((w + i) % 5)}
				callCtx, cancel := context.WithTimeout(ctx, time.Second)
				token, err := begin(callCtx, "x", k, phase.Old)
				note(err)
				cancel()
				for err == nil && ctx.Err() == nil {
					callCtx, cancel := context.WithTimeout(ctx, 10*time.Second)
					again := b.journal.End(callCtx, k, token, true) // until it has an answer, as the runtime does
					note(again)
					cancel()
					if again == nil || errors.Is(again, journal.ErrTokenLost) {
						break
					}
				}
			}
		})
	}
	for time.Now().Before(stop.Add(-time.Second)) {
		time.Sleep(300 * time.Millisecond)
		l.Cut()
		time.Sleep(50 * time.Millisecond)
		l.Mend()
	}
	writers.Wait()
	require.Positive(t, failed, "no call met a broken connection")
	servertest.Eventually(t, func(c *servertest.Try) {
		b.journal.process.mu.Lock()
		for i := range b.journal.process.debts { // as if the time had passed in which they could still come
			b.journal.process.debts[i].until = time.Now()
		}
		b.journal.process.mu.Unlock()
		assert.NoError(c, b.journal.Renew(ctx, "x", time.Minute))
		counts, err := healthy.journal.Counts(ctx, "")
		assert.NoError(c, err)
		assert.Zero(c, counts.Active)
	}, 2*time.Minute, 100*time.Millisecond)
}
