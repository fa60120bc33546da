package draw

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
)

// assembly is how a struct is made by its constructor or setters, or nil.
func (g *Values) assembly(t types.Type) *plan.Assembly {
	for _, a := range g.Repo.Assemblies {
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
func (g *Values) assemblyBody(a *plan.Assembly) []jen.Code {
	b := conv.NewBody(g.File, "t", "value")
	b.Fail = func(err jen.Code, _ string) jen.Code { return jen.Id("t").Dot("Skip").Call(err) }
	if a.Construct != nil && a.Construct.Context {
		b.Add(jen.Id(b.Ctx).Op(":=").Add(g.Std("context", "Background")).Call())
	}
	drawn := *a
	drawn.Parts = nil
	var values []jen.Code
	for _, part := range a.Parts {
		some := g.FieldGenerator(a.Type, part.Name, part.Type)
		switch {
		case some != nil:
			values = append(values, some.Dot("Draw").Call(jen.Id("t"), jen.Lit(part.Name)))
		case part.Param:
			values = append(values, g.Zero(part.Type))
		default:
			continue
		}
		drawn.Parts = append(drawn.Parts, part)
	}
	made := b.Assemble(&drawn, func(i int) jen.Code { return values[i] })
	return append(b.Statements, jen.Id("value").Op("=").Add(made))
}
