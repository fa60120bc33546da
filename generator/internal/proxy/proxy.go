// Package proxy decides how the methods of an interface are carried to another process, and reports what cannot be.
package proxy

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Decide fills in what is carried, and how. It reports each method that cannot be.
func Decide(s *load.Subject, repo *plan.Repository) {
	if repo.Proxy == nil {
		return
	}
	if len(repo.Subs) > 0 {
		s.Reports.Addf(s.Request.Flags.Proxy.Pos, "drop -proxy here, and ask for it above each interface that is handed out",
			"-proxy: %s hands out repositories of their own, which are carried each by itself", repo.Interface.Name())
		return
	}
	c := newCarrier(repo.Proxy)
	for _, m := range repo.Methods {
		carried, problem, remedy := c.method(m)
		if problem != "" {
			s.Reports.Addf(m.Pos, remedy, "-proxy: %s %s", m.Name, problem)
			continue
		}
		repo.Proxy.Methods = append(repo.Proxy.Methods, carried)
	}
	repo.Proxy.Wires = c.wires
	repo.Proxy.Errors = declared(s.Pkg.Types)
}

// ending are the names of methods that end a client, and not what the server serves.
var ending = []string{"close", "shutdown", "stop", "disconnect"}

const without = "drop -proxy, or take the method into another interface"

// method is a method as it is carried, or what keeps it from that.
func (c *carrier) method(m *plan.Method) (carried *plan.ProxyMethod, problem, remedy string) {
	carried = &plan.ProxyMethod{Method: m}
	switch {
	case m.Kind == plan.Lifecycle && len(m.Results) <= 1+min(m.Error, 0) && slices.Contains(ending, strings.ToLower(m.Name)):
		carried.Local = true
		return carried, "", ""
	case m.Callback != nil:
		return nil, "runs a function over the repository, which cannot be carried", "let one method of the interface do what the function does, or drop -proxy"
	case c.sequence(m, carried):
	case m.Error < 0 || m.Error != len(m.Results)-1:
		return nil, "returns no error, and a call that does not reach the server has to say so", "give it an error as its last result, or drop -proxy"
	}
	var shape strings.Builder
	fields := map[string]bool{}
	for i, p := range m.Params {
		if i == m.Context {
			continue
		}
		form, why := c.form(p.Type, p.Said)
		if why != "" {
			return nil, "is given what cannot be carried: " + why, without
		}
		carried.Args = append(carried.Args, &plan.Carried{Index: i, Field: fieldName(p.Said, i, fields), Form: form, Refers: refers(p.Type), Knots: knots(form)})
		carried.Fills = carried.Fills || refers(p.Type)
		fmt.Fprintf(&shape, "%s %s\n", p.Said, shapeOf(p.Type))
	}
	carried.Shape = digest(shape.String())
	clear(fields)
	for i, r := range m.Results {
		if i == m.Error || carried.Sequence != nil {
			continue
		}
		form, why := c.form(r.Type, r.Name)
		if why != "" {
			return nil, "returns what cannot be carried: " + why, without
		}
		carried.Returns = append(carried.Returns, &plan.Carried{Index: i, Field: fieldName(r.Name, i, fields), Form: form, Knots: knots(form)})
	}
	return carried, "", ""
}

// sequence reports whether a method returns an iter.Seq2 of values and errors, and nothing else.
func (c *carrier) sequence(m *plan.Method, carried *plan.ProxyMethod) bool {
	if len(m.Results) != 1 {
		return false
	}
	named, ok := types.Unalias(m.Results[0].Type).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "iter" || named.Obj().Name() != "Seq2" {
		return false
	}
	if !types.Identical(named.TypeArgs().At(1), types.Universe.Lookup("error").Type()) {
		return false
	}
	form, why := c.form(named.TypeArgs().At(0), m.Results[0].Name)
	if why != "" {
		return false
	}
	carried.Sequence = form
	return true
}

// fieldName is the exported name of the field that carries a value.
func fieldName(said string, index int, taken map[string]bool) string {
	name := text.UpperFirst(said)
	switch said {
	case "id":
		name = "ID"
	case "ids":
		name = "IDs"
	}
	if !token.IsExported(name) || taken[name] {
		name = fmt.Sprintf("P%d", index)
	}
	taken[name] = true
	return name
}

// declared are the errors that a package declares for others, in the order of their names.
func declared(pkg *types.Package) []*types.Var {
	var all []*types.Var
	for _, name := range pkg.Scope().Names() {
		v, ok := pkg.Scope().Lookup(name).(*types.Var)
		if ok && v.Exported() && types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			all = append(all, v)
		}
	}
	return all
}
