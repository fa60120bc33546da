package console

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

// A slot's top is the longest duration that is counted in it, and at most an eighth longer than the shortest.
func TestSlots(t *testing.T) {
	for d := time.Duration(0); d < time.Hour; d += d/64 + 1 {
		s := slot(d)
		require.GreaterOrEqual(t, top(s), d)
		require.LessOrEqual(t, float64(top(s)), float64(d)*1.125, d)
		require.Equal(t, s, slot(top(s)))
		require.Equal(t, s+1, slot(top(s)+1))
	}
	require.Zero(t, slot(-time.Second))
	require.Equal(t, slotCount-1, slot(1<<62))
}

// The page shows what half of the calls took, by store, and which fields differed.
func TestRecorder(t *testing.T) {
	r := NewRecorder()
	m := r.Method(dual.MethodInfo{Name: "Items.Get"})
	for i := range 100 {
		m.ObserveStore(t.Context(), time.Duration(i+1)*time.Millisecond, phase.Old, dual.RolePrimary, dual.ErrorNone)
	}
	m.ObserveStore(t.Context(), time.Second, phase.New, dual.RoleMirror, dual.ErrorTimeout)
	for range 3 {
		r.Mismatch(dual.Mismatch{Key: dual.Key{Kind: "Item", ID: "7"}, Differences: []dual.Difference{{Path: "Name"}}})
	}
	r.Mismatch(dual.Mismatch{Key: dual.Key{Kind: "Item", ID: "8"}, Differences: []dual.Difference{{}}})
	var seen comparison
	r.fill(&seen)
	require.Len(t, seen.Methods, 1)
	half, count := r.methods["Items.Get"].stores[0].quantile(0.5)
	require.EqualValues(t, 100, count)
	require.InEpsilon(t, 50*time.Millisecond, half, 0.13)
	require.EqualValues(t, 1, seen.Methods[0].Stores[1].Errors)
	require.Equal(t, "Name", seen.Fields[0].Path)
	require.EqualValues(t, 3, seen.Fields[0].Times)
	require.Equal(t, "(present)", seen.Fields[1].Path)
}
