package fallback_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/fallback"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

const (
	settle = 500 * time.Millisecond
	lease  = 2 * time.Minute
	enough = 5 * time.Minute
	pause  = 5 * time.Millisecond
)

// races is how many races a run makes.
func races() int {
	if os.Getenv("DUALGEN_PROOF") == "" {
		return 500
	}
	return 10_000
}

// race runs both functions on each of n keys, at once, some keys at a time.
func race(n int, one, two func(id string) error) error {
	var workers sync.WaitGroup
	errs := make([]error, 8)
	for w := range errs {
		workers.Go(func() {
			for i := w; i < n && errs[w] == nil; i += len(errs) {
				id := fmt.Sprintf("%06d", i)
				var other error
				done := make(chan struct{})
				go func() { defer close(done); other = two(id) }()
				errs[w] = one(id)
				<-done
				errs[w] = errors.Join(errs[w], other)
			}
		})
	}
	workers.Wait()
	return errors.Join(errs...)
}

// fill puts n rows into old.
func (f *fleet) fill(t *testing.T, n int) {
	t.Helper()
	_, err := f.old.db.Exec(`INSERT INTO rows_of SELECT lpad((n - 1)::text, 6, '0'), 'text' FROM generate_series(1, $1) n`, n)
	require.NoError(t, err)
}

// clean has a reconciler work until nothing is unclean.
func (f *fleet) clean(t *testing.T) {
	t.Helper()
	r := reconcile.New(f.migration, reconcile.Config{Settle: settle, Rate: -1, Backoff: time.Millisecond})
	require.Eventually(t, func() bool {
		_, err := r.Once(t.Context())
		require.NoError(t, err)
		counts, err := f.backend.Journal().Counts(t.Context(), "")
		require.NoError(t, err)
		return counts.Unclean() == 0
	}, enough, pause)
}

// naive is a save-through without a token, and a delete that knows nothing of it.
type naive struct{ old, new table }

func (n naive) Get(ctx context.Context, id string) (row, error) {
	r, err := n.new.Get(ctx, id)
	if !errors.Is(err, errNoRow) {
		return r, err
	}
	if r, err = n.old.Get(ctx, id); err != nil {
		return r, err
	}
	return r, n.new.Put(ctx, r)
}

func (n naive) Delete(ctx context.Context, id string) error {
	return errors.Join(n.new.Delete(ctx, id), n.old.Delete(ctx, id))
}

// A delete that races with a save-through is never undone by it. Without tokens, in the same run, many are.
func TestDeletesAreNotUndone(t *testing.T) {
	n, began := races(), time.Now()
	f := open(t, phase.NewGuarded, phase.Settings{Fallback: phase.FallbackSave})
	f.fill(t, n)
	get := func(get func(context.Context, string) (row, error)) func(id string) error {
		return func(id string) error {
			if _, err := get(t.Context(), id); !errors.Is(err, errNoRow) {
				return err
			}
			return nil
		}
	}
	require.NoError(t, race(n, get(f.Get), func(id string) error { return f.Delete(t.Context(), id) }))
	f.clean(t)
	assert.Empty(t, f.new.all(t), "resurrected in new")
	assert.Empty(t, f.old.all(t))

	without := naive{f.old, f.new}
	f.fill(t, n)
	require.NoError(t, race(n, get(without.Get), func(id string) error { return without.Delete(t.Context(), id) }))
	resurrected := len(f.new.all(t))
	t.Logf("%d races: 0 resurrected; without tokens %d", n, resurrected)
	assert.Greater(t, resurrected, n/100, "the races are races")
	require.NoError(t, results.Report(results.Row{Layer: "deletes raced with save-throughs (Postgres, MariaDB)", Level: os.Getenv("DUALGEN_PROOF"), Count: int64(n),
		Unit: "races", Detail: fmt.Sprintf("0 resurrected; without tokens, in the same run, %d", resurrected), Seconds: time.Since(began).Seconds()}))
}

// The copy in the background beside updates and deletes of the same rows: every update stands, every delete stays.
func TestCopyBesideWrites(t *testing.T) {
	n := races()
	f := open(t, phase.NewGuarded, phase.Settings{Fallback: phase.FallbackLookup})
	f.fill(t, n)
	var copied fallback.Report
	var copyErr error
	done := make(chan struct{})
	go func() {
		defer close(done)
		copied, copyErr = fallback.Copy(t.Context(), f.migration, "Row", fallback.Config{Rate: -1})
	}()
	odd := func(id string) bool { return (id[len(id)-1]-'0')%2 == 1 }
	require.NoError(t, race(n, func(id string) error { return f.Append(t.Context(), id, "+") }, func(id string) error {
		if odd(id) {
			return f.Delete(t.Context(), id)
		}
		return f.Append(t.Context(), id, "+")
	}))
	<-done
	require.NoError(t, copyErr)
	assert.True(t, copied.Complete)
	f.clean(t)
	old, new := f.old.all(t), f.new.all(t)
	assert.Equal(t, old, new)
	assert.Len(t, new, n/2)
	for id, text := range new {
		assert.False(t, odd(id), "%s was deleted", id)
		assert.Equal(t, "text++", text, id)
	}
}
