// Package lookup finds the functions that directives name, and says how a directive names one.
package lookup

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/convert/given"
)

// Functions are those that the directives of an interface may name.
type Functions struct {
	in      *model.Interface
	file    *ast.File // that declares it
	program *load.Program
}

// New looks in what an interface's package and its stores' packages declare and import.
func New(in *model.Interface, s *load.Subject) *Functions {
	return &Functions{in, s.File, s.Program}
}

// Makers resolves what construct directives name: functions of the interface's package, or of one that it, or a store's
// package, imports.
func (l *Functions) Makers() []given.Maker {
	var makers []given.Maker
	for _, d := range l.in.Said.Constructs {
		for _, w := range d.Functions {
			if f := l.Said(w, w.Text); f != nil {
				makers = append(makers, given.Maker{Func: f, Pos: w.Pos})
			}
		}
	}
	return makers
}

// Said is the function that a directive names; nil after reporting that there is none. One that the output cannot call is
// reported too, and planned with, so that nothing is asked for its sake.
func (l *Functions) Said(w text.Word, name string) *types.Func {
	f := l.functionNamed(name)
	if f == nil {
		l.in.Reports.Addf(w.Pos, l.functionHint(name), "there is no function %s", name)
		return nil
	}
	l.Callable(w.Pos, f)
	return f
}

// functionHint is a remedy for the name of a function that is not there.
func (l *Functions) functionHint(name string) string {
	hint := "name a function of this package, or package.Name of one that the interface or a store imports"
	if nearest := report.Nearest(name, l.functionNames()); nearest != "" {
		hint += "\ndid you mean " + nearest + "?"
	}
	return hint
}

// Callable reports whether the output can call a function, and reports one that it cannot.
func (l *Functions) Callable(pos token.Position, f *types.Func) bool {
	if f.Exported() || f.Pkg() == l.in.Output {
		return true
	}
	remedy := fmt.Sprintf("export it: call it %s, here and where it is declared", text.UpperFirst(f.Name()))
	if l.in.Package.Scope().Lookup(text.UpperFirst(f.Name())) != nil {
		remedy = "export it, under a name that is not declared yet"
	}
	l.in.Reports.Addf(pos, remedy, "the output is written in package %s, which cannot call %s", l.in.Output.Name(), f.Name())
	return false
}

// functionNamed is the function of that name, New or pkg.New; nil where there is none.
func (l *Functions) functionNamed(said string) *types.Func {
	dot := strings.LastIndexByte(said, '.')
	qualifier, name := said[:max(dot, 0)], said[dot+1:]
	if !token.IsIdentifier(name) {
		return nil
	}
	packages := l.packagesNamed(qualifier, nil)
	if qualifier != "" {
		if own := l.in.Package; own.Name() == qualifier || own.Path() == qualifier {
			packages = append(packages, own)
		}
		for _, s := range l.in.Stores {
			if s.Pkg != nil {
				packages = append(packages, l.packagesNamed(qualifier, s.Pkg)...)
			}
		}
	}
	for _, pkg := range packages {
		if f, ok := pkg.Scope().Lookup(name).(*types.Func); ok {
			return f
		}
	}
	return nil
}

// NameFor is how a directive names a function of the user's over values of some types, and where that is declared, "" for the
// interface's package: it cannot be there where a type's package imports that.
func (l *Functions) NameFor(all ...types.Type) (name, where string) {
	name = "F"
	if pkg := l.ImportsUs(all...); pkg != nil {
		return pkg.Name() + "." + name, " in package " + pkg.Name()
	}
	return name, ""
}

// ImportsUs is a package, of those that types belong to, that imports the interface's, so that the interface's package cannot name
// these types; nil where it can name all of them.
func (l *Functions) ImportsUs(all ...types.Type) *types.Package {
	for _, t := range all {
		for _, pkg := range packagesIn(t) {
			if pkg == l.in.Package {
				continue
			}
			if loaded := l.program.ByPath[pkg.Path()]; loaded != nil && load.Reaches(loaded, l.in.Package.Path(), map[*packages.Package]bool{}) {
				return pkg
			}
		}
	}
	return nil
}

