package sqlcontrol

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Of keys that have been dirty for long, Activity names those that changed since, whatever the change left of when they were in doubt: a
// call that ended clean on a dirty key leaves it where it was in its queue.
func TestActivityOfDirtyKeys(t *testing.T) {
	each(t, func(t *testing.T, p place) {
		b, ctx := p.open(t, Options{}), t.Context()
		j := b.journal
		var keys []journal.Key
		for i := range 9 {
			keys = append(keys, journal.Key{Kind: "User", ID: fmt.Sprint(i)})
		}
		require.NoError(t, j.MarkDirty(ctx, keys, phase.Old))
		for range 2 { // once with nothing but old marks, and once after what follows
			since, err := j.Seq(ctx)
			require.NoError(t, err)
			check := func(want []journal.Key, why string) {
				t.Helper()
				active, err := j.Activity(ctx, "User", since)
				require.NoError(t, err)
				if p.dialect == Postgres { // what others have open, in any database of the server, makes it more
					require.Subset(t, active, want, why)
				} else {
					require.Equal(t, want, active, why)
				}
			}
			check([]journal.Key{}, "nothing was written since")
			token, err := j.Begin(ctx, "x", keys[1], phase.Old)
			require.NoError(t, err)
			check(keys[1:2], "it is written")
			require.NoError(t, j.End(ctx, keys[1], token, true))
			check(keys[1:2], "it was written, and is as dirty as before")
			token, ok, err := j.BeginCopy(ctx, "copier", keys[2], 0)
			require.NoError(t, err)
			require.True(t, ok)
			require.NoError(t, j.Fail(ctx, keys[2], token, "cause", 1))
			check(keys[1:3], "it is quarantined")
			require.NoError(t, j.MarkDirty(ctx, keys[2:4], phase.Old))
			check(keys[1:4], "they were marked again")
		}
	})
}
