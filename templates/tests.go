package templates

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/generator/plan"
)

// Import paths of the generated tests.
const (
	suitePath = "github.com/dualgen/dualgen/runtime/dualtest"
	rapidPath = "pgregory.net/rapid"
)

// tests prints the conformance tests of a repository.
type tests struct {
	*file
	repo   *plan.Repository
	global *scope // names at package scope

	stub, suite string            // the stub store's type, the function that describes the suite
	names       map[string]string // type to the name of the function that generates its values
	pending     []types.Type      // generators to be declared

	draws  map[string]string // type parameter to the name of what draws its values
	inStub bool              // a method of the stub is printed
}

// conformance writes the test file.
func conformance(f *file, repo *plan.Repository) {
	name := repo.Interface.Name()
	g := &tests{file: f, repo: repo, global: f.scopeOf(repo, nil), names: map[string]string{}}
	g.stub = g.global.name("stub" + upperFirst(name))
	g.suite = g.global.name(lowerFirst(name) + "Suite")
	g.nameDraws()
	f.codec = f.chosenCodec
	g.add(g.phaseTest(name))
	for _, test := range g.roundTrips() {
		g.add(test)
	}
	g.add(g.run())
	g.add(g.suiteFunc(name))
	g.add(g.stubType(name))
	g.inStub = true
	for _, m := range g.stubMethods() {
		g.add(m)
	}
	g.inStub = false
	for len(g.pending) > 0 {
		t := g.pending[0]
		g.pending = g.pending[1:]
		g.add(g.generator(t))
	}
}

// upperFirst makes a name that can follow another: Users of users.
func upperFirst(name string) string {
	if name[0] >= 'a' && name[0] <= 'z' {
		return string(name[0]&^0x20) + name[1:]
	}
	return name
}

// dualtest is a name of the suite.
func (g *tests) dualtest(name string) *jen.Statement { return g.qual(suitePath, "dualtest", name) }

// rapid is a name of the property testing library.
func (g *tests) rapid(name string) *jen.Statement { return g.qual(rapidPath, "rapid", name) }

// testing declares t *testing.T.
func (g *tests) testing() *jen.Statement { return jen.Id("t").Op("*").Add(g.std("testing", "T")) }

// phaseTest tests the wrapper over stubs:
//
//	func TestDualUsersPhases(t *testing.T) { usersSuite().Phases(t) }
func (g *tests) phaseTest(name string) *jen.Statement {
	test := g.global.name("Test" + upperFirst(g.repo.Names.Wrapper) + "Phases")
	doc := test + " holds every method of the wrapper, in every phase and with every fault, against what the phase promises: which " +
		"stores are called, what the caller is told, and which keys the journal holds afterwards."
	return commented(wrap(doc, commentWidth),
		jen.Func().Id(test).Params(g.testing()).Add(inline(jen.Id(g.suite).Call(g.testArgs()...).Dot("Phases").Call(jen.Id("t")))))
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
	s := g.scopeOf(g.repo, nil)
	old, new, open := s.name("old"), s.name("new"), s.name("open")
	doc := g.repo.Names.Conformance + " tries the laws that the wrapper relies on over both stores, and demands equal results of the old " +
		"store, the new store and the wrapper over both, while its phase changes and its mirror fails. Call it from a test of your own with " +
		"a function that opens two empty stores; it is called about three times for each sequence of calls. -rapid.checks sets how many " +
		"sequences there are, -rapid.steps how long they get."
	if len(g.repo.TypeParams) > 0 {
		doc += " The generators draw the values of the type parameters."
	}
	opened := jen.Func().Params(g.testing()).
		Params(g.params([]*plan.Param{{Name: old, Type: g.repo.Stores[0].Type}, {Name: new, Type: g.repo.Stores[1].Type}})...)
	both := jen.Func().Params().Params(g.typ(g.repo.Type), g.typ(g.repo.Type))
	if g.repo.Stores[0].Shim == nil && g.repo.Stores[1].Shim == nil {
		both.Add(inline(jen.Return(jen.Id(open).Call(jen.Id("t")))))
	} else {
		both.Block(
			jen.List(jen.Id(old), jen.Id(new)).Op(":=").Id(open).Call(jen.Id("t")),
			jen.Return(g.shim(0, old), g.shim(1, new)))
	}
	params := append(append([]jen.Code{g.testing()}, g.drawParams(g.repo.TypeParams)...), jen.Id(open).Add(opened))
	return commented(wrap(doc, commentWidth),
		jen.Func().Id(g.repo.Names.Conformance).Add(g.typeParams(g.repo.TypeParams)).Params(params...).Block(
			jen.Id("t").Dot("Helper").Call(),
			jen.Id(g.suite).Call(g.drawArgs(g.repo.TypeParams)...).Dot("Conform").Call(jen.Id("t"), both)))
}

