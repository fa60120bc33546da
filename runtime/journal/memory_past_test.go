package journal

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/phase"
)

// What is found after a sequence is what a plain map would find, however often keys come again.
func TestPast(t *testing.T) {
	var p past
	plain := map[Key]Seq{}
	for seq := Seq(1); seq <= 3000; seq++ {
		key := Key{Kind: "User", ID: fmt.Sprint(seq * seq % 97)}
		p.remember(key, seq)
		plain[key] = seq
		if seq%50 != 0 {
			continue
		}
		for _, since := range []Seq{0, seq / 2, seq - 10, seq} {
			var want, got []string
			for key, seq := range plain {
				if seq > since {
					want = append(want, key.ID)
				}
			}
			p.since(since, func(key Key) { got = append(got, key.ID) })
			slices.Sort(want)
			slices.Sort(got)
			require.Equal(t, want, got, "at %d since %d", seq, since)
		}
	}
	assert.LessOrEqual(t, len(p.log), 2*len(p.last)+slack, "the log does not grow with the writes")
}

// An owner that ran out is remembered for a day: its tokens are taken away, whenever it takes them. Then its name is
// forgotten, so that the names of all processes that ever were do not pile up.
func TestLeasesAreForgotten(t *testing.T) {
	now := time.Now()
	m := NewMemory(WithClock(func() time.Time { return now }))
	ctx := context.Background()
	for i := range 100 {
		require.NoError(t, m.Renew(ctx, fmt.Sprint("gone ", i), time.Minute))
	}
	now = now.Add(23 * time.Hour)
	_, err := m.Begin(ctx, "gone 7", Key{Kind: "User", ID: "1"}, phase.Old)
	require.NoError(t, err)
	taken, err := m.Expire(ctx)
	require.NoError(t, err)
	assert.Equal(t, 1, taken)
	assert.Len(t, m.leases, 100)
	require.NoError(t, m.Renew(ctx, "alive", time.Hour))
	now = now.Add(2 * time.Hour)
	require.NoError(t, m.Renew(ctx, "alive", time.Hour))
	_, err = m.Expire(ctx)
	require.NoError(t, err)
	assert.Len(t, m.leases, 1)
}
