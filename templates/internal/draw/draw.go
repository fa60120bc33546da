// Package draw writes the generators of random values that conformance tests draw from. Those of a generic repository are handed from
// one function to the next, and begin with types that satisfy the constraints:
//
//	func TestDualStorePhases(t *testing.T) { storeSuite(dualtest.Text[string](), dualtest.Int[int]()).Phases(t) }
//
//	func storeSuite[K comparable, V any](someK *rapid.Generator[K], someV *rapid.Generator[V]) dualtest.Suite[Store[K, V]] {
package draw

import (
	"go/types"

	"github.com/dave/jennifer/jen"

	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// Import paths of the generated tests.
const (
	SuitePath = "github.com/dualgen/dualgen/runtime/dualtest"
	rapidPath = "pgregory.net/rapid"
)

// Values writes generators, and remembers those that are to be declared.
type Values struct {
	*printing.File
	Repo    *plan.Repository
	Global  *printing.Scope   // names at package scope
	Names   map[string]string // type to the name of the function that generates its values
	Pending []types.Type      // generators to be declared

	draws  map[string]string // type parameter to the name of what draws its values
	InStub bool              // a method of the stub is printed
}

// New returns the Values of a repository's tests.
func New(f *printing.File, repo *plan.Repository) *Values {
	return &Values{File: f, Repo: repo, Global: f.ScopeOf(repo, nil), Names: map[string]string{}}
}

// Dualtest is a name of the suite.
func (g *Values) Dualtest(name string) *jen.Statement { return g.Qual(SuitePath, "dualtest", name) }

// Rapid is a name of the property testing library.
func (g *Values) Rapid(name string) *jen.Statement { return g.Qual(rapidPath, "rapid", name) }
