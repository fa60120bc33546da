package sqlcontrol

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Of more tokens than fit one statement all end but the lost one, whatever keys stand beside it in its statement.
func TestEndManyWithALostOne(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		j, ctx := p.open(t, Options{}).journal, t.Context()
		var keys []journal.Key
		for i := range batch + batch/4 {
			keys = append(keys, journal.Key{Kind: "User", ID: fmt.Sprintf("%04d", i)})
		}
		tokens, err := j.BeginMany(ctx, "x", keys, phase.New)
		require.NoError(t, err)
		lost := batch - 1
		require.NoError(t, j.End(ctx, keys[lost], tokens[lost], true))
		require.NoError(t, j.MarkDirty(ctx, keys[:1], phase.New))
		require.ErrorIs(t, j.EndMany(ctx, keys, tokens, true), journal.ErrTokenLost)
		entries, err := j.Unclean(ctx, journal.Query{})
		require.NoError(t, err)
		require.Len(t, entries, 1)
		assert.Equal(t, keys[0], entries[0].Key)
		assert.Zero(t, entries[0].Active)
		assert.Equal(t, phase.New, entries[0].Primary)
	})
}

// A token's text is as long as the statement says: it would end no other.
func TestTokenLength(t *testing.T) {
	assert.Len(t, tokenText(journal.Token{ID: 1, Owner: "x"}), tokenLength)
	assert.Contains(t, endTogether, fmt.Sprintf("length(t.token) = %d", tokenLength))
}
