// Package conformance writes the tests of a repository: the suite over its stub store, and one test a conversion.
package conformance

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/conv"
	"github.com/dualgen/dualgen/templates/internal/draw"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// tests prints the conformance tests of a repository.
type tests struct {
	*draw.Values
	stub, suite string // the stub store's type, the function that describes the suite
}

// Print writes the test file.
func Print(f *printing.File, repo *plan.Repository) {
	name := repo.Interface.Name()
	g := newTests(f, repo)
	g.NameDraws()
	f.Codec = func(p *types.TypeParam) *jen.Statement { return conv.ChosenCodec(f, p) }
	if repo.HandsOutOnly() {
		g.Put(g.run())
		return
	}
	g.Put(g.phaseTest(name))
	for _, test := range g.roundTrips() {
		g.Put(test)
	}
	g.Put(g.run())
	if repo.Proxy != nil && repo.Names.Stores == "" {
		g.Put(g.proxyRun(name))
	}
	g.Put(g.suiteFunc(name))
	g.Put(g.stubType(name))
	g.InStub = true
	for _, m := range g.stubMethods() {
		g.Put(m)
	}
	g.InStub = false
	for len(g.Pending) > 0 {
		t := g.Pending[0]
		g.Pending = g.Pending[1:]
		g.Put(g.Generator(t))
	}
}

// newTests begins the tests of a repository, and makes the names that other tests of its package may need.
func newTests(f *printing.File, repo *plan.Repository) *tests {
	name := repo.Interface.Name()
	g := &tests{Values: draw.New(f, repo)}
	g.stub = g.Global.Name("stub" + identifier.UpperFirst(name))
	g.suite = g.Global.Name(identifier.LowerFirst(name) + "Suite")
	return g
}

// testing declares t *testing.T.
func (g *tests) testing() *jen.Statement { return jen.Id("t").Op("*").Add(g.Std("testing", "T")) }

// phaseTest tests the wrapper over stubs:
//
//	func TestDualUsersPhases(t *testing.T) { usersSuite().Phases(t) }
func (g *tests) phaseTest(name string) *jen.Statement {
	test := g.Global.Name("Test" + identifier.UpperFirst(g.Repo.Names.Wrapper) + "Phases")
	doc := test + " holds every method of the wrapper, in every phase and with every fault, against what the phase promises: which " +
		"stores are called, what the caller is told, and which keys the journal holds afterwards."
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		jen.Func().Id(test).Params(g.testing()).Add(printing.Inline(jen.Id(g.suite).Call(g.TestArgs()...).Dot("Phases").Call(jen.Id("t")))))
}

// run is what the user's own test calls with the real stores:
//
//	func RunUsersConformance(t *testing.T, open func(t *testing.T) (old *pgstore.Users, new *cqlstore.Users)) {
//		usersSuite().Conform(t, func() (Users, Users) {
//			old, new := open(t)
//			return oldUsers{old}, newUsers{new}
//		})
//	}
func (g *tests) run() *jen.Statement {
	s := g.ScopeOf(g.Repo, nil)
	old, new, open := s.Name("old"), s.Name("new"), s.Name("open")
	doc := g.Repo.Names.Conformance + " tries the laws that the wrapper relies on over both stores, and demands equal results of the old " +
		"store, the new store and the wrapper over both, while its phase changes and its mirror fails. Call it from a test of your own with " +
		"a function that opens two empty stores; it is called about three times for each sequence of calls. -rapid.checks sets how many " +
		"sequences there are, -rapid.steps how long they get."
	if len(g.Repo.TypeParams) > 0 {
		doc += " The generators draw the values of the type parameters."
	}
	opened := jen.Func().Params(g.testing()).
		Params(g.Params([]*plan.Param{{Name: old, Type: g.Repo.Stores[0].Type}, {Name: new, Type: g.Repo.Stores[1].Type}})...)
	both := jen.Func().Params().Params(g.Itself(g.Repo), g.Itself(g.Repo))
	if g.Repo.Stores[0].Shim == nil && g.Repo.Stores[1].Shim == nil {
		both.Add(printing.Inline(jen.Return(jen.Id(open).Call(jen.Id("t")))))
	} else {
		both.Block(
			jen.List(jen.Id(old), jen.Id(new)).Op(":=").Id(open).Call(jen.Id("t")),
			jen.Return(g.shim(0, old), g.shim(1, new)))
	}
	params := append(append([]jen.Code{g.testing()}, g.DrawParams(g.Repo.TypeParams)...), jen.Id(open).Add(opened))
	body := append([]jen.Code{jen.Id("t").Dot("Helper").Call()}, g.subTests(open)...)
	if g.Repo.HandsOutOnly() {
		doc = g.Repo.Names.Conformance + " holds the wrapper to handing out wrappers."
	} else {
		body = append(body, jen.Id(g.suite).Call(g.DrawArgs(g.Repo.TypeParams)...).Dot("Conform").Call(jen.Id("t"), both))
	}
	return printing.Commented(printing.Wrap(doc+g.subTestsDoc(), printing.CommentWidth),
		jen.Func().Id(g.Repo.Names.Conformance).Add(g.TypeParams(g.Repo.TypeParams)).Params(params...).Block(body...))
}

