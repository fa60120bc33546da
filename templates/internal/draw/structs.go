package draw

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Generator declares the generator of a struct or an array:
//
//	// someUser draws values of User.
//	func someUser() *rapid.Generator[User] {
//		return rapid.Custom(func(t *rapid.T) (value User) {
//			value.ID = dualtest.ID[string]().Draw(t, "ID")
//			return value
//		})
//	}
func (g *Values) Generator(t types.Type) *jen.Statement {
	name := g.Names[t.String()]
	body := g.arrayBody(t)
	if u, ok := t.Underlying().(*types.Struct); ok {
		body = g.structBody(t, u)
	}
	if a := g.assembly(t); a != nil {
		body = g.assemblyBody(a)
	}
	draw := jen.Func().Params(jen.Id("t").Op("*").Add(g.Rapid("T"))).Params(jen.Id("value").Add(g.Typ(t))).
		Block(append(body, jen.Return(jen.Id("value")))...)
	params := plan.TypeParamsIn(t)
	return printing.Commented(
		[]string{name + " draws values of " + printing.TypeText(g.Repo, t) + "."},
		jen.Func().Id(name).Add(g.TypeParams(params)).Params(g.DrawParams(params)...).Op("*").Add(g.Rapid("Generator")).Types(g.Typ(t)).Block(
			jen.Return(g.Rapid("Custom").Call(draw))))
}

func (g *Values) arrayBody(t types.Type) []jen.Code {
	u, ok := t.Underlying().(*types.Array)
	if !ok {
		return nil
	}
	elem := g.Some(u.Elem())
	if elem == nil {
		return nil
	}
	return []jen.Code{jen.For(jen.Id("i").Op(":=").Range().Id("value")).Block(
		jen.Id("value").Index(jen.Id("i")).Op("=").Add(elem).Dot("Draw").Call(jen.Id("t"), g.Std("strconv", "Itoa").Call(jen.Id("i"))))}
}

// structBody draws the fields. A field called Valid says whether the others mean anything.
func (g *Values) structBody(t types.Type, u *types.Struct) []jen.Code {
	var fields []jen.Code
	valid := false
	for _, field := range g.settable(u) {
		if field.Name() == "Valid" && types.Identical(field.Type(), types.Typ[types.Bool]) {
			valid = true
			continue
		}
		some := g.FieldGenerator(t, field.Name(), field.Type())
		if some == nil {
			continue
		}
		fields = append(fields, jen.Id("value").Dot(field.Name()).Op("=").Add(some).Dot("Draw").Call(jen.Id("t"), jen.Lit(field.Name())))
	}
	if !valid {
		return fields
	}
	return []jen.Code{
		jen.Id("value").Dot("Valid").Op("=").Add(g.Rapid("Bool")).Call().Dot("Draw").Call(jen.Id("t"), jen.Lit("Valid")),
		jen.If(jen.Id("value").Dot("Valid")).Block(fields...),
	}
}

// settable are the fields of a struct that the test draws: the exported ones, or in a struct of this package that has none,
// all of them.
func (g *Values) settable(u *types.Struct) []*types.Var {
	var exported, own []*types.Var
	for field := range u.Fields() {
		switch {
		case field.Exported():
			exported = append(exported, field)
		case field.Name() != "_" && field.Pkg().Path() == g.Path:
			own = append(own, field)
		}
	}
	if len(exported) > 0 {
		return exported
	}
	return own
}

// FieldGenerator draws one field of a struct: by directive, as a key, or as any value. A field that leads back to a struct
// that is being drawn stays empty.
func (g *Values) FieldGenerator(t types.Type, name string, typ types.Type) *jen.Statement {
	owner := ""
	if named, ok := types.Unalias(t).(*types.Named); ok {
		owner = named.Obj().Name() + "."
	}
	if ref := g.Directed(owner+name, name); ref != nil {
		return g.ByDirective(ref)
	}
	if g.KeyField(t, name) || g.RefersTo(name, typ) {
		return g.Id(typ)
	}
	if leadsTo(typ, t, nil) {
		return nil
	}
	return g.Some(typ)
}
