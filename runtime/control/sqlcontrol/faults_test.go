package sqlcontrol

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jmoiron/sqlx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/control/internal/link"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

var key = journal.Key{Kind: "User", ID: "1"}

// A token that a failed call left in the table is taken away by the next Renew, and its key is dirty.
func TestStrays(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b := p.open(t, Options{Sweep: time.Nanosecond})
		ctx, j := t.Context(), b.journal
		kept, err := j.Begin(ctx, "x", journal.Key{Kind: "User", ID: "kept"}, phase.Old)
		require.NoError(t, err)
		other := p.open(t, Options{})
		_, err = other.journal.Begin(ctx, "x", journal.Key{Kind: "User", ID: "another process'"}, phase.Old)
		require.NoError(t, err)
		token, err := j.Begin(ctx, "x", key, phase.New)
		require.NoError(t, err)
		j.held.drop(token.ID) // as after a Begin whose answer was lost

		require.NoError(t, j.Renew(ctx, "x", time.Minute))
		j.tidier.work.Wait()
		entry, ok, err := j.Lookup(ctx, key)
		require.NoError(t, err)
		require.True(t, ok)
		assert.True(t, entry.Dirty)
		assert.Equal(t, phase.New, entry.Primary)
		counts, err := j.Counts(ctx, "")
		require.NoError(t, err)
		assert.Equal(t, 2, counts.Active, "the tokens that are held stay")
		require.NoError(t, j.End(ctx, journal.Key{Kind: "User", ID: "kept"}, kept, true))
	})
}

// Connections that break while calls run give wrapped errors, and nothing stays stuck once the database is back.
func TestBrokenConnections(t *testing.T) {
	dsn, err := url.Parse(servertest.Postgres(t))
	require.NoError(t, err)
	l := link.New(t, dsn.Host)
	dsn.Host = l.Addr()
	db, err := sqlx.Open("pgx", dsn.String())
	require.NoError(t, err)
	t.Cleanup(func() { db.Close() })
	b, err := Open(db, Options{Dialect: Postgres, Migration: "m", Sweep: time.Nanosecond})
	require.NoError(t, err)
	ctx := t.Context()
	t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
	require.NoError(t, b.Migrate(ctx))

	failed := 0
	var mu sync.Mutex
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 60 {
				k := journal.Key{Kind: "User", ID: string(rune('a' + (w+i)%5))}
				token, err := b.journal.Begin(ctx, "x", k, phase.Old)
				if err == nil {
					if err = b.journal.End(ctx, k, token, true); err != nil {
						b.journal.held.drop(token.ID) // the caller gives up
					}
				}
				if err != nil {
					mu.Lock()
					failed++
					mu.Unlock()
					if !errors.Is(err, journal.ErrTokenLost) {
						assert.ErrorContains(t, err, "sqlcontrol: ")
						assert.NotNil(t, errors.Unwrap(err))
					}
				}
			}
		})
	}
	for range 20 {
		time.Sleep(5 * time.Millisecond)
		l.Cut()
		time.Sleep(2 * time.Millisecond)
		l.Mend()
	}
	writers.Wait()
	require.Positive(t, failed, "no call met a broken connection")
	servertest.Eventually(t, func(c *servertest.Try) {
		assert.NoError(c, b.journal.Renew(ctx, "x", time.Minute))
		counts, err := b.journal.Counts(ctx, "")
		assert.NoError(c, err)
		assert.Zero(c, counts.Active)
	}, enough, 20*time.Millisecond)
}

// listen is the example of Listen.
func listen(dsn string) Listen {
	return func(ctx context.Context, channel string, wake func()) error {
		conn, err := pgx.Connect(ctx, dsn)
		if err != nil {
			return err
		}
		defer conn.Close(context.WithoutCancel(ctx))
		if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
			return err
		}
		for {
			wake()
			if _, err := conn.WaitForNotification(ctx); err != nil {
				return err
			}
		}
	}
}

