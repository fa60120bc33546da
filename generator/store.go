package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// resolveStores finds the two store types.
func (b *builder) resolveStores() {
	for i, w := range b.request.flags.stores {
		if w.Text == "" {
			b.in.Stores[i] = &model.Store{Type: b.typ, Pos: b.request.pos, Same: true}
		} else {
			b.in.Stores[i] = b.resolveStore(i, w)
		}
		if b.in.Stores[i] == nil {
			return
		}
		findMethods(b.in.Stores[i], b.pkg.Types)
	}
	said := b.request.flags.stores
	if said[0].Text != "" && said[1].Text != "" && types.Identical(b.in.Stores[0].Type, b.in.Stores[1].Type) {
		b.reports.Addf(said[1].Pos, "name the type of the new store\nor leave both flags out: the stores are then any two values of type "+b.object.Name(),
			"old and new are the same type %s", shape.String(b.in.Stores[1].Type))
	}
}

// isInterface reports whether a type is an interface.
func isInterface(t types.Type) bool {
	_, ok := t.Underlying().(*types.Interface)
	return ok
}

// resolveStore finds a store type by the name that a flag gives it.
func (b *builder) resolveStore(i int, w text.Word) *model.Store {
	ref, err := parseStoreRef(w.Text)
	if err != nil {
		b.reports.Add(w.Pos, err.Error(), "write -"+model.Sides[i]+" importpath.Type or -"+model.Sides[i]+" ./dir.Type")
		return nil
	}
	t := b.refType(i, ref, w.Pos)
	if t == nil {
		return nil
	}
	if !b.soundStore(t, ref, w.Pos) {
		return nil
	}
	s := &model.Store{Type: t, Pos: w.Pos}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		s.Pkg = n.Obj().Pkg()
	}
	switch {
	case types.Identical(t, b.typ):
		s.Same = true
	case ref.pointer || !isInterface(t) && b.needsPointer(t):
		s.Type = types.NewPointer(t)
	}
	return s
}

// soundStore reports whether the methods of a store mention known types only, and reports its package's errors if not.
func (b *builder) soundStore(t types.Type, ref storeRef, pos token.Position) bool {
	for selection := range types.NewMethodSet(types.NewPointer(t)).Methods() {
		if containsInvalid(selection.Type(), map[types.Type]bool{}) {
			b.reportStorePackage(selection.Obj().Pkg(), pos, ref)
			return false
		}
	}
	return true
}

// needsPointer reports whether some of a type's methods belong to its pointer only.
func (b *builder) needsPointer(t types.Type) bool {
	return types.NewMethodSet(types.NewPointer(t)).Len() > types.NewMethodSet(t).Len() || types.NewMethodSet(t).Len() == 0
}

// refType resolves a type's name to the type.
func (b *builder) refType(i int, ref storeRef, pos token.Position) types.Type {
	scope, err := b.refScope(ref)
	if err != nil {
		b.reports.Add(pos, fmt.Sprintf("the %s store's package %s cannot be loaded: %v", model.Sides[i], ref.pkg, err), "check the path: importpath.Type, or ./dir.Type beside the interface")
		return nil
	}
	if ref.pkg == "" {
		for _, p := range b.params {
			if p.Obj().Name() == ref.name {
				return p
			}
		}
		if universe, ok := types.Universe.Lookup(ref.name).(*types.TypeName); ok {
			return universe.Type()
		}
	}
	object := scope.Scope().Lookup(ref.name)
	name, ok := object.(*types.TypeName)
	switch {
	case object == nil:
		b.reports.Addf(pos, report.Hint(ref.name, typeNames(scope)), "package %s has no type %s", scope.Path(), ref.name)
		return nil
	case !ok:
		b.reports.Addf(pos, "name a type", "%s of package %s is no type", ref.name, scope.Path())
		return nil
	case !name.Exported() && scope != b.pkg.Types:
		b.reports.Addf(pos, fmt.Sprintf("export it as %s, or declare the interface in package %s", text.UpperFirst(ref.name), scope.Name()),
			"the %s store's type %s is unexported: generated code in another package cannot name it", model.Sides[i], ref.name)
		return nil
	}
	if containsInvalid(name.Type(), map[types.Type]bool{}) && isInvalid(name.Type().Underlying()) {
		b.reportStorePackage(scope, pos, ref)
		return nil
	}
	return b.instantiate(i, name, ref, pos)
}

// refScope is the package that a store's name mentions.
func (b *builder) refScope(ref storeRef) (*types.Package, error) {
	if ref.pkg == "" {
		return b.pkg.Types, nil
	}
	var pkg *packages.Package
	if strings.HasPrefix(ref.pkg, ".") {
		pkg = b.program.byDir[absolute(b.request.dir(), ref.pkg)]
	} else {
		pkg = b.program.byPath[ref.pkg]
	}
	switch {
	case pkg == nil:
		return nil, fmt.Errorf("no such package")
	case pkg.Types == nil || len(pkg.Syntax) == 0:
		return nil, fmt.Errorf("%s", strings.TrimPrefix(firstError(pkg)+".", ": "))
	}
	return pkg.Types, nil
}

// reportStorePackage reports the errors of a store's package.
func (b *builder) reportStorePackage(scope *types.Package, pos token.Position, ref storeRef) {
	if pkg := b.program.byPath[scope.Path()]; pkg != nil && reportErrors(b.program, b.reports, pkg) > 0 {
		return
	}
	b.reports.Addf(pos, "run go build to see what is wrong", "%s mentions a type that does not compile", ref.name)
}

// typeNames are the exported types of a package.
func typeNames(pkg *types.Package) []string {
	var names []string
	for _, name := range pkg.Scope().Names() {
		if t, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && t.Exported() {
			names = append(names, name)
		}
	}
	return names
}

// instantiate gives a generic store type its arguments.
func (b *builder) instantiate(i int, name *types.TypeName, ref storeRef, pos token.Position) types.Type {
	params := typeParams(name.Type())
	if len(params) != len(ref.args) {
		b.reports.Addf(pos, fmt.Sprintf("write -%s %s.%s[…] with its %d type arguments", model.Sides[i], ref.pkg, ref.name, len(params)),
			"%s takes %d type arguments, not %d", ref.name, len(params), len(ref.args))
		return nil
	}
	if len(params) == 0 {
		return name.Type()
	}
	var args []types.Type
	for _, text := range ref.args {
		t := b.argument(i, text, pos)
		if t == nil {
			return nil
		}
		args = append(args, t)
	}
	t, err := types.Instantiate(nil, name.Type(), args, true)
	if err != nil {
		b.reports.Addf(pos, "mend the type arguments", "%s: %v", ref.name, err)
		return nil
	}
	return t
}

// argument resolves a type argument: a type's name, a pointer to one or a slice of one.
func (b *builder) argument(i int, text string, pos token.Position) types.Type {
	if rest, ok := strings.CutPrefix(text, "[]"); ok {
		if elem := b.argument(i, rest, pos); elem != nil {
			return types.NewSlice(elem)
		}
		return nil
	}
	ref, err := parseStoreRef(text)
	if err != nil {
		b.reports.Add(pos, err.Error(), "write a type's name")
		return nil
	}
	t := b.refType(i, ref, pos)
	if t != nil && ref.pointer {
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
