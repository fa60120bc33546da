// Package store finds the two stores of an interface, as its line names them.
package store

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/source"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// resolver finds the stores of an interface.
type resolver struct {
	*load.Subject
	stores [2]*model.Store
}

// Resolve finds the two store types. It returns nil for one after reporting what is in the way.
func Resolve(s *load.Subject) [2]*model.Store {
	r := &resolver{Subject: s}
	r.resolveStores()
	return r.stores
}

// resolveStores finds the two store types.
func (r *resolver) resolveStores() {
	for i, w := range r.Request.Flags.Stores {
		if w.Text == "" {
			r.stores[i] = &model.Store{Type: r.Typ, Pos: r.Request.Pos, Same: true}
		} else {
			r.stores[i] = r.resolveStore(i, w)
		}
		if r.stores[i] == nil {
			return
		}
		findMethods(r.stores[i], r.Pkg.Types)
	}
	said := r.Request.Flags.Stores
	if said[0].Text != "" && said[1].Text != "" && types.Identical(r.stores[0].Type, r.stores[1].Type) {
		r.Reports.Addf(said[1].Pos, "name the type of the new store\nor leave both flags out: the stores are then any two values of type "+r.Object.Name(),
			"old and new are the same type %s", shape.String(r.stores[1].Type))
	}
}

// isInterface reports whether a type is an interface.
func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}

// resolveStore finds a store type by the name that a flag gives it.
func (r *resolver) resolveStore(i int, w text.Word) *model.Store {
	ref, err := source.ParseTypeName(w.Text)
	if err != nil {
		r.Reports.Add(w.Pos, err.Error(), "write -"+model.Sides[i]+" importpath.Type or -"+model.Sides[i]+" ./dir.Type")
		return nil
	}
	t := r.refType(i, ref, w.Pos)
	if t == nil {
		return nil
	}
	if !r.soundStore(t, ref, w.Pos) {
		return nil
	}
	s := &model.Store{Type: t, Pos: w.Pos}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		s.Pkg = n.Obj().Pkg()
	}
	switch {
	case types.Identical(t, r.Typ):
		s.Same = true
	case ref.Pointer || !isInterface(t) && NeedsPointer(t):
		s.Type = types.NewPointer(t)
	}
	return s
}

// soundStore reports whether the methods of a store mention known types only, and reports its package's errors if not.
func (r *resolver) soundStore(t types.Type, ref source.TypeName, pos token.Position) bool {
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if load.ContainsInvalid(selection.Type(), map[types.Type]bool{}) {
			r.reportStorePackage(selection.Obj().Pkg(), pos, ref)
			return false
		}
	}
	return true
}

// NeedsPointer reports whether some of a type's methods belong to its pointer only.
func NeedsPointer(t types.Type) bool {
	return types.NewMethodSet(types.NewPointer(t)).Len() > types.NewMethodSet(t).Len() || types.NewMethodSet(t).Len() == 0
}

// refType resolves a type's name to the type.
func (r *resolver) refType(i int, ref source.TypeName, pos token.Position) types.Type {
	scope, err := r.refScope(ref)
	if err != nil {
		r.Reports.Add(pos, fmt.Sprintf("the %s store's package %s cannot be loaded: %v", model.Sides[i], ref.Pkg, err), "check the path: importpath.Type, or ./dir.Type beside the interface")
		return nil
	}
	if ref.Pkg == "" {
		for _, p := range r.Params {
			if p.Obj().Name() == ref.Name {
				return p
			}
		}
		if universe, ok := types.Universe.Lookup(ref.Name).(*types.TypeName); ok {
			return universe.Type()
		}
	}
	object := scope.Scope().Lookup(ref.Name)
	name, ok := object.(*types.TypeName)
	switch {
	case object == nil:
		r.Reports.Addf(pos, report.Hint(ref.Name, load.TypeNames(scope)), "package %s has no type %s", scope.Path(), ref.Name)
		return nil
	case !ok:
		r.Reports.Addf(pos, "name a type", "%s of package %s is no type", ref.Name, scope.Path())
		return nil
	case !name.Exported() && scope != r.Pkg.Types:
		r.Reports.Addf(pos, fmt.Sprintf("export it as %s, or declare the interface in package %s", text.UpperFirst(ref.Name), scope.Name()),
			"the %s store's type %s is unexported: generated code in another package cannot name it", model.Sides[i], ref.Name)
		return nil
	}
	if load.ContainsInvalid(name.Type(), map[types.Type]bool{}) && load.IsInvalid(name.Type().Underlying()) {
		r.reportStorePackage(scope, pos, ref)
		return nil
	}
	return r.instantiate(i, name, ref, pos)
}

