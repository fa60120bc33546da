package journal

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Listings of what is to be copied read what they return: as much with many unclean keys as with few.
func TestListingReadsWhatItReturns(t *testing.T) {
	read := func(keys int) int64 {
		j, ctx := NewMemory(), context.Background()
		for i := range keys {
			if err := j.MarkDirty(ctx, []Key{{Kind: "User", ID: fmt.Sprint(i)}}, phase.Old); err != nil {
				t.Fatal(err)
			}
		}
		return testing.Benchmark(func(b *testing.B) {
			for b.Loop() {
				if entries, err := j.Unclean(ctx, Query{Copyable: true, Limit: 100}); err != nil || len(entries) != 100 {
					b.Fatal(len(entries), err)
				}
			}
		}).AllocedBytesPerOp()
	}
	few, many := read(1_000), read(20_000)
	if many > few+few/4 {
		t.Errorf("a listing of 100 keys takes %d bytes with 1,000 unclean keys, and %d with 20,000", few, many)
	}
}

// The queues hold, after any calls, the dirty entries in the order of their doubts: a listing is what a look at every entry finds.
func TestQueuesHoldWhatIsDirty(t *testing.T) {
	now := time.Unix(0, 0)
	random := rand.New(rand.NewPCG(1, 1))
	ctx, j := context.Background(), NewMemory(WithClock(func() time.Time { return now }))
	var open []Key
	var tokens []Token
	for range 4_000 {
		now = now.Add(time.Duration(random.IntN(3)) * time.Second)
		key := Key{Kind: "User", ID: fmt.Sprint(random.IntN(40)), Whole: random.IntN(20) == 0}
		switch random.IntN(5) {
		case 0:
			_ = j.MarkDirty(ctx, []Key{key}, phase.Old)
		case 1:
			if token, err := j.Begin(ctx, "x", key, phase.Old); err == nil {
				open, tokens = append(open, key), append(tokens, token)
			}
		case 2:
			if token, ok, _ := j.BeginCopy(ctx, "copier", key, 0); ok {
				open, tokens = append(open, key), append(tokens, token)
			}
		default:
			if len(open) == 0 {
				continue
			}
			i, last := random.IntN(len(open)), len(open)-1
			if random.IntN(4) == 0 {
				_ = j.Fail(ctx, open[i], tokens[i], "no", 2)
			} else {
				_ = j.End(ctx, open[i], tokens[i], random.IntN(3) > 0)
			}
			open[i], tokens[i] = open[last], tokens[last]
			open, tokens = open[:last], tokens[:last]
		}
		for _, query := range []Query{
			{Copyable: true}, {Quarantined: true}, {IdleFor: 20 * time.Second}, {SettledFor: 20 * time.Second}, {Copyable: true, IdleFor: 30 * time.Second, Limit: 3},
		} {
			listed, _ := j.Unclean(ctx, query)
			if got, want := keysOf(listed), lookedAt(j, query); !slices.Equal(got, want) {
				t.Fatalf("%+v lists %v, and a look at every entry finds %v", query, got, want)
			}
		}
		if n := strangers(j); n > 0 {
			t.Fatalf("%d entries in queues are of clean keys", n)
		}
	}
}

// strangers counts what stands in a queue, where each listing passes it, and is no entry.
func strangers(j *Memory) (n int) {
	known := make(map[*entry]bool)
	j.each(func(e *entry) { known[e] = true })
	for i := range len(j.shards) + 1 {
		s := &j.whole
		if i < len(j.shards) {
			s = &j.shards[i]
		}
		for _, q := range []queue{s.copies, s.stopped} {
			for e := q.first; e != nil; e = e.queued.after {
				if !known[e] {
					n++
				}
			}
		}
	}
	return n
}

func keysOf(entries []Entry) (keys []Key) {
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return keys
}

// lookedAt lists what matches a query by a look at every entry.
func lookedAt(j *Memory, query Query) (keys []Key) {
	var found []*entry
	j.each(func(e *entry) {
		if query.matches(e.export(j.now())) {
			found = append(found, e)
		}
	})
	slices.SortFunc(found, func(a, b *entry) int { return cmp.Compare(a.queued.number, b.queued.number) })
	for _, e := range found {
		if query.Limit == 0 || len(keys) < query.Limit {
			keys = append(keys, e.key)
		}
	}
	return keys
}
