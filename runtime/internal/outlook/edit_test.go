package outlook

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/phase"
)

// A stop takes no stronger freeze back, a resume takes none back, and nothing else is touched.
func TestEditsChangeTheirOwn(t *testing.T) {
	after := func(s phase.Settings, names ...string) phase.Settings {
		for _, name := range names {
			Edits[name](&s)
		}
		return s
	}
	frozen := phase.Settings{Freeze: phase.FreezeAll, Compare: 0.5}
	require.Equal(t, phase.Settings{Freeze: phase.FreezeAll, Compare: 0.5, Paused: true}, after(frozen, "stop"))
	require.Equal(t, frozen, after(frozen, "stop", "resume"))
	require.Equal(t, phase.Settings{Freeze: phase.FreezeWrites, Paused: true}, after(phase.Settings{}, "stop"))
	require.Equal(t, phase.Settings{Freeze: phase.FreezeWrites}, after(phase.Settings{}, "stop", "resume"))
	require.Equal(t, phase.Settings{Paused: true}, after(phase.Settings{}, "stop", "thaw"))
	require.Equal(t, phase.Settings{Paused: true}, after(phase.Settings{}, "pause"))
}