// packagesIn are the packages of the named types that a type is written with.
func packagesIn(t types.Type) []*types.Package {
	var all []*types.Package
	types.TypeString(t, func(pkg *types.Package) string {
		all = append(all, pkg)
		return pkg.Name()
	})
	return all
}

// functionNames are the functions of the interface's package that the output can call.
func (l *Functions) functionNames() []string {
	var names []string
	scope := l.in.Package.Scope()
	for _, name := range scope.Names() {
		if f, ok := scope.Lookup(name).(*types.Func); ok && (f.Exported() || l.in.Output == l.in.Package) {
			names = append(names, name)
		}
	}
	return names
}

// Equalities finds the functions that a compare directive names.
func (l *Functions) Equalities(d *directive.Compare) []given.Equality {
	var all []given.Equality
	for _, w := range d.Equal {
		name, function, named := strings.Cut(w.Text, ":")
		e := given.Equality{Name: name}
		if named {
			if e.Func = l.Said(w, function); e.Func == nil {
				continue
			}
		}
		all = append(all, e)
	}
	return all
}

// OfPackage is a function of the interface's package, or nil.
func (l *Functions) OfPackage(name string) *types.Func {
	f, _ := l.in.Package.Scope().Lookup(name).(*types.Func)
	return f
}

// OverStore is the signature of a function that stands for a store's method, without the store: func([ctx,] store, …).
// It returns nil after reporting one that is none.
func (l *Functions) OverStore(i int, f *types.Func, pos token.Position) *types.Signature {
	sig, s := f.Signature(), l.in.Stores[i]
	params := slices.Collect(sig.Params().Variables())
	at := 0
	if len(params) > 0 && shape.IsContext(params[0].Type()) {
		at = 1
	}
	if len(params) <= at || sig.TypeParams().Len() > 0 || sig.Variadic() && at == len(params)-1 || !types.AssignableTo(s.Type, params[at].Type()) {
		remedy := fmt.Sprintf("let it take the store first, maybe after a context: func %s(ctx context.Context, store %s, …)", f.Name(), shape.String(s.Type))
		if pkg := l.ImportsUs(s.Type); pkg != nil {
			remedy = fmt.Sprintf("give %s a method in its place, in package %s, which imports this one: no function here can take it", shape.String(s.Type), pkg.Name())
		}
		l.in.Reports.Addf(pos, remedy, "%s is no function over the %s store", f.Name(), model.Sides[i])
		return nil
	}
	if !l.Callable(pos, f) {
		return nil
	}
	return types.NewSignatureType(nil, nil, nil, types.NewTuple(slices.Delete(params, at, at+1)...), sig.Results(), sig.Variadic())
}

// packagesNamed are the packages that a name or an import path means: imported by the interface's file, or by a store.
func (l *Functions) packagesNamed(name string, near *types.Package) []*types.Package {
	return sentinel.Scope{Package: l.in.Package, File: l.file, Near: near}.Packages(name)
}

// ReportNoMethod reports that a store lacks a method. A function over the store serves in its place, but where the store's package
// imports the interface's, and no function there can name the store.
func (l *Functions) ReportNoMethod(i int, name string, pos token.Position) {
	s, side := l.in.Stores[i], model.Sides[i]
	known := slices.DeleteFunc(s.Names(), func(name string) bool { return !token.IsExported(name) && s.Pkg != l.in.Output })
	remedy := report.Hint(name, known) + "\nsay the store's own name for it"
	if l.ImportsUs(s.Type) == nil {
		remedy += ", or that of a function over the store"
	}
	l.in.Reports.Addf(pos, remedy+": //dualgen:call "+side+"=Name", "the %s store %s has no method %s", side, shape.String(s.Type), name)
}
