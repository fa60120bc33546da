package cqlcontrol

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gocql/gocql"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

func keys(n int) []journal.Key {
	keys := make([]journal.Key, n)
	for i := range keys {
		keys[i] = journal.Key{Kind: "User", ID: fmt.Sprint("k", i)}
	}
	return keys
}

// copied copies a key that is dirty.
func copied(t *testing.T, j *Journal, key journal.Key) {
	t.Helper()
	token, ok, err := j.BeginCopy(t.Context(), "c", key, 0)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, j.End(t.Context(), key, token, true))
}

// A limit bounds what is looked up, and counting looks nothing up that the listing tells.
func TestLimitBoundsTheWork(t *testing.T) {
	p := newPlace(t)
	b, statements := p.openCounted(t, Options{})
	ctx, j := t.Context(), b.journal
	const n = 3 * inOrder
	require.NoError(t, j.MarkDirty(ctx, keys(n), phase.Old))
	cost := func(do func()) int64 {
		before := statements.n.Load()
		do()
		return statements.n.Load() - before
	}
	require.Less(t, cost(func() {
		entries, err := j.Unclean(ctx, journal.Query{Copyable: true, Limit: 10})
		require.NoError(t, err)
		require.Len(t, entries, 10)
	}), int64(inOrder+10))
	require.Less(t, cost(func() {
		entries, err := j.Unclean(ctx, journal.Query{Copyable: true, IdleFor: time.Hour, Limit: 10})
		require.NoError(t, err)
		require.Empty(t, entries)
	}), int64(10), "the listing tells that they are not idle")
	require.Less(t, cost(func() {
		entries, err := j.Unclean(ctx, journal.Query{Quarantined: true, Limit: 10})
		require.NoError(t, err)
		require.Empty(t, entries)
	}), int64(10), "the listing tells that they are not quarantined")
	require.Less(t, cost(func() {
		counts, err := j.Counts(ctx, "")
		require.NoError(t, err)
		require.Equal(t, journal.Counts{Dirty: n, Primary: [2]int{n, 0}}, counts)
	}), int64(10))
	require.Less(t, cost(func() {
		_, err := j.Begin(ctx, "x", journal.Key{Kind: "User", Whole: true}, phase.New)
		require.ErrorIs(t, err, journal.ErrConflict)
	}), int64(3*width), "one key of the other primary will do")
}

// What the listing says follows the key: its quarantine, and that it is no longer idle.
func TestListingFollows(t *testing.T) {
	p := newPlace(t)
	b := p.open(t, Options{})
	ctx, j := t.Context(), b.journal
	quarantined := func() int {
		counts, err := j.Counts(ctx, "")
		require.NoError(t, err)
		entries, err := j.Unclean(ctx, journal.Query{Quarantined: true})
		require.NoError(t, err)
		require.Len(t, entries, counts.Quarantined)
		return counts.Quarantined
	}
	require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.New))
	for range 2 {
		require.Zero(t, quarantined())
		token, ok, err := j.BeginCopy(ctx, "c", key, 0)
		require.NoError(t, err)
		require.True(t, ok)
		require.NoError(t, j.Fail(ctx, key, token, "no", 1))
		require.Equal(t, 1, quarantined())
		require.NoError(t, j.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	}
	require.Equal(t, 1, b.count(t, "listing"))
	copied(t, j, key)
	require.Zero(t, b.count(t, "listing"))
}

// A row that no key names goes, once it is old enough. One that is named stays.
func TestStraysAreTidied(t *testing.T) {
	p := newPlace(t)
	b := p.open(t, Options{})
	ctx, j := t.Context(), b.journal
	dirty, clean := journal.Key{Kind: "User", ID: "dirty"}, journal.Key{Kind: "User", ID: "clean"}
	require.NoError(t, j.MarkDirty(ctx, []journal.Key{dirty}, phase.Old))
	for _, k := range []journal.Key{dirty, clean} { // as an attempt leaves it that died
		_, err := j.list(ctx, k, said(phase.Old), time.Time{})
		require.NoError(t, err)
	}
	look := func() {
		entries, err := j.Unclean(ctx, journal.Query{})
		require.NoError(t, err)
		require.Len(t, entries, 1)
		require.NoError(t, j.tidySome(ctx))
	}
	look()
	require.Equal(t, 3, b.count(t, "listing"), "a young one may be about to be named")
	for n := range 3 {
		b.run(t, `UPDATE {listing} USING TIMESTAMP 2 SET added = ? WHERE migration = ? AND process = ? AND bucket = ? AND n = ?`,
			time.Now().Add(-time.Hour), "m", j.process.id, j.process.lists.known()[0], n)
	}
	look()
	require.Equal(t, 1, b.count(t, "listing"))
	copied(t, j, dirty)
	require.Zero(t, b.count(t, "listing"))
}

