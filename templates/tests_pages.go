package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// differ compares a method's results; with nil the suite compares them itself. Those of a page that nothing compares have a
// cursor, which it must not compare.
func (g *tests) differ(m *plan.Method) *jen.Statement {
	if m.Paging == nil || m.DiffValues != nil {
		return g.orNil(m.DiffValues)
	}
	values := g.bundleType(g.repo, m.Values)
	return jen.Func().Params(jen.Id("_"), jen.Id("_").Add(values)).Index().Add(g.dual("Difference")).Add(inline(jen.Return(jen.Nil())))
}

// noCursor is the cursor of the first page.
func (g *tests) noCursor(t types.Type) *jen.Statement {
	if _, ok := t.Underlying().(*types.Basic); ok {
		return g.emptyText(t)
	}
	return g.conversionOf(t, jen.Nil())
}
