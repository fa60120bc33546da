package stray

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestStraysAreRemoved: each copy that the new store puts under a number of its own is an error that keeps the key unclean, and the ticket
// under that number goes, whether the write or the reconciler made it.
func TestStraysAreRemoved(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Desk{Last: 100}, &Desk{Last: 500}
		tickets := NewDualTickets(old, new, w.Migration)
		w.To(phase.OldPrimary)
		one := &Ticket{Title: "one"}
		if err := tickets.CreateTicket(t.Context(), one); err != nil || one.ID != 101 {
			t.Fatalf("the caller gets %d, %v", one.ID, err)
		}
		time.Sleep(time.Minute)
		if all := new.tickets.All(); len(all) != 0 {
			t.Errorf("the new store keeps %v, which nobody created", all)
		}
		if new.Last < 502 {
			t.Errorf("the new store made the numbers up to %d alone: no copy was tried again", new.Last)
		}
		unclean := w.Unclean()
		if len(unclean) != 1 || unclean[0].Key.ID != "101" || !strings.Contains(unclean[0].Cause, "under a key of its own") {
			t.Errorf("unclean: %+v", unclean)
		}
		if why := w.Stopped(phase.OldGuarded); !strings.Contains(why, "unclean") && !strings.Contains(why, "quarantine") {
			t.Errorf("the gates say %s", why)
		}
	})
}

// TestStrayIsReplaced: a number that the new store gave to a stray is the old store's next one. Its own ticket is there in the end.
func TestStrayIsReplaced(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Desk{Last: 100}, &Desk{Last: 101}
		tickets := NewDualTickets(old, new, w.Migration)
		w.To(phase.OldPrimary)
		for _, title := range []string{"one", "two"} { // 101, of which the copy is 102; then 102
			if err := tickets.CreateTicket(t.Context(), &Ticket{Title: title}); err != nil {
				t.Fatal(err)
			}
		}
		time.Sleep(time.Minute)
		if two, err := new.GetTicket(context.Background(), 102); err != nil || two.Title != "two" {
			t.Errorf("ticket 102 is %v, %v", two, err)
		}
	})
}

// TestConformance: the suite says so before a migration begins.
func TestConformance(t *testing.T) {
	text := walk.Faulty(t, func(t rapid.TB) {
		ticketsSuite().Conform(t, func() (Tickets, Tickets) { return &Desk{Last: 1000}, &Desk{Last: 2000} })
	})
	if !strings.Contains(text, "key-kept") && !strings.Contains(text, "put-over") {
		t.Errorf("the suite says: %s", text)
	}
}
