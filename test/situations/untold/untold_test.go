package untold

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestUntold: what a store numbers without a word leaves its kind unclean, also where another entity stands under the number 0. The gates
// stay shut until a verify pass has found it, and it is there after the switch.
func TestUntold(t *testing.T) {
	for kind, write := range map[string]func(t *testing.T, books Books) error{
		"Account": func(t *testing.T, books Books) error { return books.CreateAccount(t.Context(), &Account{Owner: "Ann"}) },
		"Entry":   func(t *testing.T, books Books) error { return books.SaveEntry(t.Context(), Entry{Text: "paid"}) },
	} {
		t.Run(kind, func(t *testing.T) {
			walk.Run(t, func(t *testing.T, w *walk.Walk) {
				old, new := (&Ledger{Last: 100}).Open(), (&Ledger{Last: 100}).Open()
				books := NewDualBooks(old, new, w.Migration)
				w.To(phase.OldPrimary)
				if err := write(t, books); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				if unclean := w.Unclean(); len(unclean) != 1 || !unclean[0].Key.Whole || unclean[0].Key.Kind != kind {
					t.Fatalf("unclean: %+v", unclean)
				}
				if new.Last != 100 {
					t.Errorf("the mirror has numbered up to %d", new.Last)
				}
				if _, err := w.Verify(kind, true); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				if unclean := w.Unclean(); len(unclean) != 0 {
					t.Fatalf("unclean after a repair: %+v", unclean)
				}
				if !new.accounts.Has(101) && !new.entries.Has(101) {
					t.Error("what was acknowledged is not in the new store")
				}
			})
		})
	}
}

// TestHouseAccountIsCopied: an account that the caller numbers, and an update of the one under 0, leave nothing unclean.
func TestHouseAccountIsCopied(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		books := NewDualBooks((&Ledger{Last: 100}).Open(), (&Ledger{Last: 100}).Open(), w.Migration)
		w.To(phase.OldPrimary)
		for _, err := range []error{
			books.CreateAccount(t.Context(), &Account{ID: 7, Owner: "Ann"}),
			books.UpdateAccount(t.Context(), &Account{Owner: "the new house"}),
			books.SaveEntry(t.Context(), Entry{ID: 9, Text: "paid"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if unclean := w.Unclean(); len(unclean) != 0 {
			t.Errorf("unclean: %+v", unclean)
		}
	})
}

// TestConformance: the suite says so before a migration begins.
func TestConformance(t *testing.T) {
	text := walk.Faulty(t, func(t rapid.TB) {
		booksSuite().Conform(t, func() (Books, Books) { return &Ledger{Last: 1000}, &Ledger{Last: 2000} })
	})
	if !strings.Contains(text, "key-kept") {
		t.Errorf("the suite says: %s", text)
	}
}
