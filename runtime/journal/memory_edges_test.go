package journal

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/phase"
)

func user(id string) Key { return Key{Kind: "User", ID: id} }

// What turned clean is remembered only while somebody asks for it, or memory would grow with every key that was ever written.
func TestNothingIsRememberedUntracked(t *testing.T) {
	j, ctx := NewMemory(), t.Context()
	written := func() (n int) {
		for i := range 100 {
			token, err := j.Begin(ctx, "x", user(fmt.Sprint(i)), phase.Old)
			require.NoError(t, err)
			require.NoError(t, j.End(ctx, user(fmt.Sprint(i)), token, true))
		}
		for i := range j.shards {
			n += len(j.shards[i].past.log)
		}
		return n
	}
	require.Zero(t, written())
	_, err := j.Track(ctx, "backfill")
	require.NoError(t, err)
	require.Equal(t, 100, written())
	require.NoError(t, j.Untrack(ctx, "backfill"))
	require.Zero(t, written())
}

// The log of a key that turns clean again and again is compacted now and then: not each time, which would cost as much as there are
// keys, and not so late that it outgrows them.
func TestPastIsCompactedNowAndThen(t *testing.T) {
	var p past
	seq, compacted := Seq(0), 0
	for range 1000 {
		seq++
		before := len(p.log)
		p.remember(user(fmt.Sprint(seq%20)), seq)
		require.LessOrEqual(t, len(p.log), 2*len(p.last)+slack)
		if len(p.log) <= before {
			compacted++
		}
	}
	require.Positive(t, compacted)
	require.LessOrEqual(t, compacted, 1000/(20+slack)+1)
}

// A key that turned dirty before the sequence, and that nobody has, is no activity since.
func TestActivityIsSince(t *testing.T) {
	j, ctx := NewMemory(), t.Context()
	require.NoError(t, j.MarkDirty(ctx, []Key{user("before")}, phase.Old))
	since, err := j.Track(ctx, "verify")
	require.NoError(t, err)
	require.NoError(t, j.MarkDirty(ctx, []Key{user("since"), {Kind: "Order", ID: "another kind"}}, phase.Old))
	active := func() []Key {
		keys, err := j.Activity(ctx, "User", since)
		require.NoError(t, err)
		return keys
	}
	require.Equal(t, []Key{user("since")}, active())
	token, ok, err := j.BeginCopy(ctx, "copier", user("before"), 0)
	require.True(t, ok)
	require.NoError(t, err)
	since, err = j.Seq(ctx)
	require.NoError(t, err)
	require.NoError(t, j.Fail(ctx, user("before"), token, "no", 0))
	require.Equal(t, []Key{user("before")}, active(), "a copy that failed is activity")
}

// A key is idle while nobody has it, and not while one token is held.
func TestIdleKeys(t *testing.T) {
	now := time.Now()
	j, ctx := NewMemory(WithClock(func() time.Time { return now })), t.Context()
	require.NoError(t, j.MarkDirty(ctx, []Key{user("1")}, phase.Old))
	now = now.Add(time.Minute)
	entry, _, err := j.Lookup(ctx, user("1"))
	require.NoError(t, err)
	require.Equal(t, []time.Duration{time.Minute, time.Minute}, []time.Duration{entry.Settled, entry.Idle})
	_, err = j.Begin(ctx, "a", user("1"), phase.Old)
	require.NoError(t, err)
	entry, _, err = j.Lookup(ctx, user("1"))
	require.NoError(t, err)
	require.Equal(t, []time.Duration{time.Minute, 0}, []time.Duration{entry.Settled, entry.Idle})
}

// A handover to no keys leaves the kind's token where it is.
func TestHandoverToNoKeys(t *testing.T) {
	j, ctx := NewMemory(), t.Context()
	kind := Key{Kind: "User", Whole: true}
	token, err := j.Begin(ctx, "a", kind, phase.Old)
	require.NoError(t, err)
	tokens, err := j.HandoverMany(ctx, "a", token, nil)
	require.NoError(t, err)
	require.Empty(t, tokens)
	require.NoError(t, j.End(ctx, kind, token, true))
}

// Counts that were cut short say so, where there is anything.
func TestCountsAsText(t *testing.T) {
	for want, c := range map[string]Counts{"3": {Dirty: 3}, "at least 3": {Dirty: 3, More: true}, "0": {More: true}} {
		require.Equal(t, want, c.Text(c.Dirty))
	}
}

// A listing of one is one, whatever is asked for.
func TestListingOfOne(t *testing.T) {
	j, ctx := NewMemory(), t.Context()
	require.NoError(t, j.MarkDirty(ctx, []Key{user("1"), user("2"), user("3")}, phase.Old))
	for _, query := range []Query{{Limit: 1}, {Copyable: true, Limit: 1}} {
		entries, err := j.Unclean(ctx, query)
		require.NoError(t, err)
		require.Len(t, entries, 1)
	}
}

// Entries are used again for other keys, however many calls there were before.
func TestEntriesAreUsedAgain(t *testing.T) {
	j, ctx := NewMemory(), context.Background()
	call := func() {
		token, _ := j.Begin(ctx, "a", user("42"), phase.Old)
		_ = j.End(ctx, user("42"), token, true)
	}
	for range 10 * maxSpare {
		call()
	}
	require.Zero(t, testing.AllocsPerRun(100, call))
}

// The lease of an owner without a name takes nothing from others.
func TestLeaseWithoutName(t *testing.T) {
	now := time.Now()
	j, ctx := NewMemory(WithClock(func() time.Time { return now })), t.Context()
	require.NoError(t, j.Renew(ctx, "", time.Minute))
	_, err := j.Begin(ctx, "other", user("1"), phase.Old)
	require.NoError(t, err)
	now = now.Add(time.Hour)
	taken, err := j.Expire(ctx)
	require.NoError(t, err)
	require.Zero(t, taken)
	counts, err := j.Counts(ctx, "User")
	require.NoError(t, err)
	require.Equal(t, Counts{Active: 1, Primary: [2]int{1, 0}}, counts)
}

// A key is printed in one line, and two keys that differ never as the same.
func TestKeysArePrinted(t *testing.T) {
	for id, want := range map[string]string{
		"42": "User/42", "Zoë 東": "User/Zoë 東", "a\nb": `User/a\nb`, `a\nb`: `User/a\\nb`, "\x1b[2J": `User/\x1b[2J`, "\xff": `User/\xff`,
	} {
		require.Equal(t, want, user(id).String())
	}
	require.Equal(t, "User/*", Key{Kind: "User", Whole: true}.String())
}

// A store that joins gets the journal's statement once the journal has left one, and the journal learns that it asked.
func TestStatementOfAJoint(t *testing.T) {
	_, _, ok := Statement(t.Context())
	require.False(t, ok, "nobody joins")
	joint := new(Joint)
	ctx := WithJoint(t.Context(), joint)
	require.Same(t, joint, JointOf(ctx))
	_, _, ok = Statement(ctx)
	require.False(t, ok || joint.Filled() || joint.Asked(), "the token was taken otherwise")
	joint.Fill("INSERT", 1, "a")
	require.True(t, joint.Filled())
	require.False(t, joint.Asked())
	query, args, ok := Statement(ctx)
	require.True(t, ok && joint.Asked())
	require.Equal(t, "INSERT", query)
	require.Equal(t, []any{1, "a"}, args)
}
