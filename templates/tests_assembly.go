package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// assembly is how a struct is made by its constructor or setters, or nil.
func (g *tests) assembly(t types.Type) *plan.Assembly {
	for _, a := range g.repo.Assemblies {
		if types.Identical(a.Type, t) {
			return a
		}
	}
	return nil
}

// assemblyBody draws the parts of a struct and makes it of them. Values that its constructor or a setter refuses are skipped:
//
//	user, err := domain.NewUser(dualtest.ID[string]().Draw(t, "ID"), dualtest.Text[string]().Draw(t, "Name"))
//	if err != nil {
//		t.Skip(err)
//	}
func (g *tests) assemblyBody(a *plan.Assembly) []jen.Code {
	b := g.newBody("t", "value")
	b.fail = func(err jen.Code, _ string) jen.Code { return jen.Id("t").Dot("Skip").Call(err) }
	if a.Construct != nil && a.Construct.Context {
		b.add(jen.Id(b.ctx).Op(":=").Add(g.std("context", "Background")).Call())
	}
	drawn := *a
	drawn.Parts = nil
	var values []jen.Code
	for _, part := range a.Parts {
		some := g.fieldGenerator(a.Type, part.Name, part.Type)
		switch {
		case some != nil:
			values = append(values, some.Dot("Draw").Call(jen.Id("t"), jen.Lit(part.Name)))
		case part.Param:
			values = append(values, g.zero(part.Type))
		default:
			continue
		}
		drawn.Parts = append(drawn.Parts, part)
	}
	made := b.assemble(&drawn, func(i int) jen.Code { return values[i] })
	return append(b.statements, jen.Id("value").Op("=").Add(made))
}
