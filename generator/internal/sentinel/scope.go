// Package sentinel finds the errors by which packages say what happened: the ones that directives name, those that an interface's
// package promises to its callers, and what a store's package has in their place.
package sentinel

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Scope is where the name of an error is looked up.
type Scope struct {
	Package *types.Package // the interface's
	File    *ast.File      // that the interface stands in, for the names of its imports
	Near    *types.Package // a store's; nil for none
}

// Test tells an error from others: it is Ref, or with Func the function Ref says so.
type Test struct {
	Ref  *plan.FuncRef
	Func bool
}

// Find finds the error or the predicate function that a word means: a name of the interface's package, pkg.Name of an imported
// one, or a full path. What is wrong and the remedy are "" where it is found. One that is there and unexported is wrong, and returned.
func (s Scope) Find(w text.Word) (found Test, wrong, remedy string) {
	dot := strings.LastIndexByte(w.Text, '.')
	name := w.Text[dot+1:]
	var hidden *types.Package
	for _, pkg := range s.Packages(w.Text[:max(dot, 0)]) {
		object := pkg.Scope().Lookup(name)
		if object == nil {
			continue
		}
		if pkg != s.Package && !token.IsExported(name) {
			hidden = pkg
			continue
		}
		ref := &plan.FuncRef{Name: name, Package: pkg}
		switch object := object.(type) {
		case *types.Var:
			if IsError(object) {
				return Test{Ref: ref}, "", ""
			}
		case *types.Func:
			if isPredicate(object.Signature()) {
				return Test{Ref: ref, Func: true}, "", ""
			}
		}
		return Test{}, w.Text + " is no error", "name a variable of type error, or a function: func(error) bool"
	}
	if hidden != nil {
		return Test{Ref: &plan.FuncRef{Name: name, Package: hidden}}, name + " of package " + hidden.Name() + " is unexported: the output cannot see it",
			"export it there, and name it " + hidden.Name() + "." + text.UpperFirst(name)
	}
	return Test{}, "there is no error " + w.Text, "name a variable of this package, or importpath.Name of one that the interface or the store imports"
}

// IsError reports whether a variable holds an error.
func IsError(v *types.Var) bool {
	return types.AssignableTo(v.Type(), types.Universe.Lookup("error").Type())
}

// isPredicate reports whether a function is a func(error) bool.
func isPredicate(sig *types.Signature) bool {
	if sig.Params().Len() != 1 || sig.Results().Len() != 1 || sig.Variadic() || sig.TypeParams().Len() > 0 {
		return false
	}
	basic, ok := sig.Results().At(0).Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool && types.Identical(sig.Params().At(0).Type(), types.Universe.Lookup("error").Type())
}

// Packages are the packages that a name or an import path means: imported by the interface's file, or by a store.
func (s Scope) Packages(name string) []*types.Package {
	if name == "" {
		if s.Near != nil && s.Near != s.Package {
			return []*types.Package{s.Package, s.Near}
		}
		return []*types.Package{s.Package}
	}
	var found []*types.Package
	for _, spec := range s.File.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && spec.Name != nil && spec.Name.Name == name {
			found = append(found, importsOf(s.Package, func(p *types.Package) bool { return p.Path() == path })...)
		}
	}
	is := func(p *types.Package) bool { return p.Name() == name || p.Path() == name }
	if s.Near != nil {
		if is(s.Near) {
			found = append(found, s.Near)
		}
		found = append(found, importsOf(s.Near, is)...)
	}
	return append(found, importsOf(s.Package, is)...)
}

// importsOf are the direct imports of a package that are as asked.
func importsOf(pkg *types.Package, is func(*types.Package) bool) []*types.Package {
	var found []*types.Package
	for _, p := range pkg.Imports() {
		if is(p) {
			found = append(found, p)
		}
	}
	return found
}
