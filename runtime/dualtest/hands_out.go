package dualtest

import (
	"reflect"
	"slices"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Handing is a method of a wrapper that hands out another wrapper.
type Handing[R any] struct {
	name  string
	get   func(R) any
	want  reflect.Type
	kinds []string
}

// Handed describes a method that hands out a wrapper of that type, and the kinds of which that tells the migration.
func Handed[R, P, W any](name string, get func(R) P, _ W, kinds ...string) Handing[R] {
	return Handing[R]{name, func(r R) any { return get(r) }, reflect.TypeFor[W](), kinds}
}

// HandsOut tests that a wrapper hands out wrappers, the same ones at each call, and that its migration copies their kinds: a
// store's own repository in their place would write past the wrapper. wrap makes it over two stores.
func HandsOut[R any](t rapid.TB, wrap func(migration *dual.Migration) R, all ...Handing[R]) {
	t.Helper()
	g, err := newGround(dual.OldOnly)
	if err != nil {
		t.Fatalf("no migration: %v", err)
	}
	defer func() {
		if err := g.close(); err != nil {
			t.Errorf("close the migration: %v", err)
		}
	}()
	wrapper := wrap(g.migration)
	var copied []string
	for _, c := range g.migration.Copiers() {
		copied = append(copied, c.Kind())
	}
	for _, handing := range all {
		switch out := handing.get(wrapper); {
		case reflect.TypeOf(out) != handing.want:
			t.Errorf("%s hands out a %T, and not a %v: what is written through it is not mirrored", handing.name, out, handing.want)
		case out != handing.get(wrapper):
			t.Errorf("%s hands out another wrapper at each call", handing.name)
		}
		for _, kind := range handing.kinds {
			if !slices.Contains(copied, kind) {
				t.Errorf("%s writes %s, which the migration of the wrapper does not copy", handing.name, kind)
			}
		}
	}
}
