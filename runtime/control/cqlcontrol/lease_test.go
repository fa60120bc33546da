package cqlcontrol

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// An instance is started again under its name. Its predecessor, whose clock was five minutes ahead, takes none of its tokens down with
// it, and loses its own.
func TestReusedName(t *testing.T) {
	p := newPlace(t)
	before, after, other := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1}).journal
	ctx := t.Context()
	before.process.stamp = time.Now().Add(5 * time.Minute).UnixMicro()
	left, mine := journal.Key{Kind: "User", ID: "left"}, journal.Key{Kind: "User", ID: "mine"}
	require.NoError(t, before.Renew(ctx, "i1", 100*time.Millisecond))
	_, err := before.Begin(ctx, "i1", left, phase.Old)
	require.NoError(t, err)
	require.NoError(t, after.Renew(ctx, "i1", time.Minute))
	var tokens []journal.Token
	for _, begin := range []func() (journal.Token, error){
		func() (journal.Token, error) { return after.BeginAgreed(ctx, "i1", mine, phase.Old) },
		func() (journal.Token, error) { return after.Begin(ctx, "i1", key, phase.Old) },
	} {
		token, err := begin()
		require.NoError(t, err)
		tokens = append(tokens, token)
	}
	require.Eventually(t, func() bool {
		n, err := other.Expire(ctx)
		require.NoError(t, err)
		require.LessOrEqual(t, n, 1, "the living instance's tokens are its own")
		return n == 1
	}, time.Minute, 20*time.Millisecond)
	entry, unclean, err := other.Lookup(ctx, left)
	require.NoError(t, err)
	require.True(t, unclean && entry.Dirty && entry.Active == 0)
	require.NoError(t, after.End(ctx, mine, tokens[0], true))
	require.NoError(t, after.End(ctx, key, tokens[1], true))
}

// Leases that ran out are looked into once. What looks again later is bounded by the fleet, not by what is unclean.
func TestExpireLooksOnce(t *testing.T) {
	p := newPlace(t)
	dead := p.open(t, Options{Skew: -1}).journal
	b, statements := p.openCounted(t, Options{Skew: -1})
	ctx, j := t.Context(), b.journal
	require.NoError(t, dead.Renew(ctx, "i1", time.Millisecond))
	token, err := dead.Begin(ctx, "i1", key, phase.Old)
	require.NoError(t, err)
	require.NoError(t, dead.End(ctx, key, token, true))
	require.NoError(t, j.MarkDirty(ctx, keys(50), phase.Old))
	time.Sleep(10 * time.Millisecond)
	first := statements.n.Load()
	_, err = j.Expire(ctx)
	require.NoError(t, err)
	require.Greater(t, statements.n.Load()-first, int64(1), "it looked into the log")
	for range 5 {
		before := statements.n.Load()
		_, err = j.Expire(ctx)
		require.NoError(t, err)
		require.Equal(t, int64(1), statements.n.Load()-before, "it reads the leases")
	}
	j.process.mu.Lock()
	for h, last := range j.process.expired {
		last.at = time.Now().Add(time.Hour) // nobody looks again by himself
		j.process.expired[h] = last
	}
	j.process.mu.Unlock()
	_, err = dead.Begin(ctx, "i1", key, phase.Old) // it lives, and says so
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		n, err := j.Expire(ctx)
		require.NoError(t, err)
		return n == 1
	}, time.Minute, 20*time.Millisecond)
}

// The rows of leases that ran out go: a process removes its own, and puts one back if the owner goes on after all.
func TestLeasesAreDropped(t *testing.T) {
	p := newPlace(t)
	b, other := p.open(t, Options{Skew: -1}), p.open(t, Options{Skew: -1}).journal
	ctx, j := t.Context(), b.journal
	require.NoError(t, j.putLease(ctx, "stopped", 0))
	require.NoError(t, j.putLease(ctx, "lives", time.Hour))
	j.process.mu.Lock()
	j.process.leases["stopped"], j.process.leases["lives"] = time.Now().Add(-2*lapsedFor), time.Now().Add(time.Hour)
	j.process.mu.Unlock()
	token, err := j.Begin(ctx, "stopped", key, phase.Old)
	require.NoError(t, err)
	require.NoError(t, j.dropLeases(ctx))
	require.Equal(t, 2, b.count(t, "lease"), "one with a token stays")
	require.NoError(t, j.End(ctx, key, token, true))
	require.NoError(t, j.dropLeases(ctx))
	require.Equal(t, 1, b.count(t, "lease"))
	_, err = j.Begin(ctx, "stopped", key, phase.Old)
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		n, err := other.Expire(ctx)
		require.NoError(t, err)
		return n == 1
	}, time.Minute, 20*time.Millisecond, "a token without a lease is found")
}

