package arguments

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/copier"
	"github.com/dualgen/dualgen/templates/internal/draw"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// modification draws the entity that a read-modify-write leaves, under the key that it had:
//
//	change := dualtest.Draw(t, "change", someUser())
//	… store.Update(ctx, id, func(old User) (User, error) { change.ID = old.ID; return change, nil })
func modification(g *draw.Values, m *plan.Method, p *plan.Param, sig *types.Signature) (generator, arg *jen.Statement) {
	if m.Entity == nil || sig.Params().Len() != 1 || sig.Results().Len() == 0 {
		return nil, nil
	}
	c := &copier.Copier{File: g.File, Repo: g.Repo, Entity: m.Entity}
	if !c.IsEntity(sig.Params().At(0).Type()) {
		return nil, nil
	}
	_, pointer := sig.Params().At(0).Type().Underlying().(*types.Pointer)
	body := []jen.Code{jen.Id("next").Op(":=").Id(p.Name)}
	drawn, parts := m.Entity.Type, m.Entity.Key
	if m.Entity.Entry != nil {
		drawn, parts = m.Entity.Entry.Value, nil // the key lies beside it
	}
	for _, part := range parts {
		if len(part.Path) != 1 || part.Path[0].Call {
			return nil, nil
		}
		body = append(body, jen.Id("next").Dot(part.Path[0].Name).Op("=").Id("stored").Dot(part.Path[0].Name))
	}
	var answer []jen.Code
	for result := range sig.Results().Variables() {
		switch {
		case !c.IsEntity(result.Type()) && !types.Identical(result.Type(), types.Universe.Lookup("error").Type()):
			return nil, nil // it asks something of the entity
		case !c.IsEntity(result.Type()):
			answer = append(answer, jen.Nil())
		case pointer:
			answer = append(answer, jen.Op("&").Id("next"))
		default:
			answer = append(answer, jen.Id("next"))
		}
	}
	if pointer && sig.Results().Len() == 1 {
		body = append(body, jen.Op("*").Id("stored").Op("=").Id("next"))
	}
	body = append(body, jen.Return(answer...))
	function := jen.Func().Params(jen.Id("stored").Add(g.Typ(sig.Params().At(0).Type()))).Add(resultsOf(g.File, sig)).Block(body...)
	return g.Some(drawn), function
}

// resultsOf writes a function type's results.
func resultsOf(f *printing.File, sig *types.Signature) *jen.Statement {
	var list []jen.Code
	for v := range sig.Results().Variables() {
		list = append(list, f.Typ(v.Type()))
	}
	return printing.ResultList(list)
}