// suiteFunc describes the wrapper to the suite.
func (g *tests) suiteFunc(name string) *jen.Statement {
	s := g.ScopeOf(g.Repo, nil)
	old, new, migration := s.Name("old"), s.Name("new"), s.Name("migration")
	wrapped := s.Name("wrapped")
	wrapType := jen.Func().Params(jen.Id(old).Op(",").Id(new).Add(g.Itself(g.Repo)), jen.Id(migration).Op("*").Add(g.Dual("Migration"))).
		Add(g.Itself(g.Repo))
	stores := jen.Index(jen.Lit(2)).Add(g.StoreType(g.Repo)).Values(g.asStore(old), g.asStore(new))
	wrapBody := []jen.Code{
		jen.Id(wrapped).Op(":=").Add(printing.Instance(g.Repo.Names.Constructor, g.Repo.TypeParams)).
			Call(g.Zero(g.Repo.Stores[0].Type), g.Zero(g.Repo.Stores[1].Type), jen.Id(migration)),
		jen.Id(wrapped).Dot("stores").Op("=").Add(stores),
		jen.Return(jen.Id(wrapped)),
	}
	if g.Repo.Names.Bare != "" {
		wrapBody = []jen.Code{jen.Return(jen.Id(g.Repo.Names.Bare).Add(printing.TypeParamNames(g.Repo.TypeParams)).Call(stores, jen.Id(migration)))}
	}
	stubbed := append([]jen.Code{jen.Id("stub")}, g.DrawArgs(g.Repo.TypeParams)...)
	fields := []printing.Entry{
		{Name: "Name", Value: jen.Lit(name)},
		{Name: "Files", Value: g.files()},
		{Name: "Wrap", Value: wrapType.Block(wrapBody...)},
		{Name: "Stub", Value: jen.Func().Params(jen.Id("stub").Op("*").Add(g.Dualtest("Stub"))).Add(g.Itself(g.Repo)).
			Add(printing.Inline(jen.Return(printing.Brief(printing.Instance(g.stub, g.Repo.TypeParams), stubbed...))))},
	}
	if sentinels := g.sentinels(); len(sentinels) > 0 {
		fields = append(fields, printing.Entry{Name: "Errors", Value: jen.Index().Error().Values(sentinels...)})
	}
	if kinds := g.kinds(); len(kinds) > 0 {
		fields = append(fields, printing.Entry{Name: "Kinds", Value: jen.Index().Add(g.Dualtest("Kind")).Add(printing.Lines(kinds...))})
	}
	steps, undrawn := g.steps()
	if len(undrawn) > 0 {
		fields = append(fields, printing.Entry{Name: "Undrawn", Value: jen.Index().Add(g.Dual("MethodInfo")).Add(printing.Lines(undrawn...))})
	}
	fields = append(fields, printing.Entry{Name: "Steps", Value: jen.Index().Add(g.Dualtest("Step")).Types(g.Itself(g.Repo)).Add(printing.Lines(steps...))})
	if transactions := g.transactions(g.Itself(g.Repo)); len(transactions) > 0 {
		fields = append(fields, printing.Entry{Name: "Transactions", Value: jen.Index().Add(g.Dualtest("Transaction")).Types(g.Itself(g.Repo)).Add(printing.Lines(transactions...))})
	}
	typ := g.Dualtest("Suite").Types(g.Itself(g.Repo))
	return printing.Commented([]string{g.suite + " describes the wrapper and its methods to the suite."},
		jen.Func().Id(g.suite).Add(g.TypeParams(g.Repo.TypeParams)).Params(g.DrawParams(g.Repo.TypeParams)...).Add(g.Dualtest("Suite").Types(g.Itself(g.Repo))).Block(jen.Return(printing.Literal(typ, fields...))))
}

