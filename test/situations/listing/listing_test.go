package listing

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestEachFormLists: a function over a store lists for backfill and verify, in each form.
func TestEachFormLists(t *testing.T) {
	for name, wrap := range map[string]func(old, new *Purse, m *dual.Migration) Coins{
		"all":      func(old, new *Purse, m *dual.Migration) Coins { return NewDualWhole(old, new, m) },
		"after":    func(old, new *Purse, m *dual.Migration) Coins { return NewDualPaged(old, new, m) },
		"sequence": func(old, new *Purse, m *dual.Migration) Coins { return NewDualStreamed(old, new, m) },
		"visit":    func(old, new *Purse, m *dual.Migration) Coins { return NewDualVisited(old, new, m) },
	} {
		t.Run(name, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := &Purse{}, &Purse{}
				coins := wrap(old, new, w.Migration)
				for i, code := range []string{"c", "d", "e"} {
					if err := coins.Save(t.Context(), Coin{code, i}); err != nil {
						t.Fatal(err)
					}
				}
				if err := new.Save(t.Context(), Coin{"x", 9}); err != nil {
					t.Fatal(err)
				}
				w.To(phase.NewOnly)
				if all := new.coins.All(); len(all) != 3 {
					t.Errorf("the old store had three coins, and the new one has %v", all)
				}
			})
		})
	}
}
