package sqlcontrol

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A key that is longer than an index takes stands in the journal as any other, for every process.
func TestLongKeys(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		ctx, j, other := t.Context(), p.open(t, Options{}).journal, p.open(t, Options{}).journal
		long := func(end string) journal.Key {
			return journal.Key{Kind: "User", ID: strings.Repeat("\\é\x00", 30_000) + end}
		}
		keys := []journal.Key{long("a"), long("b"), {Kind: "User", ID: strings.Repeat("x", maxID+1)}, {Kind: "User", ID: `\#short`}}
		_, err := j.Track(ctx, "track")
		require.NoError(t, err)
		since, err := j.Seq(ctx)
		require.NoError(t, err)
		token, err := j.Begin(ctx, "me", keys[0], phase.Old)
		require.NoError(t, err)
		entry, unclean, err := other.Lookup(ctx, keys[0])
		require.NoError(t, err)
		require.True(t, unclean)
		require.Equal(t, keys[0], entry.Key)
		_, unclean, err = other.Lookup(ctx, keys[1])
		require.NoError(t, err)
		require.False(t, unclean, "keys that end differently are two")
		require.NoError(t, j.End(ctx, keys[0], token, true))
		tokens, err := j.BeginMany(ctx, "me", keys, phase.New)
		require.NoError(t, err)
		require.NoError(t, j.EndMany(ctx, keys, tokens, false))
		entries, err := other.Unclean(ctx, journal.Query{Copyable: true})
		require.NoError(t, err)
		var found []journal.Key
		for _, e := range entries {
			found = append(found, e.Key)
		}
		require.ElementsMatch(t, keys, found)
		active, err := other.Activity(ctx, "User", since)
		require.NoError(t, err)
		require.Subset(t, active, keys)
		for _, key := range keys {
			token, ok, err := other.BeginCopy(ctx, "copier", key, 0)
			require.NoError(t, err)
			require.True(t, ok)
			require.NoError(t, other.End(ctx, key, token, true))
		}
		require.NoError(t, other.sweep(ctx, -time.Hour))
		active, err = j.Activity(ctx, "User", since)
		require.NoError(t, err)
		require.Subset(t, active, keys, "as a sweep moved them")
		require.NoError(t, j.MarkDirty(ctx, keys, phase.Old))
		counts, err := j.Counts(ctx, "")
		require.NoError(t, err)
		assert.Equal(t, len(keys), counts.Dirty)

		_, err = j.Begin(ctx, "me", journal.Key{Kind: "User", ID: strings.Repeat("x", maxLong+1)}, phase.Old)
		require.ErrorIs(t, err, journal.ErrKeyTooLong)
	})
}
