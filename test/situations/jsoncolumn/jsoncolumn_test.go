package jsoncolumn

import (
	"reflect"
	"testing"

	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/test/situations/jsoncolumn/bytestore"
	"github.com/dualgen/dualgen/test/situations/jsoncolumn/textstore"
	"github.com/dualgen/dualgen/test/situations/walk"
)

// TestColumnsAreKept: maps, structs and lists go through both kinds of column, and arrive.
func TestColumnsAreKept(t *testing.T) {
	walk.Run(t, func(t *testing.T, w *walk.Walk) {
		profiles := NewDualProfiles(&bytestore.Profiles{}, &textstore.Profiles{}, w.Migration)
		want := Profile{"1", map[string]bool{"dark": true}, Place{"Ulm", "Gasse"}, []Place{{"Bern", "Weg"}, {}}}
		if err := profiles.Save(t.Context(), want); err != nil {
			t.Fatal(err)
		}
		for p := phase.OldOnly; p <= phase.NewOnly; p++ {
			w.To(p)
			if got, err := profiles.Get(t.Context(), "1"); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("%v: stored %+v, served %+v %v", p, want, got, err)
			}
		}
	})
}
