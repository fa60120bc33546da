package cqlcontrol

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A watch keeps the logs of all processes until it ends; that of a process which died, until its leases have run out.
func TestWatchesDoNotKeepTheLogsForEver(t *testing.T) {
	p := newPlace(t)
	one, dying, other := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal
	ctx := t.Context()
	kind := journal.Key{Kind: "User", Whole: true}
	tracked := func() bool {
		from, err := other.needed(ctx, 1)
		require.NoError(t, err)
		return from == 0
	}
	begin := func(j *Journal, owner string) journal.Token {
		token, err := j.BeginWatching(ctx, owner, kind, phase.Old)
		require.NoError(t, err)
		require.True(t, tracked(), "the logs are kept")
		return token
	}

	token := begin(one, "lives")
	require.NoError(t, one.End(ctx, kind, token, true))
	require.Eventually(t, func() bool {
		require.NoError(t, one.Renew(ctx, "lives", time.Minute))
		return !tracked()
	}, 2*time.Minute, 50*time.Millisecond)

	begin(dying, "dies")
	require.NoError(t, dying.Renew(ctx, "dies", time.Millisecond))
	require.Eventually(t, func() bool {
		keys, err := other.Expire(ctx)
		require.NoError(t, err)
		return keys == 1
	}, time.Minute, 10*time.Millisecond)
	require.False(t, tracked())
	entry, unclean, err := other.Lookup(ctx, kind)
	require.NoError(t, err)
	require.True(t, unclean && entry.Dirty, "nobody knows what it wrote")
}

// Another process forgets the log of its ended calls, but not of those that a watch will ask for.
func TestWatchSeesCallsOfLongAgo(t *testing.T) {
	p := newPlace(t)
	one, other := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal
	ctx := t.Context()
	kind, key := journal.Key{Kind: "User", Whole: true}, journal.Key{Kind: "User", ID: "a"}
	call := func(key journal.Key) {
		token, err := other.BeginAgreed(ctx, "o", key, phase.Old)
		assert.NoError(t, err)
		assert.NoError(t, other.End(ctx, key, token, true))
	}
	token, err := one.BeginWatching(ctx, "w", kind, phase.Old)
	require.NoError(t, err)
	call(key)
	var calls sync.WaitGroup
	for i := range 16 {
		calls.Go(func() {
			for n := range bucketSize / 8 {
				call(journal.Key{Kind: "Order", ID: fmt.Sprint(i, " ", n)})
			}
		})
	}
	calls.Wait()
	require.NoError(t, other.sweepLog(ctx))
	require.NoError(t, one.End(ctx, kind, token, true))
	entry, unclean, err := other.Lookup(ctx, key)
	require.NoError(t, err)
	require.True(t, unclean && entry.Dirty && entry.Key == key, "%v %+v", unclean, entry)
}

// While a write of listed keys runs, logs are kept from where it began, and not from where the first one did.
func TestWatchesKeepWhatTheyNeed(t *testing.T) {
	p := newPlace(t)
	one, other := p.open(t, Options{}).journal, p.open(t, Options{}).journal
	ctx, kind := t.Context(), journal.Key{Kind: "User", Whole: true}
	late := func() int64 {
		from, err := other.needed(ctx, 1<<40)
		require.NoError(t, err)
		return from
	}
	call := func() {
		token, err := other.Begin(ctx, "o", journal.Key{Kind: "Order", ID: "a"}, phase.Old)
		require.NoError(t, err)
		require.NoError(t, other.End(ctx, journal.Key{Kind: "Order", ID: "a"}, token, true))
		require.NoError(t, other.tellAll(ctx))
	}
	require.Equal(t, int64(1<<40), late(), "nobody needs any")
	call()
	first, err := one.BeginWatching(ctx, "w", kind, phase.Old)
	require.NoError(t, err)
	require.Zero(t, late(), "all are kept until the process has told more")
	require.NoError(t, one.tellAll(ctx))
	began := late()
	require.Equal(t, other.process.position().Next, began)
	call()
	second, err := one.BeginWatching(ctx, "w", kind, phase.Old)
	require.NoError(t, err)
	require.NoError(t, one.tellAll(ctx))
	require.Equal(t, began, late(), "the earlier one needs them")
	require.NoError(t, one.End(ctx, kind, first, true))
	require.NoError(t, one.tellAll(ctx))
	require.Equal(t, other.process.position().Next, late(), "the later one does not")
	require.NoError(t, one.End(ctx, kind, second, true))
	require.NoError(t, one.tellAll(ctx))
	require.Equal(t, int64(1<<40), late())
}