// refScope is the package that a store's name mentions.
func (r *resolver) refScope(ref source.TypeName) (*types.Package, error) {
	if ref.Pkg == "" {
		return r.Pkg.Types, nil
	}
	var pkg *packages.Package
	if strings.HasPrefix(ref.Pkg, ".") {
		pkg = r.Program.ByDir[source.Absolute(r.Request.Dir(), ref.Pkg)]
	} else {
		pkg = r.Program.ByPath[ref.Pkg]
	}
	switch {
	case pkg == nil:
		return nil, fmt.Errorf("no such package")
	case pkg.Types == nil || len(pkg.Syntax) == 0:
		return nil, fmt.Errorf("%s", strings.TrimPrefix(load.FirstError(pkg)+".", ": "))
	}
	return pkg.Types, nil
}

// reportStorePackage reports the errors of a store's package.
func (r *resolver) reportStorePackage(scope *types.Package, pos token.Position, ref source.TypeName) {
	if pkg := r.Program.ByPath[scope.Path()]; pkg != nil && load.ReportErrors(r.Program, r.Reports, pkg) > 0 {
		return
	}
	r.Reports.Addf(pos, "run go build to see what is wrong", "%s mentions a type that does not compile", ref.Name)
}

// instantiate gives a generic store type its arguments.
func (r *resolver) instantiate(i int, name *types.TypeName, ref source.TypeName, pos token.Position) types.Type {
	params := load.TypeParams(name.Type())
	if len(params) != len(ref.Args) {
		r.Reports.Addf(pos, fmt.Sprintf("write -%s %s.%s[…] with its %d type arguments", model.Sides[i], ref.Pkg, ref.Name, len(params)),
			"%s takes %d type arguments, not %d", ref.Name, len(params), len(ref.Args))
		return nil
	}
	if len(params) == 0 {
		return name.Type()
	}
	var args []types.Type
	for _, text := range ref.Args {
		t := r.argument(i, text, pos)
		if t == nil {
			return nil
		}
		args = append(args, t)
	}
	t, err := types.Instantiate(nil, name.Type(), args, true)
	if err != nil {
		r.Reports.Addf(pos, "mend the type arguments", "%s: %v", ref.Name, err)
		return nil
	}
	return t
}

// argument resolves a type argument: a type's name, a pointer to one or a slice of one.
func (r *resolver) argument(i int, text string, pos token.Position) types.Type {
	if rest, ok := strings.CutPrefix(text, "[]"); ok {
		if elem := r.argument(i, rest, pos); elem != nil {
			return types.NewSlice(elem)
		}
		return nil
	}
	ref, err := source.ParseTypeName(text)
	if err != nil {
		r.Reports.Add(pos, err.Error(), "write a type's name")
		return nil
	}
	t := r.refType(i, ref, pos)
	if t != nil && ref.Pointer {
		return types.NewPointer(t)
	}
	return t
}

// findMethods indexes a store's methods by name.
func findMethods(s *model.Store, from *types.Package) {
	s.Method = map[string]*types.Func{}
	set := types.NewMethodSet(s.Type)
	for selection := range set.Methods() {
		f := selection.Obj().(*types.Func)
		if f.Exported() || f.Pkg() == from {
			s.Method[f.Name()] = f
		}
	}
}