// A process that died is forgotten after a day, with all it had, once its keys are clean.
func TestDeadProcessesAreForgotten(t *testing.T) {
	p := newPlace(t)
	dead, b := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1})
	ctx, j := t.Context(), b.journal
	require.NoError(t, dead.Renew(ctx, "i1", time.Millisecond))
	require.NoError(t, dead.MarkDirty(ctx, []journal.Key{key}, phase.Old))
	_, err := dead.BeginAgreed(ctx, "i1", journal.Key{Kind: "User", ID: "held"}, phase.Old)
	require.NoError(t, err)
	idle := p.open(t, Options{Skew: -1}).journal
	require.NoError(t, idle.Renew(ctx, "i2", time.Millisecond)) // and never takes a token
	dead.behind.Wait()
	require.NoError(t, dead.tellAll(ctx))
	yesterday := time.Now().Add(-forgetAfter - time.Minute)
	age := func() {
		b.run(t, `UPDATE {process} USING TIMESTAMP ? SET seen = ? WHERE migration = ? AND process = ?`, dead.process.tick(), yesterday, "m", dead.process.id)
		b.run(t, `UPDATE {lease} USING TIMESTAMP ? SET renewed = ? WHERE migration = ? AND process = ? AND owner = ?`, dead.process.tick(), yesterday, "m", dead.process.id, "i1")
		b.run(t, `UPDATE {lease} USING TIMESTAMP ? SET renewed = ? WHERE migration = ? AND process = ? AND owner = ?`, idle.process.tick(), yesterday, "m", idle.process.id, "i2")
	}
	age()
	require.NoError(t, j.tidyOthers(ctx))
	require.Equal(t, 1, b.count(t, "lease"), "that of the process without calls is gone")
	require.Equal(t, 1, b.count(t, "listing"), "an unclean key stays listed")
	n, err := j.Expire(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	counts, err := j.Counts(ctx, "")
	require.NoError(t, err)
	require.Equal(t, 2, counts.Dirty)
	copied(t, j, journal.Key{Kind: "User", ID: "held"})
	require.NoError(t, j.tidyOthers(ctx))
	counts, err = j.Counts(ctx, "")
	require.NoError(t, err)
	require.Equal(t, 1, counts.Dirty, "what it listed is not forgotten")
	copied(t, j, key)
	require.NoError(t, j.tidyOthers(ctx)) // drops the listing
	require.NoError(t, j.tidyOthers(ctx))
	require.Zero(t, b.count(t, "lease"))
	processes, err := j.processes(ctx)
	require.NoError(t, err)
	require.Len(t, processes, 1)
	logged, err := j.logged(ctx, dead.process.id, position{}, dead.process.ceiling)
	require.NoError(t, err)
	require.Empty(t, logged)
}

// A process that died before it had swept its log, which somebody tracked, leaves none of it behind. Each round drops a part.
func TestLogsOfDeadProcessesAreDropped(t *testing.T) {
	p := newPlace(t)
	dead, b := p.open(t, Options{Skew: -1}).journal, p.open(t, Options{Skew: -1})
	ctx, j := t.Context(), b.journal
	const partitions = 2*logAtOnce + 4
	dead.process.next, dead.process.ceiling, dead.process.swept = partitions*bucketSize, partitions*bucketSize, 3
	logged := []int64{3, 4, logAtOnce + 4, partitions - 1}
	for _, bucket := range logged {
		require.NoError(t, dead.log(ctx, bucket*bucketSize, key))
	}
	require.NoError(t, dead.tellAll(ctx))
	b.run(t, `UPDATE {process} USING TIMESTAMP ? SET seen = ? WHERE migration = ? AND process = ?`,
		dead.process.tick(), time.Now().Add(-forgetAfter-time.Minute), "m", dead.process.id)
	for _, left := range []int{2, 1, 0} {
		require.NoError(t, j.tidyOthers(ctx))
		require.Equal(t, left, b.count(t, "log"))
		processes, err := j.processes(ctx)
		require.NoError(t, err)
		require.Equal(t, left > 0, len(processes) > 0, "it is known as long as its log is there")
	}
	require.Empty(t, j.gone.logs)
}

