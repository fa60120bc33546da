package opaque

import (
	"errors"
	"slices"
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestLeafingThroughTheSwitch: whoever leafs through the pages while reads move gets every song once, or is told to begin again.
func TestLeafingThroughTheSwitch(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		songs := NewDualSongs(&Radio{}, &Radio{Backward: true}, w.Migration)
		for _, id := range []string{"a", "b", "c", "d", "e", "f", "g"} {
			if err := songs.Save(t.Context(), Song{ID: id}); err != nil {
				t.Fatal(err)
			}
		}
		w.To(phase.OldGuarded)
		_, state, err := songs.List(t.Context(), "", 3)
		if err != nil || state == "" {
			t.Fatal(state, err)
		}
		w.To(phase.NewGuarded)
		if page, _, err := songs.List(t.Context(), state, 3); !errors.Is(err, dual.ErrStaleCursor) {
			t.Errorf("the old store's state gives %v %v", page, err)
		}
		var got []string
		for state, first := "", true; first || state != ""; first = false {
			page, next, err := songs.List(t.Context(), state, 3)
			if err != nil {
				t.Fatal(err)
			}
			for _, song := range page {
				got = append(got, song.ID)
			}
			state = next
		}
		if slices.Sort(got); !slices.Equal(got, []string{"a", "b", "c", "d", "e", "f", "g"}) {
			t.Errorf("the pages hold %v", got)
		}
	})
}
