package cqlcontrol

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A key that is as long as Cassandra takes stands in the journal as any other. One that is longer is its caller's error, before
// anything is written, and calls beside it are none the worse.
func TestLongKeys(t *testing.T) {
	ctx, p := t.Context(), newPlace(t)
	j, other := p.open(t, Options{}).journal, p.open(t, Options{}).journal
	require.NoError(t, j.Renew(ctx, "me", time.Minute))
	longest := maxPartition - partsOverhead - len(j.options.Migration) - len("User")
	key, longer := journal.Key{Kind: "User", ID: strings.Repeat("x", longest)}, journal.Key{Kind: "User", ID: strings.Repeat("x", longest+1)}
	_, err := j.Track(ctx, "track")
	require.NoError(t, err)
	since, err := j.Seq(ctx)
	require.NoError(t, err)

	token, err := j.Begin(ctx, "me", key, phase.Old)
	require.NoError(t, err)
	entry, unclean, err := other.Lookup(ctx, key)
	require.NoError(t, err)
	require.True(t, unclean)
	require.Equal(t, key, entry.Key)
	require.NoError(t, j.End(ctx, key, token, false))
	token, ok, err := j.BeginCopy(ctx, "me", key, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, j.End(ctx, key, token, true))

	_, err = j.Begin(ctx, "me", longer, phase.Old)
	require.ErrorIs(t, err, journal.ErrKeyTooLong)
	require.Less(t, len(err.Error()), 300)
	_, err = j.BeginAgreed(ctx, "me", longer, phase.Old)
	require.ErrorIs(t, err, journal.ErrKeyTooLong)
	_, err = j.BeginMany(ctx, "me", []journal.Key{{Kind: "User", ID: "short"}, longer}, phase.Old)
	require.ErrorIs(t, err, journal.ErrKeyTooLong)
	require.ErrorIs(t, j.MarkDirty(ctx, []journal.Key{{Kind: "User", ID: "short"}, longer}, phase.Old), journal.ErrKeyTooLong)
	_, unclean, err = j.Lookup(ctx, longer)
	require.NoError(t, err)
	require.False(t, unclean)
	counts, err := other.Counts(ctx, "")
	require.NoError(t, err)
	require.Zero(t, counts.Unclean(), "nothing was written")

	var calls sync.WaitGroup
	for n := range 300 { // more than a server takes in one row
		calls.Go(func() {
			one := journal.Key{Kind: "User", ID: strings.Repeat(string(rune('a'+n%26)), longest-n)}
			token, err := j.BeginAgreed(ctx, "me", one, phase.Old)
			if err == nil {
				err = j.End(ctx, one, token, true)
			}
			if err != nil {
				t.Errorf("%d: %.200v", n, err)
			}
		})
	}
	calls.Wait()
	active, err := other.Activity(ctx, "User", since)
	require.NoError(t, err)
	require.Contains(t, active, key)
	require.GreaterOrEqual(t, len(active), 301)
}
