package model

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
)

// PathHint is the remedy for a path that [Interface.Path] does not resolve: what there is in its place, as it is to be written. root is
// what the path begins at, "" for an entity, whose fields have no name before them.
func (in *Interface) PathHint(root string, t types.Type, names []string) string {
	var done []string
	if root != "" {
		done = append(done, root)
	}
	for n, name := range names {
		if elem := shape.ElementOf(t); elem.Many {
			return in.eachHint(elem.Type, done, names[n:])
		}
		next := in.step(t, strings.TrimSuffix(name, "()"))
		if next == nil {
			return in.stepHint(t, done, name, n == len(names)-1)
		}
		t, done = next, append(done, name)
	}
	if elem := shape.ElementOf(t); elem.Many {
		return in.eachHint(elem.Type, done, nil)
	}
	if known := in.reachable(t, true); len(known) > 0 {
		return "name a part of it that can be a key: " + strings.Join(under(done, known), ", ")
	}
	return "a key is text, an integer, a bool, a UUID, a time, bytes or what has text marshalers; a type parameter must be comparable, and its constraint leave one of these"
}

// eachHint is the remedy for a path into a list, whose elements have it.
func (in *Interface) eachHint(elem types.Type, done, rest []string) string {
	path := strings.Join(slices.Concat(done, rest), ".")
	if _, err := in.Path(elem, rest); err == nil {
		return "it is a list: write each before the path, each " + path
	}
	if known := in.reachable(elem, true); len(known) > 0 {
		return "it is a list: name a part of its elements, each " + strings.Join(under(done, known), ", each ")
	}
	return "it is a list, and nothing of its elements can be a key"
}

// stepHint is the remedy for a name that a type does not have, or that nothing but its own package can see.
func (in *Interface) stepHint(t types.Type, done []string, name string, last bool) string {
	known := in.reachable(t, last)
	if len(known) == 0 {
		known = in.reachable(t, false)
	}
	if len(known) == 0 {
		return shape.String(t) + " has no part that can be named here"
	}
	if best := report.Nearest(name, known); best != "" {
		known = []string{best}
	}
	return report.Hint(strings.Join(under(done, []string{name}), ""), under(done, known))
}

// under writes names as paths that begin with others.
func under(done, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, strings.Join(append(slices.Clip(done), name), "."))
	}
	return paths
}

// step is the type of a field, or of a getter's result, that the output can reach; nil for none.
func (in *Interface) step(t types.Type, name string) types.Type {
	object, _, _ := types.LookupFieldOrMethod(t, true, in.Package, name)
	if object == nil || !object.Exported() && object.Pkg() != in.Output {
		return nil
	}
	switch object := object.(type) {
	case *types.Var:
		return object.Type()
	case *types.Func:
		if sig := object.Signature(); sig.Params().Len() == 0 && sig.Results().Len() == 1 {
			return sig.Results().At(0).Type()
		}
	}
	return nil
}

// reachable are the fields and getters of a type that the output can reach; with keys only those that can be a part of a key.
func (in *Interface) reachable(t types.Type, keys bool) []string {
	all := shape.FieldNames(t)
	elem, _ := shape.Deref(t)
	for selection := range types.NewMethodSet(types.NewPointer(elem)).Methods() {
		all = append(all, selection.Obj().Name())
	}
	if types.IsInterface(elem) {
		for selection := range types.NewMethodSet(elem).Methods() {
			all = append(all, selection.Obj().Name())
		}
	}
	return slices.DeleteFunc(all, func(name string) bool {
		next := in.step(t, name)
		if next == nil {
			return true
		}
		next, _ = shape.Deref(next)
		return keys && !in.IsKeyType(next)
	})
}
