package noelements

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestConformance: over two sound stores it is green: no list that they are handed has a nil in it, however deep.
func TestConformance(t *testing.T) {
	walk.Sequences(t, 100)
	RunRecipesConformance(t, func(*testing.T) (Recipes, Recipes) { return &Book{}, &Book{} })
}

// TestLinesAreCopied: what is appended gets to the new store.
func TestLinesAreCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		recipes := NewDualRecipes(&Book{}, &Book{}, w.Migration)
		if err := recipes.SaveRecipe(t.Context(), &Recipe{ID: "soup"}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		if err := recipes.AppendLines(t.Context(), "soup", []*Line{{Text: "boil", Next: []*Line{{Text: "stir"}}}}); err != nil {
			t.Fatal(err)
		}
		w.Clean()
		w.To(phase.NewOnly)
		if got, err := recipes.GetRecipe(t.Context(), "soup"); err != nil || len(got.Lines) != 2 {
			t.Error(got, err)
		}
	})
}
