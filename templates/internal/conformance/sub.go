package conformance

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/wrapper"
)

// subTests hold a wrapper to what it hands out, and call the conformance tests of what lies in the same package:
//
//	dualtest.HandsOut(t, func(migration *dual.Migration) Store {
//		old, new := open(t)
//		return NewDualStore(old, new, migration)
//	},
//		dualtest.Handed[Store]("Users", Store.Users, (*DualUserStore)(nil), "User"),
//	)
//	t.Run("Users", func(t *testing.T) {
//		RunUserStoreConformance(t, func(t *testing.T) (*pgstore.Users, *cqlstore.Users) {
//			old, new := open(t)
//			return old.Users(), new.Users()
//		})
//	})
//	t.Run("what Users hands out", func(t *testing.T) {
//		dualtest.HandedOut(t, userStoreSuite(), dualtest.Handout[Store, UserStore]{…})
//	})
//	t.Run("all together", func(t *testing.T) { dualtest.Tree(t, …) })
func (g *tests) subTests(open string) []jen.Code {
	if len(g.Repo.Subs) == 0 {
		return nil
	}
	s := g.ScopeOf(g.Repo, nil)
	old, new, migration := s.Name("old"), s.Name("new"), s.Name("migration")
	opened := jen.List(jen.Id(old), jen.Id(new)).Op(":=").Id(open).Call(jen.Id("t"))
	wrap := jen.Func().Params(jen.Id(migration).Op("*").Add(g.Dual("Migration"))).Add(g.Typ(g.Repo.Type)).Block(
		opened.Clone(),
		jen.Return(jen.Id(g.Repo.Names.Constructor).Add(printing.TypeParamNames(g.Repo.TypeParams)).Call(jen.Id(old), jen.Id(new), jen.Id(migration))))
	handed := []jen.Code{jen.Id("t"), wrap}
	var runs []jen.Code
	for _, sub := range g.Repo.Subs {
		handed = append(handed, jen.Line().Add(g.handedTest(sub)))
		run := g.subRun(sub, opened, old, new)
		if run == nil {
			runs = append(runs, g.subSkipped(sub))
			continue
		}
		runs = append(runs, run)
		if len(sub.Of.Subs) == 0 {
			runs = append(runs, g.handedOut(sub, open))
		}
	}
	runs = append([]jen.Code{g.Dualtest("HandsOut").Call(append(handed, jen.Line())...)}, runs...)
	return append(runs, treeTest(g, open)...)
}

// handedTest says what a method hands out, and which kinds are copied then.
func (g *tests) handedTest(sub *plan.SubRepository) jen.Code {
	name := sub.Method.Name
	args := []jen.Code{
		jen.Lit(name), g.Typ(g.Repo.Type).Dot(name), jen.Parens(wrapper.WrapperOf(g.File, sub)).Parens(jen.Nil()),
	}
	for _, e := range sub.Of.Entities {
		args = append(args, jen.Lit(e.Name))
	}
	return g.Dualtest("Handed").Call(args...)
}

// subRun calls the conformance test of what a method hands out, where it can be called: it is in the same package.
func (g *tests) subRun(sub *plan.SubRepository, opened *jen.Statement, old, new string) jen.Code {
	if !sub.Beside(g.Repo) || sub.Of.Output.TestFile == "" {
		return nil
	}
	results := jen.Params(g.Typ(sub.Of.Stores[0].Type), g.Typ(sub.Of.Stores[1].Type))
	open := jen.Func().Params(g.testing()).Add(results).Block(
		opened.Clone(),
		jen.Return(wrapper.Handed(g.File, sub, 0, jen.Id(old)), wrapper.Handed(g.File, sub, 1, jen.Id(new))))
	return jen.Id("t").Dot("Run").Call(jen.Lit(sub.Method.Name), jen.Func().Params(g.testing()).Block(
		jen.Id(sub.Of.Names.Conformance).Call(jen.Id("t"), open)))
}

// subSkipped says that the laws of what a method hands out are not tried here:
//
//	t.Run("Users", func(t *testing.T) {
//		t.Skip("nothing is tested of it here, but by RunStoreConformance of example.com/blog/users")
//	})
func (g *tests) subSkipped(sub *plan.SubRepository) jen.Code {
	why := fmt.Sprintf("nothing is tested of it here, but by %s of %s", sub.Of.Names.Conformance, sub.Of.Output.Path)
	if sub.Of.Output.TestFile == "" {
		why = fmt.Sprintf("nothing is tested of it: the //go:generate line of %s says -test=false", sub.Of.Interface.Name())
	}
	return jen.Id("t").Dot("Run").Call(jen.Lit(sub.Method.Name), jen.Func().Params(g.testing()).Block(jen.Id("t").Dot("Skip").Call(jen.Lit(why))))
}

