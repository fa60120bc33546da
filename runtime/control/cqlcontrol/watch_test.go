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

// A watch keeps the logs of all processes until it ends; that of a process which died, until its lease has run out.
func TestWatchesDoNotKeepTheLogsForEver(t *testing.T) {
	p := newPlace(t)
	one, other := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal
	ctx := t.Context()
	kind := journal.Key{Kind: "User", Whole: true}
	tracked := func() bool {
		found, err := other.tracked(ctx)
		require.NoError(t, err)
		return found
	}
	begin := func(owner string) journal.Token {
		token, err := one.BeginWatching(ctx, owner, kind, phase.Old)
		require.NoError(t, err)
		require.True(t, tracked(), "the logs are kept")
		return token
	}

	token := begin("lives")
	require.NoError(t, one.End(ctx, kind, token, true))
	require.Eventually(t, func() bool {
		require.NoError(t, one.Renew(ctx, "lives", time.Minute))
		return !tracked()
	}, 10*time.Second, 50*time.Millisecond)

	require.NoError(t, one.Renew(ctx, "dies, with a space", 100*time.Millisecond))
	begin("dies, with a space")
	time.Sleep(200 * time.Millisecond)
	keys, err := other.Expire(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, keys)
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
	require.NoError(t, other.Renew(ctx, "o", time.Minute))
	require.NoError(t, one.End(ctx, kind, token, true))
	entry, unclean, err := other.Lookup(ctx, key)
	require.NoError(t, err)
	require.True(t, unclean && entry.Dirty && entry.Key == key, "%v %+v", unclean, entry)
}
