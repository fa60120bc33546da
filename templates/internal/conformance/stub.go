package conformance

import (
	"go/types"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/arguments"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// stubType declares the stub store:
//
//	type stubUsers struct{ stub *dualtest.Stub }
func (g *tests) stubType(name string) *jen.Statement {
	doc := g.stub + " is " + printing.Article(name) + " " + name + " that does nothing but tell what is called, and fail when it is told to."
	stub := jen.Id("stub").Op("*").Add(g.Dualtest("Stub"))
	if params := g.Repo.TypeParams; len(params) > 0 {
		return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
			jen.Type().Id(g.stub).Add(g.TypeParams(params)).Struct(append([]jen.Code{stub}, g.DrawParams(params)...)...))
	}
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Type().Id(g.stub).Id("struct").Add(printing.Inline(stub)))
}

// stubMethods are the stub's methods: those of the repository, and those that only the stores have.
func (g *tests) stubMethods() []jen.Code {
	var list []jen.Code
	for _, m := range slices.Concat(g.Repo.Methods, wrapper.StoreMethods(g.Repo)) {
		list = append(list, g.stubMethod(m))
	}
	for _, s := range g.Repo.Subs {
		if s.Inside != "" {
			list = append(list, jen.Func().Params(jen.Id("s").Add(printing.Instance(g.stub, g.Repo.TypeParams))).Add(wrapper.InsideMethod(g.File, s, "_")).
				Add(printing.Inline(jen.Return(jen.Nil()))))
		}
	}
	return list
}

// stubMethod answers with some value of the method's first result:
//
//	func (s stubUsers) Get(context.Context, string) (User, error) {
//		return dualtest.Answer(s.stub, "Get", someUser())
//	}
func (g *tests) stubMethod(m *plan.Method) *jen.Statement {
	var params []jen.Code
	for _, p := range m.Params {
		params = append(params, g.ParamType(p.Type, p.Variadic))
	}
	return jen.Func().Params(jen.Id("s").Add(printing.Instance(g.stub, g.Repo.TypeParams))).Id(m.Name).Params(params...).Add(g.Results(m.Results)).
		Add(printing.Inline(g.stubBody(m)...))
}

func (g *tests) stubBody(m *plan.Method) []jen.Code {
	if body := g.stubIterator(m); body != nil {
		return body
	}
	stub := jen.Id("s").Dot("stub")
	var some *jen.Statement
	if len(m.Values.Index) > 0 && !arguments.Opaque(m.Results[m.Values.Index[0]].Type) {
		some = g.Some(m.Results[m.Values.Index[0]].Type)
	}
	if some == nil {
		return g.stubWithoutValue(m, stub.Dot("Do").Call(jen.Lit(m.Name)))
	}
	answer := g.Dualtest("Answer").Call(stub, jen.Lit(m.Name), some)
	if len(m.Values.Index) == 1 && m.Error == 1 {
		return []jen.Code{jen.Return(answer)}
	}
	err := "err"
	if m.Error < 0 {
		err = "_"
	}
	results := g.stubResults(m)
	results[m.Values.Index[0]] = jen.Id("value")
	if m.Error >= 0 {
		results[m.Error] = jen.Id("err")
	}
	return []jen.Code{jen.List(jen.Id("value"), jen.Id(err)).Op(":=").Add(answer), jen.Return(results...)}
}

// stubWithoutValue is the body of a method whose results hold nothing that can be made up.
func (g *tests) stubWithoutValue(m *plan.Method, do *jen.Statement) []jen.Code {
	if len(m.Results) == 1 && m.Error == 0 {
		return []jen.Code{jen.Return(do)}
	}
	if m.Error < 0 {
		body := []jen.Code{jen.Id("_").Op("=").Add(do)}
		if len(m.Results) > 0 {
			body = append(body, jen.Return(g.stubResults(m)...))
		}
		return body
	}
	results := g.stubResults(m)
	results[m.Error] = do
	return []jen.Code{jen.Return(results...)}
}

// stubResults are zero values for all results, and true for a bool, which says that there is a value.
func (g *tests) stubResults(m *plan.Method) []jen.Code {
	var list []jen.Code
	for _, r := range m.Results {
		if basic, ok := r.Type.Underlying().(*types.Basic); ok && basic.Kind() == types.Bool {
			list = append(list, jen.True())
			continue
		}
		list = append(list, g.Zero(r.Type))
	}
	return list
}
