package templates

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// body is a generated function while its conversions are written: its local names and what it does when one fails.
type body struct {
	*file
	*scope
	statements []jen.Code
	last       string                                    // the local with the result of the last step that could fail
	fail       func(err jen.Code, where string) jen.Code // the return statement
	codecs     map[*types.TypeParam]string               // a function for keys: the codecs it was given
	declared   bool                                      // a statement has declared err already
}

// newBody starts a function's body. own are the names of its parameters.
func (f *file) newBody(own ...string) *body {
	s := &scope{taken: nameSet{f.global, slices.Concat(own, []string{"err", "ctx"})}, err: "err", ctx: "ctx"}
	return &body{file: f, scope: s}
}

// packageNames are the names of the packages that helpers may import: the runtime's, some of the standard library, and
// what the packages of the converted types import.
func packageNames(repo *plan.Repository) map[string]bool {
	names := map[string]bool{}
	for _, name := range []string{"context", "convert", "dual", "errors", "fmt", "maps", "slices", "strconv", "time"} {
		names[name] = true
	}
	add := func(pkg *types.Package) {
		if pkg.Path() != repo.Output.Path { // which is no import
			names[pkg.Name()] = true
		}
	}
	for _, fn := range repo.Functions {
		f, ok := fn.(*plan.StructFunc)
		if !ok {
			continue
		}
		if f.Assembly != nil && f.Assembly.Construct != nil {
			add(f.Assembly.Construct.Package)
		}
		for _, t := range []types.Type{f.From, f.To} {
			if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil {
				add(named.Obj().Pkg())
				for _, imported := range named.Obj().Pkg().Imports() {
					add(imported)
				}
			}
		}
	}
	return names
}

// local allocates a variable's name. It gives way to keywords, predeclared names and imports, and later imports to it: a
// type is in t, or in typeValue where there is a t already.
func (b *body) local(wanted string) string {
	if b.reserved(wanted) && !b.scope.taken.has(wanted[:1]) {
		wanted = wanted[:1]
	}
	for b.reserved(wanted) {
		wanted += "Value"
	}
	name := b.scope.name(wanted)
	b.file.taken[name] = true
	return name
}

// reserved says whether no local may have a name.
func (b *body) reserved(name string) bool {
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil || b.hidesImport(name)
}

// hidesImport says whether a local name would hide a package that the file uses, or may use further down.
func (b *body) hidesImport(name string) bool {
	if b.packages[name] {
		return true
	}
	for _, imported := range b.imports {
		if imported == name {
			return true
		}
	}
	return false
}

func (b *body) add(statements ...jen.Code) { b.statements = append(b.statements, statements...) }

// localName is a variable's name for a field or a type: size for Size, urlPath for URLPath.
func localName(name string) string {
	upper := 0
	for upper < len(name) && name[upper] >= 'A' && name[upper] <= 'Z' {
		upper++
	}
	switch {
	case upper == len(name):
		return strings.ToLower(name)
	case upper > 1:
		upper--
	}
	return strings.ToLower(name[:upper]) + name[upper:]
}

// initial is the short name of a parameter: u for a User, rows for no name.
func initial(t types.Type) string {
	if pointer, ok := t.(*types.Pointer); ok {
		t = pointer.Elem()
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if first := t.Obj().Name()[0] | 0x20; first >= 'a' && first <= 'z' {
			return string(first)
		}
	case *types.Slice:
		return "xs"
	case *types.Map:
		return "m"
	}
	return "x"
}
