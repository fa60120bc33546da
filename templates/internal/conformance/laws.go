package conformance

import (
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// kinds tells the suite how to draw the entities, and which of them nothing copies:
//
//	dualtest.KindOf("User", someUser(), cloneUser, func(user *User) { user.ID = "" }),
//	dualtest.Uncopied("Event", "no put"),
func (g *tests) kinds() []jen.Code {
	var list []jen.Code
	for _, e := range g.Repo.Entities {
		lack := e.Lack()
		if lack == "" && g.Some(e.Type) == nil {
			lack = "no values that can be drawn"
		}
		if lack != "" {
			list = append(list, g.Dualtest("Uncopied").Call(jen.Lit(e.Name), jen.Lit(lack)))
			continue
		}
		kind := g.Dualtest("KindOf").Call(jen.Lit(e.Name), g.Some1(e.Type), wrapper.OrNil(g.File, e.Clone), g.zeroKey(e))
		if makesKeys(e) {
			kind.Dot("MakesKeys").Call()
		}
		list = append(list, kind)
	}
	return list
}

// makesKeys reports whether what puts an entity may make its key where that is zero: a create that makes keys, or what stores one whole
// and may count.
func makesKeys(e *plan.Entity) bool {
	if len(e.Key) != 1 {
		return false
	}
	basic, ok := e.Key[0].Type.Underlying().(*types.Basic)
	counted := ok && basic.Info()&types.IsInteger != 0
	return slices.ContainsFunc([]*plan.EntityCall{e.Put, e.PutElse}, func(call *plan.EntityCall) bool {
		if call == nil || call.Method == nil {
			return false
		}
		key := call.Method.Key
		tells := !key.Untold || call.Method.Mirror != plan.Replay // what may number what it stores over another must tell
		return key.Form.Made() || counted && key.MayBeMade && tells
	})
}

// zeroKey gives an entity the zero key, or is nil where it has no key of plain fields, or a generator says what keys there are.
func (g *tests) zeroKey(e *plan.Entity) jen.Code {
	named, ok := types.Unalias(e.Type).(*types.Named)
	if !ok || e.Entry != nil || len(e.Key) == 0 {
		return jen.Nil()
	}
	variable := g.ScopeOf(g.Repo, nil).Name(identifier.LowerFirst(named.Obj().Name()))
	var body []jen.Code
	for _, part := range e.Key {
		if len(part.Path) != 1 || part.Path[0].Call || part.Deref || g.Enum(part.Type) != nil ||
			g.Directed(named.Obj().Name()+"."+part.Path[0].Name, part.Path[0].Name) != nil {
			return jen.Nil()
		}
		body = append(body, jen.Id(variable).Dot(part.Path[0].Name).Op("=").Add(g.Zero(part.Type)))
	}
	return jen.Func().Params(jen.Id(variable).Op("*").Add(g.Typ(e.Type))).Add(printing.Inline(body...))
}

// files says what a record of the laws is about:
//
//	dualtest.Files{Wrapper: "users_dual.go", Suite: "users_dual_test.go", Stores: [2]string{"example.com/pgstore", "example.com/cqlstore"}}
func (g *tests) files() *jen.Statement {
	out := g.Repo.Output
	fields := []printing.Entry{
		{Name: "Wrapper", Value: jen.Lit(filepath.Base(out.File))},
		{Name: "Suite", Value: jen.Lit(filepath.Base(out.TestFile))},
	}
	paths := [2]string{storePackage(g.Repo.Stores[0].Type), storePackage(g.Repo.Stores[1].Type)}
	if paths != [2]string{} {
		fields = append(fields, printing.Entry{Name: "Stores", Value: jen.Index(jen.Lit(2)).String().Values(jen.Lit(paths[0]), jen.Lit(paths[1]))})
	}
	return printing.Literal(g.Dualtest("Files"), fields...)
}

// storePackage is the import path of a store's type, or "" for an interface: only the test knows what is behind it.
func storePackage(t types.Type) string {
	if pointer, ok := types.Unalias(t).(*types.Pointer); ok {
		t = pointer.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || types.IsInterface(t) || named.Obj().Pkg() == nil {
		return ""
	}
	return named.Obj().Pkg().Path()
}

// sentinels are the errors that callers can tell apart, each once: those by which methods say that there is no such entity,
// and all that the interface's package declares.
func (g *tests) sentinels() []jen.Code {
	var list []jen.Code
	seen := map[string]bool{}
	add := func(ref *plan.FuncRef) {
		if ref != nil && !seen[ref.Name] {
			seen[ref.Name] = true
			list = append(list, g.Ref(ref))
		}
	}
	for _, m := range g.Repo.Methods {
		add(printing.Missing(m))
	}
	pkg := g.Repo.Interface.Pkg()
	for _, name := range pkg.Scope().Names() {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		if ok && token.IsExported(name) && types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			add(&plan.FuncRef{Name: name, Package: pkg})
		}
	}
	return list
}
