package twoparts

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestEachProjectHasItsOwn: labels of one name in two projects are two keys: both are unclean, both are copied, both are served.
func TestEachProjectHasItsOwn(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Tracker{}, &Tracker{}
		labels := NewDualLabels(old, new, w.Migration)
		w.To(phase.OldGuarded)
		new.labels.Down()
		all := []Label{{1, "bug", "red"}, {2, "bug", "blue"}}
		for _, label := range all {
			if err := labels.SetProjectLabel(t.Context(), label); err != nil {
				t.Fatal(err)
			}
		}
		if left := w.Unclean(); len(left) != 2 {
			t.Errorf("two labels were stored, and unclean is %+v", left)
		}
		new.labels.Up()
		w.Clean()
		w.To(phase.NewGuarded)
		if err := labels.DropProjectLabel(t.Context(), 1, "bug"); err != nil {
			t.Fatal(err)
		}
		if got, err := labels.ProjectLabel(t.Context(), 2, "bug"); err != nil || got != all[1] {
			t.Errorf("served %+v %v, stored %+v", got, err, all[1])
		}
		if _, err := labels.ProjectLabel(t.Context(), 1, "bug"); !errors.Is(err, ErrNotFound) {
			t.Errorf("the label that was dropped is served (%v)", err)
		}
	})
}
