package journal

import (
	"context"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
)

func TestBeginEndAllocatesNothing(t *testing.T) {
	j := NewMemory()
	ctx := context.Background()
	key := Key{Kind: "User", ID: "42"}
	allocs := testing.AllocsPerRun(1000, func() {
		token, _ := j.Begin(ctx, "a", key, phase.Old)
		_ = j.End(ctx, key, token, true)
	})
	if allocs != 0 {
		t.Fatalf("a Begin and its End allocate %v times", allocs)
	}
}

func BenchmarkBeginEnd(b *testing.B) {
	var j Journal = NewMemory()
	ctx := context.Background()
	key := Key{Kind: "User", ID: "user-42"}
	b.ReportAllocs()
	for b.Loop() {
		token, _ := j.Begin(ctx, "a", key, phase.Old)
		_ = j.End(ctx, key, token, true)
	}
}
