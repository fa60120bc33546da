package conv

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Body is a generated function while its conversions are written: its local names and what it does when one fails.
type Body struct {
	*printing.File
	*printing.Scope
	Statements []jen.Code
	Last       string                                    // the local with the result of the last step that could fail
	Fail       func(err jen.Code, where string) jen.Code // the return statement
	codecs     map[*types.TypeParam]string               // a function for keys: the codecs it was given
	Declared   bool                                      // a statement has declared err already
}

// NewBody starts a function's body. own are the names of its parameters.
func NewBody(f *printing.File, own ...string) *Body {
	s := &printing.Scope{Taken: printing.NameSet{Outer: f.Global, Own: slices.Concat(own, []string{"err", "ctx"})}, Err: "err", Ctx: "ctx"}
	return &Body{File: f, Scope: s}
}

// Local allocates a variable's name. It gives way to keywords, predeclared names and imports, and later imports to it: a
// type is in t, or in typeValue where there is a t already.
func (b *Body) Local(wanted string) string {
	if b.reserved(wanted) && !b.Scope.Taken.Has(wanted[:1]) {
		wanted = wanted[:1]
	}
	for b.reserved(wanted) {
		wanted += "Value"
	}
	name := b.Scope.Name(wanted)
	b.File.Taken[name] = true
	return name
}

// reserved says whether no local may have a name.
func (b *Body) reserved(name string) bool {
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil || b.hidesImport(name)
}

// hidesImport says whether a local name would hide a package that the file uses, or may use further down.
func (b *Body) hidesImport(name string) bool {
	if b.Packages[name] {
		return true
	}
	for _, imported := range b.Imports {
		if imported == name {
			return true
		}
	}
	return false
}

func (b *Body) Add(statements ...jen.Code) { b.Statements = append(b.Statements, statements...) }

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

// Initial is the short name of a parameter: u for a User, rows for no name.
func Initial(t types.Type) string {
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
