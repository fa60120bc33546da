package quarantine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/quarantine"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// TestWholeKindIsNotDropped: of what was written under it, nothing else would be known.
func TestWholeKindIsNotDropped(t *testing.T) {
	j, one, whole := journal.NewMemory(), journal.Key{Kind: "Item", ID: "1"}, journal.Key{Kind: "Item", Whole: true}
	require.NoError(t, j.MarkDirty(t.Context(), []journal.Key{one, whole}, phase.Old))
	entries, err := j.Unclean(t.Context(), journal.Query{})
	require.NoError(t, err)
	drop := quarantine.Drop{Journal: j, Control: control.NewMemory(), Owner: "test", Lease: time.Second}
	require.ErrorIs(t, drop.Keys(t.Context(), entries), quarantine.ErrWhole)
	left, err := j.Unclean(t.Context(), journal.Query{})
	require.NoError(t, err)
	require.Len(t, left, 2)
}
