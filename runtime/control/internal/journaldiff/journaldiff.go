// Package journaldiff compares a journal with the one in memory: both get the same random calls, one after the other, and
// must answer alike.
package journaldiff

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Options narrow what is compared.
type Options struct {
	Steps int
	Seed  uint64
	// Superset allows Activity to return more than the journal in memory does.
	Superset bool
}

// pair is a token as both journals gave it out.
type pair struct {
	keys           []journal.Key
	memory, tested []journal.Token
	copies         bool
}

type runner struct {
	t              *testing.T
	ctx            context.Context
	rand           *rand.Rand
	memory, tested journal.Journal
	open           []pair
	since          [2]journal.Seq // memory, tested
	tracking       bool
	options        Options
	log            []string
}

// Run makes random calls. A failure prints them.
func Run(t *testing.T, tested journal.Journal, options Options) {
	t.Helper()
	r := &runner{
		t: t, ctx: t.Context(), rand: rand.New(rand.NewPCG(options.Seed, 7)), memory: journal.NewMemory(), tested: tested, options: options,
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d, calls:\n%s", options.Seed, strings.Join(r.log, "\n"))
		}
	})
	steps := []func(){
		r.begin, r.begin, r.begin, r.beginMany, r.end, r.end, r.end, r.end, r.markDirty, r.beginCopy, r.beginCopies, r.fail, r.lost, r.seq, r.track,
	}
	for range options.Steps {
		steps[r.rand.IntN(len(steps))]()
		r.compare()
		if t.Failed() {
			return
		}
	}
}

var keys = []journal.Key{
	{Kind: "User", ID: "1"}, {Kind: "User", ID: "1 "}, {Kind: "User", ID: "é"}, {Kind: "User", ID: "É"},
	{Kind: "User", ID: "\x00\xff\\x00"}, {Kind: "User", Whole: true}, {Kind: "Post", ID: "1"}, {Kind: "Post", ID: ""}, {Kind: "Post", Whole: true},
}

func (r *runner) key() journal.Key { return keys[r.rand.IntN(len(keys))] }

func (r *runner) someKeys() []journal.Key {
	picked := slices.Clone(keys)
	r.rand.Shuffle(len(picked), func(a, b int) { picked[a], picked[b] = picked[b], picked[a] })
	return picked[:1+r.rand.IntN(3)]
}

func (r *runner) store() phase.Store { return phase.Store(r.rand.IntN(5) / 4) }

func (r *runner) logf(format string, args ...any) {
	r.log = append(r.log, fmt.Sprintf(format, args...))
}

// same demands the same error, of the two that callers tell apart.
func (r *runner) same(memory, tested error) {
	for _, target := range []error{journal.ErrConflict, journal.ErrTokenLost} {
		require.Equal(r.t, errors.Is(memory, target), errors.Is(tested, target), "in memory: %v, tested: %v", memory, tested)
	}
	require.Equal(r.t, memory == nil, tested == nil, "in memory: %v, tested: %v", memory, tested)
}

func (r *runner) begin() {
	key, primary := r.key(), r.store()
	r.logf("Begin(%v, %v)", key, primary)
	a, errA := r.memory.Begin(r.ctx, "a", key, primary)
	b, errB := r.tested.Begin(r.ctx, "a", key, primary)
	r.same(errA, errB)
	if errA != nil {
		return
	}
	require.Equal(r.t, a.Primary, b.Primary)
	r.open = append(r.open, pair{keys: []journal.Key{key}, memory: []journal.Token{a}, tested: []journal.Token{b}})
}

func (r *runner) beginMany() {
	keys, primary := r.someKeys(), r.store()
	r.logf("BeginMany(%v, %v)", keys, primary)
	a, errA := r.memory.BeginMany(r.ctx, "a", keys, primary)
	b, errB := r.tested.BeginMany(r.ctx, "a", keys, primary)
	r.same(errA, errB)
	if errA != nil {
		return
	}
	for i := range a {
		require.Equal(r.t, a[i].Primary, b[i].Primary)
	}
	r.open = append(r.open, pair{keys: keys, memory: a, tested: b})
}

func (r *runner) pick() (pair, bool) {
	if len(r.open) == 0 {
		return pair{}, false
	}
	i := r.rand.IntN(len(r.open))
	p := r.open[i]
	r.open = slices.Delete(r.open, i, i+1)
	return p, true
}

func (r *runner) end() {
	p, ok := r.pick()
	if !ok {
		return
	}
	clean := r.rand.IntN(4) > 0
	r.logf("EndMany(%v, clean %v)", p.keys, clean)
	if len(p.keys) == 1 {
		r.same(r.memory.End(r.ctx, p.keys[0], p.memory[0], clean), r.tested.End(r.ctx, p.keys[0], p.tested[0], clean))
		return
	}
	r.same(r.memory.EndMany(r.ctx, p.keys, p.memory, clean), r.tested.EndMany(r.ctx, p.keys, p.tested, clean))
}

// lost ends a token twice, alone and among others.
func (r *runner) lost() {
	p, ok := r.pick()
	if !ok {
		return
	}
	r.logf("End(%v) and then EndMany(%v)", p.keys[0], p.keys)
	r.same(r.memory.End(r.ctx, p.keys[0], p.memory[0], true), r.tested.End(r.ctx, p.keys[0], p.tested[0], true))
	r.same(r.memory.EndMany(r.ctx, p.keys, p.memory, true), r.tested.EndMany(r.ctx, p.keys, p.tested, true))
}

