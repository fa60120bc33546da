package proof

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/internal/explore"
)

var adversities = []adversity{
	{name: "two puts", writes: []int8{1, 2}, row: 5, mirrored: true},
	{name: "fault", budget: explore.Budget{Faults: 1}, writes: []int8{1}, row: 5, mirrored: true},
	{name: "crash", budget: explore.Budget{Crashes: 1}, writes: []int8{1}, row: 5, mirrored: true},
	{name: "crash and fault", budget: explore.Budget{Crashes: 1, Faults: 1}, writes: []int8{1, 2}, row: 5, mirrored: true, repair: true},
	{name: "put during backfill", writes: []int8{1}, row: 5, backfill: true},
	{name: "delete during backfill", writes: []int8{0}, row: 5, backfill: true},
	{name: "put during repair", budget: explore.Budget{Faults: 1}, writes: []int8{1, 2}, row: 5, mirrored: true, repair: true},
}

// TestDesignsKnownToFail: the search finds what is wrong with every design that failure-modes.md lists, and nothing wrong
// with the sound ones.
func TestDesignsKnownToFail(t *testing.T) {
	all := []string{"two puts", "fault", "crash"}
	tests := []struct {
		design
		fails []string // the adversities that must break it; nil: none may
	}{
		{design{name: "swallow the mirror's error, blind backfill"}, append(all, "put during backfill", "delete during backfill")},
		{design{name: "in line, no marks, put if absent", ifAbsent: true}, append(all, "delete during backfill")},
		{design{name: "the same with tombstones", ifAbsent: true, tombstones: true}, all},
		{design{name: "mark when the mirror fails", marks: onFailure, ifAbsent: true, tombstones: true}, []string{"two puts", "crash"}},
		{design{name: "one mark a key, cleared by anybody", marks: oneBefore}, []string{"two puts", "put during backfill", "delete during backfill", "put during repair"}},
		{design{name: "a mark per attempt, verified, no lease", marks: perAttempt, verify: true}, []string{"crash and fault"}},
		{design{name: "a mark per attempt, verified, leased", marks: perAttempt, verify: true, lease: true}, []string{"put during backfill", "put during repair"}},
		{design{name: "the same, backfill and reconciler hold marks", marks: perAttempt, verify: true, lease: true, counted: true}, []string{"put during repair"}},
		{design{name: "the same with a settle window", marks: perAttempt, verify: true, lease: true, counted: true, settle: true}, nil},
		// A version makes late writes of the mirror harmless, not those of the primary.
		{design{name: "versioned, marked before, leased", marks: perAttempt, versioned: true, lease: true}, []string{"put during repair"}},
		{design{name: "versioned, marked before, leased, with a settle window", marks: perAttempt, versioned: true, lease: true, settle: true}, nil},
		{design{name: "versioned, marked in the primary's transaction", marks: perAttempt, versioned: true, lease: true, joined: true}, nil},
		{design{name: "the same, tombstones purged without a fence", marks: perAttempt, versioned: true, lease: true, joined: true, purge: true}, []string{"delete during backfill"}},
	}
	s := explore.NewScheduler()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var broken []string
			for _, a := range adversities {
				world := test.explorable(a)
				r := explore.Exhaust(s, world, explore.Limits{Schedules: 2_000_000, Time: 2 * time.Minute})
				if r.First == nil {
					require.True(t, r.Complete, "%s was not searched to its end", a.name)
					continue
				}
				broken = append(broken, a.name)
				r.First.Trace, _ = explore.Replay(s, world, r.First.Path) // its error is the violation's
				t.Logf("%s: schedule %d\n%v", a.name, r.Schedules, r.First)
			}
			if test.fails == nil {
				assert.Empty(t, broken)
			}
			for _, want := range test.fails {
				assert.Contains(t, broken, want, "broken by: %s", strings.Join(broken, ", "))
			}
		})
	}
}
