package cqlcontrol

import (
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// traces are the statements of a session that the server wrote down.
type traces struct {
	mu  sync.Mutex
	ids [][]byte
}

// Trace implements gocql.Tracer.
func (t *traces) Trace(id []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.ids = append(t.ids, id)
}

var readTombstones = regexp.MustCompile(`and (\d+) tombstone cells`)

// most returns the most tombstones that one of the statements met.
func (t *traces) most(tb testing.TB, b *Backend) (most int) {
	tb.Helper()
	for _, id := range t.ids {
		require.Eventually(tb, func() bool { // the server writes them down behind the statement
			var duration *int
			err := b.gocql().Query(`SELECT duration FROM system_traces.sessions WHERE session_id = ?`, id).Consistency(gocql.One).Scan(&duration)
			return err == nil && duration != nil
		}, time.Minute, 5*time.Millisecond)
		events := b.gocql().Query(`SELECT activity FROM system_traces.events WHERE session_id = ?`, id).Consistency(gocql.One).Iter()
		for activity := ""; events.Scan(&activity); {
			if found := readTombstones.FindStringSubmatch(activity); found != nil {
				n, err := strconv.Atoi(found[1])
				require.NoError(tb, err)
				most = max(most, n)
			}
		}
		require.NoError(tb, events.Close())
	}
	return most
}

// However many keys have turned dirty and clean, and however many writes have listed their keys, no read meets more tombstones than
// one part of the listing has rows; and what they left goes.
func TestTombstonesStayFew(t *testing.T) {
	p := newPlace(t)
	b, other := p.open(t, Options{}), p.open(t, Options{})
	ctx, j := t.Context(), b.journal
	const clients = 16
	each := func(n int, do func(kind, id string) error) {
		require.NoError(t, together(clients, func(client int) error {
			for i := range n / clients {
				if err := do(fmt.Sprint("Kind", client), fmt.Sprint(i%2)); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	each(3*bucketSize, func(kind, id string) error {
		key := journal.Key{Kind: kind, ID: id}
		if err := j.MarkDirty(ctx, []journal.Key{key}, phase.Old); err != nil {
			return err
		}
		token, ok, err := j.BeginCopy(ctx, "c", key, 0)
		if err != nil || !ok {
			return fmt.Errorf("copy of %v: %v, %w", key, ok, err)
		}
		return j.End(ctx, key, token, true)
	})
	each(2*bucketSize, func(kind, _ string) error {
		whole := journal.Key{Kind: kind, Whole: true}
		token, err := j.BeginWatching(ctx, "x", whole, phase.Old)
		if err != nil {
			return err
		}
		return j.End(ctx, whole, token, true)
	})
	require.Zero(t, b.count(t, "listing"))
	require.Zero(t, b.count(t, "track"))

	traced := &traces{}
	other.gocql().SetTrace(traced)
	look := func() {
		_, err := other.journal.Counts(ctx, "")
		require.NoError(t, err)
		_, err = other.journal.Unclean(ctx, journal.Query{})
		require.NoError(t, err)
		_, err = other.journal.Expire(ctx)
		require.NoError(t, err)
		require.NoError(t, other.journal.doChores(ctx, true))
	}
	look()
	require.Greater(t, len(j.process.lists.known()), 2)
	require.NoError(t, j.doChores(ctx, true))
	require.LessOrEqual(t, len(j.process.lists.known()), 1, "empty parts of the listing go")
	look()
	most := traced.most(t, b)
	t.Logf("%d statements met %d tombstones at most", len(traced.ids), most)
	require.LessOrEqual(t, most, bucketSize)
}