// An owner whose lease ran out during a listed write does not know whether the logs were kept: the kind stays unclean.
func TestWatchIsBrokenByItsLease(t *testing.T) {
	p := newPlace(t)
	j := p.open(t, Options{Skew: -1}).journal
	ctx, kind := t.Context(), journal.Key{Kind: "User", Whole: true}
	for name, lease := range map[string]time.Duration{"lasts": time.Hour, "ran out": time.Millisecond} {
		require.NoError(t, j.Renew(ctx, name, lease))
		token, err := j.BeginWatching(ctx, name, kind, phase.Old)
		require.NoError(t, err)
		time.Sleep(5 * time.Millisecond)
		require.NoError(t, j.Renew(ctx, name, time.Hour))
		require.NoError(t, j.End(ctx, kind, token, true))
		entry, unclean, err := j.Lookup(ctx, kind)
		require.NoError(t, err)
		require.Equal(t, lease < time.Hour, unclean && entry.Dirty, name)
		if unclean {
			token, ok, err := j.BeginCopy(ctx, "c", kind, 0)
			require.NoError(t, err)
			require.True(t, ok)
			require.NoError(t, j.End(ctx, kind, token, true))
		}
	}
}

// The log of a process that is silent is read once. A process which was silent tells that it lives before a call has its token.
func TestSilentLogsAreReadOnce(t *testing.T) {
	p := newPlace(t)
	quiet := p.open(t, Options{}).journal
	b, statements := p.openCounted(t, Options{})
	ctx, j := t.Context(), b.journal
	_, err := quiet.Begin(ctx, "x", key, phase.Old)
	require.NoError(t, err)
	active := func() int {
		counts, err := j.Counts(ctx, "")
		require.NoError(t, err)
		return counts.Active
	}
	silence := func() {
		quiet.process.lists.tells(time.Now().Add(-tellWithin-time.Second), quiet.process.lists.known())
		b.run(t, `UPDATE {process} USING TIMESTAMP ? SET seen = ? WHERE migration = ? AND process = ?`, quiet.process.tick(),
			time.Now().Add(-silentAfter-time.Second), "m", quiet.process.id)
	}
	silence()
	require.Equal(t, 1, active())
	before := statements.n.Load()
	require.Equal(t, 1, active())
	require.LessOrEqual(t, statements.n.Load()-before, int64(4), "the processes, twice, and the key and what its process told")
	for i, begin := range []func(key journal.Key) error{
		func(key journal.Key) error { _, err := quiet.Begin(ctx, "x", key, phase.Old); return err },
		func(key journal.Key) error { _, err := quiet.BeginAgreed(ctx, "x", key, phase.Old); return err },
	} {
		silence()
		require.Equal(t, 1+i, active())
		require.NoError(t, begin(journal.Key{Kind: "User", ID: fmt.Sprint("late", i)}))
		require.Equal(t, 2+i, active())
	}
}

// What a call left that was broken off goes with its process, not with its lease.
func TestCloseTakesBrokenCallsAway(t *testing.T) {
	p := newPlace(t)
	b, other := p.open(t, Options{}), p.open(t, Options{})
	ctx, j := t.Context(), b.journal
	require.NoError(t, j.Renew(ctx, "i1", time.Hour))
	token, err := j.Begin(ctx, "i1", key, phase.Old)
	require.NoError(t, err)
	j.process.owe(key, token) // as if its answer had got lost
	b.Close()
	entry, unclean := lookup(t, other, key)
	require.True(t, unclean)
	require.True(t, entry.Dirty)
	require.Zero(t, entry.Active)
}
