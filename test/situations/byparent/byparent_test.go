package byparent

import (
	"slices"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/rows"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestListsGoByTheWholeKind: while a comment waits for the new store, what is asked by its ID is about others, and is answered by the
// store that the phase reads, which alone has a reply.
func TestListsGoByTheWholeKind(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		old, new := &Forum{}, &Forum{}
		comments := NewDualComments(old, new, w.Migration)
		if err := comments.Put(t.Context(), Comment{1, 0, "hi"}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.OldGuarded)
		new.comments.Refuse(func(id int64) error {
			if id == 1 {
				return rows.ErrDown
			}
			return nil
		})
		if err := comments.Put(t.Context(), Comment{1, 0, "hello"}); err != nil {
			t.Fatal(err)
		}
		w.To(phase.NewGuarded)
		old.comments.Down()
		if err := comments.Put(t.Context(), Comment{2, 1, "hello"}); err != nil {
			t.Fatal(err)
		}
		has := func(method string, list []Comment, err error) {
			t.Helper()
			if err != nil || !slices.ContainsFunc(list, func(c Comment) bool { return c.ID == 2 }) {
				t.Errorf("%s has %v %v, and a reply was stored", method, list, err)
			}
		}
		list, err := comments.All(t.Context())
		has("All", list, err)
		list, err = comments.Find(t.Context(), 1)
		has("Find", list, err)
		list, err = comments.Search(t.Context(), Comment{ID: 1, Text: "hello"})
		has("Search", list, err)
		if n, err := comments.Count(t.Context(), 1); n != 1 || err != nil {
			t.Errorf("Count counts %d %v, and a reply was stored", n, err)
		}
		old.comments.Up()
		new.comments.Up()
	})
}
