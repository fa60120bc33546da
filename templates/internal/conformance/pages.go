package conformance

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/bundles"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// differ compares a method's results; with nil the suite compares them itself. Those of a page that nothing compares have a
// cursor, which it must not compare.
func (g *tests) differ(m *plan.Method) *jen.Statement {
	if m.Paging == nil || m.DiffValues != nil {
		return wrapper.OrNil(g.File, m.DiffValues)
	}
	values := bundles.BundleType(g.File, g.Repo, m.Values)
	return jen.Func().Params(jen.Id("_"), jen.Id("_").Add(values)).Index().Add(g.Dual("Difference")).Add(printing.Inline(jen.Return(jen.Nil())))
}
