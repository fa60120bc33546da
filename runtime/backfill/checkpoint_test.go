package backfill

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
)

// FuzzCheckpoint: whatever is found where a checkpoint should be is read as what it says, or refused by the kind's name.
func FuzzCheckpoint(f *testing.F) {
	whole, err := json.Marshal(checkpoint{Epoch: 7, Incarnation: "x", S0: 41, Cursor: "a\x00b", Copied: 100, Failed: 1, Beat: 3})
	require.NoError(f, err)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add([]byte(`{"from":9,"copied":-1,"started":"0001-01-01T00:00:00Z"}`))
	f.Add([]byte(`null`))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := control.NewMemory()
		require.NoError(t, c.SaveCheckpoint(t.Context(), checkpointName("Item", 7, 1), data))
		found, err := loadCheckpoint(t.Context(), c, "Item", 7, 2)
		if err != nil {
			require.Nil(t, found)
			require.ErrorContains(t, err, "checkpoint backfill/Item/7/1 is damaged")
			return
		}
		if found == nil {
			require.Empty(t, data)
			return
		}
		again, err := json.Marshal(found)
		require.NoError(t, err)
		require.NoError(t, c.SaveCheckpoint(t.Context(), checkpointName("Item", 7, 2), again))
		same, err := loadCheckpoint(t.Context(), c, "Item", 7, 2)
		require.NoError(t, err)
		require.True(t, found.Started.Equal(same.Started) && found.Saved.Equal(same.Saved))
		found.Started, found.Saved = same.Started, same.Saved // equal, though their zones may not be
		require.Equal(t, found, same)
	})
}