func (r *runner) markDirty() {
	keys, primary := r.someKeys(), r.store()
	r.logf("MarkDirty(%v, %v)", keys, primary)
	r.same(r.memory.MarkDirty(r.ctx, keys, primary), r.tested.MarkDirty(r.ctx, keys, primary))
}

func (r *runner) beginCopy() {
	key := r.key()
	r.logf("BeginCopy(%v)", key)
	a, okA, errA := r.memory.BeginCopy(r.ctx, "c", key, 0)
	b, okB, errB := r.tested.BeginCopy(r.ctx, "c", key, 0)
	r.same(errA, errB)
	require.Equal(r.t, okA, okB)
	if !okA {
		return
	}
	require.Equal(r.t, a.Primary, b.Primary)
	r.open = append(r.open, pair{keys: []journal.Key{key}, memory: []journal.Token{a}, tested: []journal.Token{b}, copies: true})
}

// beginCopies claims several keys, one by one where the journal knows nothing else.
func (r *runner) beginCopies() {
	tested, ok := r.tested.(journal.Claims)
	if !ok {
		r.beginCopy()
		return
	}
	keys := slices.DeleteFunc(r.someKeys(), func(key journal.Key) bool { return key.Whole })
	r.logf("BeginCopies(%v)", keys)
	a, errA := r.memory.(journal.Claims).BeginCopies(r.ctx, "c", keys, 0)
	b, errB := tested.BeginCopies(r.ctx, "c", keys, 0)
	r.same(errA, errB)
	for i, key := range keys {
		require.Equal(r.t, a[i] == (journal.Token{}), b[i] == (journal.Token{}), "claim of %v", key)
		if a[i] != (journal.Token{}) {
			require.Equal(r.t, a[i].Primary, b[i].Primary)
			r.open = append(r.open, pair{keys: []journal.Key{key}, memory: a[i : i+1], tested: b[i : i+1], copies: true})
		}
	}
}

func (r *runner) fail() {
	for i, p := range r.open {
		if p.copies {
			r.logf("Fail(%v)", p.keys[0])
			r.open = slices.Delete(r.open, i, i+1)
			r.same(r.memory.Fail(r.ctx, p.keys[0], p.memory[0], "no\x00 way", 2), r.tested.Fail(r.ctx, p.keys[0], p.tested[0], "no\x00 way", 2))
			return
		}
	}
}

func (r *runner) seq() {
	if !r.tracking {
		return
	}
	r.logf("Seq()")
	a, errA := r.memory.Seq(r.ctx)
	b, errB := r.tested.Seq(r.ctx)
	r.same(errA, errB)
	r.since = [2]journal.Seq{a, b}
}

func (r *runner) track() {
	if r.tracking = !r.tracking; !r.tracking {
		r.logf("Untrack()")
		r.same(r.memory.Untrack(r.ctx, "x"), r.tested.Untrack(r.ctx, "x"))
		return
	}
	r.logf("Track()")
	a, errA := r.memory.Track(r.ctx, "x")
	b, errB := r.tested.Track(r.ctx, "x")
	r.same(errA, errB)
	r.since = [2]journal.Seq{a, b}
}

// compare demands that all entries, counts and activities are the same.
func (r *runner) compare() {
	for _, key := range keys {
		a, okA, errA := r.memory.Lookup(r.ctx, key)
		b, okB, errB := r.tested.Lookup(r.ctx, key)
		r.same(errA, errB)
		require.Equal(r.t, okA, okB, "lookup of %v: in memory %+v, tested %+v", key, a, b)
		require.Equal(r.t, plain(a), plain(b))
	}
	for _, query := range []journal.Query{{}, {Kind: "Post"}, {Copyable: true}, {Quarantined: true}, {Kind: "User", IdleFor: time.Hour}} {
		a, errA := r.memory.Unclean(r.ctx, query)
		b, errB := r.tested.Unclean(r.ctx, query)
		r.same(errA, errB)
		require.ElementsMatch(r.t, plains(a), plains(b), "%+v", query)
	}
	for _, kind := range []string{"", "User", "Post"} {
		a, errA := r.memory.Counts(r.ctx, kind)
		b, errB := r.tested.Counts(r.ctx, kind)
		r.same(errA, errB)
		require.Equal(r.t, a, b)
	}
	if r.tracking {
		r.compareActivity()
	}
}

func (r *runner) compareActivity() {
	for _, kind := range []string{"User", "Post"} {
		a, errA := r.memory.Activity(r.ctx, kind, r.since[0])
		b, errB := r.tested.Activity(r.ctx, kind, r.since[1])
		r.same(errA, errB)
		if r.options.Superset {
			require.Subset(r.t, b, a)
			continue
		}
		require.ElementsMatch(r.t, a, b, "activity of %v", kind)
	}
}

// plain leaves out what two journals cannot have in common.
func plain(e journal.Entry) journal.Entry {
	e.Idle, e.Settled, e.Seq = 0, 0, 0
	return e
}

func plains(entries []journal.Entry) []journal.Entry {
	out := make([]journal.Entry, len(entries))
	for i, e := range entries {
		out[i] = plain(e)
	}
	return out
}