// handedOut tries what is handed out as such, again and inside of transactions:
//
//	dualtest.HandedOut(t, userStoreSuite(), dualtest.Handout[Store, UserStore]{
//		Name: "Users",
//		Open: func() func(*dual.Migration) Store {
//			old, new := open(t)
//			return func(migration *dual.Migration) Store { return NewDualStore(old, new, migration) }
//		},
//		Get: Store.Users,
//		In: []dualtest.Transaction[Store]{…},
//	})
func (g *tests) handedOut(sub *plan.SubRepository, open string) jen.Code {
	fields := []printing.Entry{
		{Name: "Name", Value: jen.Lit(sub.Method.Name)},
		{Name: "Open", Value: openWrapped(g, open)},
		{Name: "Get", Value: g.Typ(g.Repo.Type).Dot(sub.Method.Name)},
	}
	if transactions := g.transactions(g.Typ(g.Repo.Type)); sub.Inside != "" && len(transactions) > 0 {
		fields = append(fields, printing.Entry{Name: "In", Value: jen.Index().Add(g.Dualtest("Transaction")).Types(g.Typ(g.Repo.Type)).Add(printing.Lines(transactions...))})
	}
	handout := printing.Literal(g.Dualtest("Handout").Types(g.Typ(g.Repo.Type), g.Typ(sub.Of.Type)), fields...)
	suite := jen.Id(newTests(g.File, sub.Of).suite).Call()
	return jen.Id("t").Dot("Run").Call(jen.Lit("what "+sub.Method.Name+" hands out"), jen.Func().Params(g.testing()).Block(
		g.Dualtest("HandedOut").Call(jen.Id("t"), suite, handout)))
}

// openWrapped opens two stores, and returns what makes the wrapper over them:
//
//	func() func(*dual.Migration) Store {
//		old, new := open(t)
//		return func(migration *dual.Migration) Store { return NewDualStore(old, new, migration) }
//	}
func openWrapped(g *tests, open string) *jen.Statement {
	s := g.ScopeOf(g.Repo, nil)
	old, new, migration := s.Name("old"), s.Name("new"), s.Name("migration")
	wrap := jen.Func().Params(jen.Id(migration).Op("*").Add(g.Dual("Migration"))).Add(g.Typ(g.Repo.Type)).Add(printing.Inline(
		jen.Return(jen.Id(g.Repo.Names.Constructor).Add(printing.TypeParamNames(g.Repo.TypeParams)).Call(jen.Id(old), jen.Id(new), jen.Id(migration)))))
	return jen.Func().Params().Func().Params(jen.Op("*").Add(g.Dual("Migration"))).Add(g.Typ(g.Repo.Type)).Block(
		jen.List(jen.Id(old), jen.Id(new)).Op(":=").Id(open).Call(jen.Id("t")),
		jen.Return(wrap))
}

// subTestsDoc says what is tried of what a wrapper hands out.
func (g *tests) subTestsDoc() string {
	var here, elsewhere []string
	for _, sub := range g.Repo.Subs {
		if sub.Beside(g.Repo) && sub.Of.Output.TestFile != "" {
			here = append(here, sub.Method.Name)
		} else {
			elsewhere = append(elsewhere, sub.Method.Name)
		}
	}
	doc := ""
	if len(here) > 0 {
		doc += fmt.Sprintf(" It tries what %s out by the conformance test of that, over what the stores hand out, and that it is the same each time.", handOut(here))
	}
	if len(elsewhere) > 0 {
		doc += fmt.Sprintf(" What %s out has a conformance test of its own, in its own package.", handOut(elsewhere))
	}
	return doc
}

// handOut lists methods as the subject of a sentence: "Users hands", "Users and Posts hand".
func handOut(names []string) string {
	if len(names) == 1 {
		return names[0] + " hands"
	}
	last := len(names) - 1
	list := names[0]
	for _, name := range slices.Clone(names[1:last]) {
		list += ", " + name
	}
	return list + " and " + names[last] + " hand"
}
