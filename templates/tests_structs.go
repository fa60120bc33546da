package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// generator declares the generator of a struct or an array:
//
//	// someUser draws values of User.
//	func someUser() *rapid.Generator[User] {
//		return rapid.Custom(func(t *rapid.T) (value User) {
//			value.ID = dualtest.ID[string]().Draw(t, "ID")
//			return value
//		})
//	}
func (g *tests) generator(t types.Type) *jen.Statement {
	name := g.names[t.String()]
	body := g.arrayBody(t)
	if u, ok := t.Underlying().(*types.Struct); ok {
		body = g.structBody(t, u)
	}
	if a := g.assembly(t); a != nil {
		body = g.assemblyBody(a)
	}
	draw := jen.Func().Params(jen.Id("t").Op("*").Add(g.rapid("T"))).Params(jen.Id("value").Add(g.typ(t))).
		Block(append(body, jen.Return(jen.Id("value")))...)
	params := plan.TypeParamsIn(t)
	return commented(
		[]string{name + " draws values of " + typeText(g.repo, t) + "."},
		jen.Func().Id(name).Add(g.typeParams(params)).Params(g.drawParams(params)...).Op("*").Add(g.rapid("Generator")).Types(g.typ(t)).Block(
			jen.Return(g.rapid("Custom").Call(draw))))
}

func (g *tests) arrayBody(t types.Type) []jen.Code {
	u, ok := t.Underlying().(*types.Array)
	if !ok {
		return nil
	}
	elem := g.some(u.Elem())
	if elem == nil {
		return nil
	}
	return []jen.Code{jen.For(jen.Id("i").Op(":=").Range().Id("value")).Block(
		jen.Id("value").Index(jen.Id("i")).Op("=").Add(elem).Dot("Draw").Call(jen.Id("t"), g.std("strconv", "Itoa").Call(jen.Id("i"))))}
}

// structBody draws the fields. A field called Valid says whether the others mean anything.
func (g *tests) structBody(t types.Type, u *types.Struct) []jen.Code {
	var fields []jen.Code
	valid := false
	for _, field := range g.settable(u) {
		if field.Name() == "Valid" && types.Identical(field.Type(), types.Typ[types.Bool]) {
			valid = true
			continue
		}
		some := g.fieldGenerator(t, field.Name(), field.Type())
		if some == nil {
			continue
		}
		fields = append(fields, jen.Id("value").Dot(field.Name()).Op("=").Add(some).Dot("Draw").Call(jen.Id("t"), jen.Lit(field.Name())))
	}
	if !valid {
		return fields
	}
	return []jen.Code{
		jen.Id("value").Dot("Valid").Op("=").Add(g.rapid("Bool")).Call().Dot("Draw").Call(jen.Id("t"), jen.Lit("Valid")),
		jen.If(jen.Id("value").Dot("Valid")).Block(fields...),
	}
}

// settable are the fields of a struct that the test draws: the exported ones, or in a struct of this package that has none,
// all of them.
func (g *tests) settable(u *types.Struct) []*types.Var {
	var exported, own []*types.Var
	for field := range u.Fields() {
		switch {
		case field.Exported():
			exported = append(exported, field)
		case field.Name() != "_" && field.Pkg().Path() == g.path:
			own = append(own, field)
		}
	}
	if len(exported) > 0 {
		return exported
	}
	return own
}

// fieldGenerator draws one field of a struct: by directive, as a key, or as any value. A field that leads back to a struct
// that is being drawn stays empty.
func (g *tests) fieldGenerator(t types.Type, name string, typ types.Type) *jen.Statement {
	owner := ""
	if named, ok := types.Unalias(t).(*types.Named); ok {
		owner = named.Obj().Name() + "."
	}
	if ref := g.directed(owner+name, name); ref != nil {
		return g.byDirective(ref)
	}
	if g.keyField(t, name) || g.refersTo(name, typ) {
		return g.id(typ)
	}
	if leadsTo(typ, t, nil) {
		return nil
	}
	return g.some(typ)
}
