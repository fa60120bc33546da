package conformance

import (
	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// proxyRun is what the user's own test calls with a store and with what carries its calls:
//
//	func RunUsersProxyConformance(t *testing.T, open func(t *testing.T) users.Users, carry func(t *testing.T, served users.Users) users.Users) {
//		t.Helper()
//		usersSuite().Conform(t, func() (users.Users, users.Users) { return open(t), carry(t, open(t)) })
//	}
func (g *tests) proxyRun(name string) jen.Code {
	s := g.ScopeOf(g.Repo, nil)
	open, carry, served := s.Name("open"), s.Name("carry"), s.Name("served")
	run := g.Global.Name("Run" + identifier.UpperFirst(name) + "ProxyConformance")
	doc := run + " demands the same of a store and of a client of the proxy before another one like it. open opens an empty store; " +
		"carry serves one, and returns a client of that."
	itself := func() *jen.Statement { return g.Itself(g.Repo) }
	both := jen.Func().Params().Params(itself(), itself()).Add(printing.Inline(
		jen.Return(jen.Id(open).Call(jen.Id("t")), jen.Id(carry).Call(jen.Id("t"), jen.Id(open).Call(jen.Id("t"))))))
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth), jen.Func().Id(run).Params(
		g.testing(),
		jen.Id(open).Func().Params(g.testing()).Add(itself()),
		jen.Id(carry).Func().Params(g.testing(), jen.Id(served).Add(itself())).Add(itself()),
	).Block(
		jen.Id("t").Dot("Helper").Call(),
		jen.Id(g.suite).Call().Dot("Conform").Call(jen.Id("t"), both)))
}
