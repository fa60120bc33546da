package fromstream

import (
	"strings"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestWhatWasLoadedIsThere: entries that came from a stream are served after the switch.
func TestWhatWasLoadedIsThere(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		entries := NewDualEntries(&Log{}, &Log{}, w.Migration)
		w.To(phase.OldGuarded)
		if n, err := entries.LoadFrom(t.Context(), strings.NewReader("one\ntwo\n")); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		if err := entries.Scan("three"); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewPrimary)
		for _, name := range []string{"one", "two", "three"} {
			if _, err := entries.Get(t.Context(), name); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
