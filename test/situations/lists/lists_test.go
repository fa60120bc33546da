package lists

import (
	"errors"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestWhatWasRemovedStaysAway: scores that were stored and removed by lists, with the mirror up and down, are as told after the switch.
func TestWhatWasRemovedStaysAway(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Board{}, &Board{}
		scores := NewDualScores(old, new, w.Migration)
		ann, bob, cyd := Score{"go", "ann", 1}, Score{"go", "bob", 2}, Score{"go", "cyd", 3}
		if err := scores.SaveScores(t.Context(), []*Score{&ann, &bob}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		new.scores.Down()
		if err := errors.Join(scores.RemoveScores(t.Context(), ann), scores.SaveScores(t.Context(), []*Score{&cyd})); err != nil {
			t.Fatal(err)
		}
		new.scores.Up()
		w.Clean()
		w.To(phase.NewGuarded)
		if _, err := scores.GetScore(t.Context(), "go", "ann"); !errors.Is(err, ErrNotFound) {
			t.Errorf("what was removed is served (%v)", err)
		}
		for _, want := range []Score{bob, cyd} {
			if got, err := scores.GetScore(t.Context(), want.Game, want.Player); err != nil || *got != want {
				t.Errorf("stored %+v, served %+v %v", want, got, err)
			}
		}
	})
}

func TestConformance(t *testing.T) {
	walk.Sequences(t, 20)
	RunScoresConformance(t, func(*testing.T) (Scores, Scores) { return &Board{}, &Board{} })
}