// suiteFunc describes the wrapper to the suite.
func (g *tests) suiteFunc(name string) *jen.Statement {
	s := g.scopeOf(g.repo, nil)
	old, new, migration := s.name("old"), s.name("new"), s.name("migration")
	wrapped := s.name("wrapped")
	wrapType := jen.Func().Params(jen.Id(old).Op(",").Id(new).Add(g.typ(g.repo.Type)), jen.Id(migration).Op("*").Add(g.dual("Migration"))).
		Add(g.typ(g.repo.Type))
	wrapBody := []jen.Code{
		jen.Id(wrapped).Op(":=").Add(instance(g.repo.Names.Constructor, g.repo.TypeParams)).
			Call(g.zero(g.repo.Stores[0].Type), g.zero(g.repo.Stores[1].Type), jen.Id(migration)),
		jen.Id(wrapped).Dot("stores").Op("=").Index(jen.Lit(2)).Add(g.storeType(g.repo)).Values(g.asStore(old), g.asStore(new)),
		jen.Return(jen.Id(wrapped)),
	}
	stubbed := append([]jen.Code{jen.Id("stub")}, g.drawArgs(g.repo.TypeParams)...)
	fields := []entry{
		{"Name", jen.Lit(name)},
		{"Files", g.files()},
		{"Wrap", wrapType.Block(wrapBody...)},
		{"Stub", jen.Func().Params(jen.Id("stub").Op("*").Add(g.dualtest("Stub"))).Add(g.typ(g.repo.Type)).
			Add(inline(jen.Return(brief(instance(g.stub, g.repo.TypeParams), stubbed...))))},
	}
	if sentinels := g.sentinels(); len(sentinels) > 0 {
		fields = append(fields, entry{"Errors", jen.Index().Error().Values(sentinels...)})
	}
	if kinds := g.kinds(); len(kinds) > 0 {
		fields = append(fields, entry{"Kinds", jen.Index().Add(g.dualtest("Kind")).Add(lines(kinds...))})
	}
	steps, undrawn := g.steps()
	if len(undrawn) > 0 {
		fields = append(fields, entry{"Undrawn", jen.Index().String().Values(undrawn...)})
	}
	fields = append(fields, entry{"Steps", jen.Index().Add(g.dualtest("Step")).Types(g.typ(g.repo.Type)).Add(lines(steps...))})
	typ := g.dualtest("Suite").Types(g.typ(g.repo.Type))
	return commented([]string{g.suite + " describes the wrapper and its methods to the suite."},
		jen.Func().Id(g.suite).Add(g.typeParams(g.repo.TypeParams)).Params(g.drawParams(g.repo.TypeParams)...).Add(g.dualtest("Suite").Types(g.typ(g.repo.Type))).Block(jen.Return(literal(typ, fields...))))
}

// asStore is a repository in the form in which the wrapper sees its stores.
func (g *tests) asStore(name string) jen.Code {
	if g.repo.Names.Stores == "" {
		return jen.Id(name)
	}
	return jen.Id(name).Assert(g.storeType(g.repo))
}

// shim makes a store look like the repository: oldUsers{old}.
func (g *tests) shim(position int, name string) *jen.Statement {
	if shim := g.repo.Stores[position].Shim; shim != nil {
		return brief(instance(shim.Name, g.repo.TypeParams), jen.Id(name))
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
	for _, fn := range g.repo.Functions {
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
	name := g.global.name("Test" + upperFirst(to.Ref.Name) + "RoundTrip")
	doc := name + " holds values of all kinds against what is left of them after the way to the store's type and back."
	return commented(wrap(doc, commentWidth),
		jen.Func().Id(name).Params(g.testing()).Block(
			g.dualtest("RoundTrip").Call(jen.Id("t"), g.some1(to.From), g.conversion(to), g.conversion(from), g.ref(diff))))
}

// conversion is a conversion as the suite takes it: func(A) (B, error).
func (g *tests) conversion(fn *plan.StructFunc) jen.Code {
	switch {
	case fn.Ref.Context:
		call := g.ref(fn.Ref).Call(g.std("context", "Background").Call(), jen.Id("value"))
		if !fn.Ref.Fallible {
			call.Op(",").Nil()
		}
		return jen.Func().Params(jen.Id("value").Add(g.typ(fn.From))).Params(g.typ(fn.To), jen.Error()).Add(inline(jen.Return(call)))
	case fn.Ref.Fallible:
		return g.ref(fn.Ref)
	default:
		return g.dualtest("Sure").Call(g.ref(fn.Ref))
	}
}
