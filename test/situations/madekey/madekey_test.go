package madekey

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestMadeKeysAreCopied: a ticket that the old store numbers, by either method and with the mirror up or down, has its number in both stores.
func TestMadeKeysAreCopied(t *testing.T) {
	for _, down := range []bool{false, true} {
		walk.Run(t, func(t *testing.T, w *walk.Walk) {
			old, new := &Desk{Last: 100}, &Desk{}
			tickets := NewDualTickets(old, new, w.Migration)
			w.To(phase.OldGuarded)
			if down {
				new.tickets.Down()
			}
			first := &Ticket{Text: "one"}
			if err := tickets.Upsert(t.Context(), first); err != nil {
				t.Fatal(err)
			}
			id, err := tickets.Store(t.Context(), Ticket{Text: "two"})
			if err != nil || first.ID != 101 || id != 102 {
				t.Fatalf("the caller gets %d and %d, %v", first.ID, id, err)
			}
			if err := tickets.Upsert(t.Context(), &Ticket{7, "seven"}); err != nil {
				t.Fatal(err)
			}
			new.tickets.Up()
			w.Clean()
			if all := new.tickets.All(); len(all) != 3 {
				t.Errorf("the new store has %v", all)
			}
			w.To(phase.NewGuarded)
			for id, text := range map[int64]string{101: "one", 102: "two", 7: "seven"} {
				if got, err := tickets.Get(t.Context(), id); err != nil || got.Text != text {
					t.Errorf("mirror down %v: ticket %d is %v %v", down, id, got, err)
				}
			}
		})
	}
}