// The empty parts of the listing of a process that is silent are dropped by others. Should it live, it lists its keys elsewhere.
func TestSilentProcessListsElsewhere(t *testing.T) {
	p := newPlace(t)
	silent, b := p.open(t, Options{}).journal, p.open(t, Options{})
	ctx, j := t.Context(), b.journal
	other := journal.Key{Kind: "User", ID: "other"}
	require.NoError(t, silent.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	require.NoError(t, silent.tellAll(ctx)) // that the call has ended: the listing alone leads to the key
	first := silent.process.lists.known()
	silence := func() {
		silent.process.lists.mu.Lock()
		silent.process.lists.told = time.Now().Add(-tellWithin - time.Second)
		silent.process.lists.mu.Unlock()
		b.run(t, `UPDATE {process} USING TIMESTAMP ? SET seen = ? WHERE migration = ? AND process = ?`, silent.process.tick(),
			time.Now().Add(-silentAfter-time.Second), "m", silent.process.id)
	}
	silence()
	require.NoError(t, j.tidyOthers(ctx))
	counts, err := j.Counts(ctx, "")
	require.NoError(t, err)
	require.Equal(t, 1, counts.Dirty, "what is not empty is not dropped")
	copied(t, j, key)
	silence()
	require.NoError(t, j.tidyOthers(ctx))
	require.True(t, j.gone.has(silent.process.id)(first[0]))

	require.NoError(t, silent.MarkDirty(ctx, []journal.Key{other}, phase.Old))
	require.Greater(t, len(silent.process.lists.known()), len(first))
	require.NoError(t, silent.tellAll(ctx))
	counts, err = j.Counts(ctx, "")
	require.NoError(t, err)
	require.Equal(t, 1, counts.Dirty)
}

// A process that fell silent while it inserted a row, so that others may have dropped the partition, lists the key in another one.
func TestSilentMeanwhile(t *testing.T) {
	p := newPlace(t)
	var fell silencer
	b := p.openWith(t, Options{}, func(cluster *gocql.ClusterConfig) { cluster.QueryObserver = &fell })
	fell.lists.Store(&b.journal.process.lists)
	at, err := b.journal.list(t.Context(), key, said(phase.Old), time.Time{})
	require.NoError(t, err)
	known := b.journal.process.lists.known()
	require.Len(t, known, 2)
	require.Equal(t, known[1], at.Bucket)
	require.Equal(t, 1, b.count(t, "listing"))
}

// silencer makes a process look silent for long once it has inserted the first row.
type silencer struct {
	lists atomic.Pointer[lists]
	once  sync.Once
}

// ObserveQuery implements gocql.QueryObserver.
func (s *silencer) ObserveQuery(_ context.Context, q gocql.ObservedQuery) {
	if l := s.lists.Load(); l != nil && strings.HasPrefix(q.Statement, "INSERT") && strings.Contains(q.Statement, "_listing ") {
		s.once.Do(func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.told = l.told.Add(-tellWithin)
		})
	}
}

// A partition is not dropped while it is filled, or while a row is being inserted.
func TestFullPartitions(t *testing.T) {
	l := lists{using: make(map[int64]int), live: []int64{1, 2}, told: time.Now()}
	l.fill(2)
	require.Equal(t, []int64{1}, l.full())
	for range bucketSize {
		_, _, ok := l.take()
		require.True(t, ok)
	}
	_, _, ok := l.take()
	require.False(t, ok)
	require.Equal(t, []int64{1}, l.full(), "rows are being inserted")
	for range bucketSize {
		l.leave(2)
	}
	require.Equal(t, []int64{1, 2}, l.full())
	l.told = time.Now().Add(-2 * tellWithin)
	l.fill(3)
	require.False(t, l.ready(), "it has not told for long")
	seen := map[int64]bool{}
	l.tells(time.Now(), make([]int64, 3*dropAtOnce))
	for i := range l.live {
		l.live[i] = int64(i + 10)
	}
	for range 3 {
		for _, bucket := range l.full() {
			seen[bucket] = true
		}
	}
	require.Len(t, seen, 3*dropAtOnce, "all have their turn")
}