// A change of the record ends a Watch at once where notifications are followed, and after Poll at most elsewhere.
func TestWatchLatency(t *testing.T) {
	dsn := servertest.Postgres(t)
	for name, options := range map[string]Options{
		"polling":   {Poll: 200 * time.Millisecond},
		"listening": {Poll: time.Hour, Listen: listen(dsn)},
	} {
		t.Run(name, func(t *testing.T) {
			db, err := sqlx.Open("pgx", dsn)
			require.NoError(t, err)
			t.Cleanup(func() { db.Close() })
			options.Dialect, options.Migration = Postgres, name
			b, err := Open(db, options)
			require.NoError(t, err)
			t.Cleanup(func() { assert.NoError(t, b.Close(context.Background())) })
			ctx := t.Context()
			require.NoError(t, b.Migrate(ctx))
			require.NoError(t, control.Init(ctx, b.control, "test"))
			_ = b.control.Watch(ctxFor(t, 300*time.Millisecond), 1) // the listener is up after that
			var worst, sum time.Duration
			const rounds = 20
			for i := range uint64(rounds) {
				ended := make(chan time.Time, 1)
				go func() {
					for record, err := b.control.Load(ctx); err == nil && record.Revision < i+2; record, err = b.control.Load(ctx) {
						_ = b.control.Watch(ctx, record.Revision)
					}
					ended <- time.Now()
				}()
				time.Sleep(10 * time.Millisecond)
				require.NoError(t, b.control.Swap(ctx, i+1, control.Record{Epoch: i + 2, Phase: phase.OldOnly}))
				swapped := time.Now()
				var took time.Duration
				select {
				case end := <-ended:
					took = end.Sub(swapped)
				case <-time.After(enough):
					t.Fatal("the change was not seen")
				}
				sum, worst = sum+took, max(worst, took)
			}
			t.Logf("%s: a change is seen after %v on average, %v at worst", name, sum/rounds, worst) // or in an hour, without a notification
		})
	}
}

func ctxFor(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// The printed DDL is what Migrate runs, and may run again.
func TestDDL(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ddl, err := DDL(p.dialect, "")
		require.NoError(t, err)
		db := p.reach(t)
		for range 2 {
			for statement := range strings.SplitSeq(strings.TrimSuffix(ddl, ";\n"), ";\n") {
				_, err := db.Exec(statement)
				require.NoError(t, err, statement)
			}
		}
		b := p.open(t, Options{})
		_, err = b.journal.Begin(t.Context(), "x", key, phase.Old)
		require.NoError(t, err)
	})
}

func TestBadOptions(t *testing.T) {
	db := sqlx.NewDb(nil, "pgx")
	for want, options := range map[string]Options{
		"has no name":     {Dialect: Postgres},
		"unknown dialect": {Dialect: "oracle"},
		"migration name":  {Dialect: Postgres, Migration: "it's"},
		"prefix":          {Dialect: Postgres, Migration: "m", Prefix: "a; DROP TABLE users; --"},
	} {
		_, err := Open(db, options)
		require.ErrorContains(t, err, want)
	}
	_, err := Open(nil, Options{Dialect: Postgres})
	require.ErrorContains(t, err, "no database")
}

// A lazy End is done soon, also for a call that begins before it is, and at Close.
func TestLazyEnd(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b := p.open(t, Options{LazyEnd: true})
		ctx := t.Context()
		require.NoError(t, b.journal.Renew(ctx, "x", time.Minute))
		for range 50 { // calls that follow each other do not overlap
			token, err := b.journal.Begin(ctx, "x", key, phase.Old)
			require.NoError(t, err)
			require.NoError(t, b.journal.End(ctx, key, token, true))
			tokens, err := b.journal.BeginMany(ctx, "x", []journal.Key{key}, phase.Old)
			require.NoError(t, err)
			require.NoError(t, b.journal.EndMany(ctx, []journal.Key{key}, tokens, true))
		}
		require.NoError(t, b.Close(ctx))
		_, unclean, err := p.open(t, Options{}).journal.Lookup(ctx, key)
		require.NoError(t, err)
		require.False(t, unclean)
	})
}

// An owner whose lease may have run out is told at once, lazy or not.
func TestLazyEndAfterLease(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b := p.open(t, Options{LazyEnd: true})
		ctx := t.Context()
		require.NoError(t, b.journal.Renew(ctx, "x", 50*time.Millisecond))
		token, err := b.journal.Begin(ctx, "x", key, phase.Old)
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			n, err := b.journal.Expire(ctx)
			return err == nil && n == 1
		}, enough, 10*time.Millisecond)
		require.ErrorIs(t, b.journal.End(ctx, key, token, true), journal.ErrTokenLost)
	})
}
