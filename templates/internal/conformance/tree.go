package conformance

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// treeTest tries what no conformance test of one repository can see: that a call through one changes nothing that another one keeps.
//
//	t.Run("all together", func(t *testing.T) {
//		dualtest.Tree(t, func() func(*dual.Migration) Store {…},
//			dualtest.PartOf("Users", Store.Users, userStoreSuite()),
//			dualtest.PartOf("Shops.Items", func(store Store) ItemStore { return store.Shops().Items() }, itemStoreSuite()),
//			dualtest.PartOf("", func(store Store) storeItself { return store }, storeSuite()),
//		)
//	})
func treeTest(g *tests, open string) []jen.Code {
	if !g.Repo.HasTree() {
		return nil
	}
	args := []jen.Code{jen.Id("t"), openWrapped(g, open)}
	for _, part := range g.Repo.Parts() {
		args = append(args, jen.Line().Add(partOf(g, part)))
	}
	return []jen.Code{jen.Id("t").Dot("Run").Call(jen.Lit("all together"), jen.Func().Params(g.testing()).Block(
		g.Dualtest("Tree").Call(append(args, jen.Line())...)))}
}

// partOf describes one repository of the tree.
func partOf(g *tests, part plan.TreePart) *jen.Statement {
	root, suite := g.Typ(g.Repo.Type), g.suite
	if len(part.Path) > 0 {
		suite = newTests(g.File, part.Of).suite
	}
	get := root.Clone().Dot(strings.Join(part.Path, ""))
	if len(part.Path) != 1 || part.Of.Names.Itself != "" {
		store := g.ScopeOf(g.Repo, nil).Name("store")
		got := jen.Id(store)
		for _, method := range part.Path {
			got.Dot(method).Call()
		}
		get = jen.Func().Params(jen.Id(store).Add(root)).Add(g.Itself(part.Of)).Add(printing.Inline(jen.Return(got)))
	}
	return g.Dualtest("PartOf").Call(jen.Lit(part.Name()), get, jen.Id(suite).Call())
}