// asStore is a repository in the form in which the wrapper sees its stores.
func (g *tests) asStore(name string) jen.Code {
	if g.Repo.Names.Stores == "" {
		return jen.Id(name)
	}
	return jen.Id(name).Assert(g.StoreType(g.Repo))
}

// shim makes a store look like the repository: oldUsers{old}.
func (g *tests) shim(position int, name string) *jen.Statement {
	if shim := g.Repo.Stores[position].Shim; shim != nil {
		return printing.Brief(printing.Instance(shim.Name, g.Repo.TypeParams), jen.Id(name))
	}
	return jen.Id(name)
}

// roundTrips test each pair of conversions between a type of the repository's and a store's:
//
//	func TestUserOldRoundTrip(t *testing.T) {
//		dualtest.RoundTrip(t, someUser(), userToOld, userFromOld, diffUser)
//	}
func (g *tests) roundTrips() []jen.Code {
	diffs := map[string]*plan.FuncRef{}
	var structs []*plan.StructFunc
	for _, fn := range g.Repo.Functions {
		switch fn := fn.(type) {
		case *plan.DiffFunc:
			diffs[fn.Type.String()] = fn.Ref
		case *plan.StructFunc:
			structs = append(structs, fn)
		}
	}
	var list []jen.Code
	for _, to := range structs {
		diff := diffs[to.From.String()]
		for _, from := range structs {
			if diff != nil && to != from && types.Identical(to.From, from.To) && types.Identical(to.To, from.From) {
				list = append(list, g.roundTrip(to, from, diff))
			}
		}
	}
	return list
}

func (g *tests) roundTrip(to, from *plan.StructFunc, diff *plan.FuncRef) jen.Code {
	name := g.Global.Name("Test" + identifier.UpperFirst(to.Ref.Name) + "RoundTrip")
	doc := name + " holds values of all kinds against what is left of them after the way to the store's type and back."
	return printing.Commented(printing.Wrap(doc, printing.CommentWidth),
		jen.Func().Id(name).Params(g.testing()).Block(
			g.Dualtest("RoundTrip").Call(jen.Id("t"), g.Some1(to.From), g.conversion(to), g.conversion(from), g.Ref(diff))))
}

// conversion is a conversion as the suite takes it: func(A) (B, error).
func (g *tests) conversion(fn *plan.StructFunc) jen.Code {
	switch {
	case fn.Ref.Context:
		call := g.Ref(fn.Ref).Call(g.Std("context", "Background").Call(), jen.Id("value"))
		if !fn.Ref.Fallible {
			call.Op(",").Nil()
		}
		return jen.Func().Params(jen.Id("value").Add(g.Typ(fn.From))).Params(g.Typ(fn.To), jen.Error()).Add(printing.Inline(jen.Return(call)))
	case fn.Ref.Fallible:
		return g.Ref(fn.Ref)
	default:
		return g.Dualtest("Sure").Call(g.Ref(fn.Ref))
	}
}
