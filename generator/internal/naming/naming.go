// Package naming names what the output of an interface declares, beside what its package has already.
package naming

import (
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/names"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Scope hands out the names of the package that the output is written to.
type Scope struct {
	*names.Allocator
	subject *load.Subject
	visible map[string]bool // what scopeNames returns, once asked for
}

// New starts with the names that the interface's own package is closed to: what is declared there, the names that its
// files give to imports, and every parameter and result of the wrapped methods, which would hide a helper of that name.
func New(s *load.Subject) *Scope {
	a := names.New(s.Pkg.Types.Scope().Names()...)
	for _, file := range s.Pkg.Syntax {
		for _, spec := range file.Imports {
			if spec.Name != nil {
				a.Take(spec.Name.Name)
			}
		}
	}
	for _, imported := range s.Pkg.Types.Imports() {
		a.Take(imported.Name())
	}
	takeParams(a, s)
	return &Scope{Allocator: a, subject: s}
}

// takeParams keeps helpers from having the name of a parameter or a result, which would hide them.
func takeParams(a *names.Allocator, s *load.Subject) {
	for _, m := range s.Methods {
		for v := range m.Sig.Params().Variables() {
			a.Take(v.Name())
		}
		for v := range m.Sig.Results().Variables() {
			a.Take(v.Name())
		}
	}
}

// Output names the wrapper and what stands beside it, in the package of the output. It reports a name that cannot be had, and says
// whether it could. An interface that hands out others needs two names more.
func (n *Scope) Output(out *plan.Output, handsOut bool) (all plan.Names, ok bool) {
	s := n.subject
	if out.Package != s.Pkg.Types {
		n.Allocator = names.New(out.Package.Scope().Names()...)
		takeParams(n.Allocator, s)
	}
	name := s.Object.Name()
	if s.Request.Shared {
		all.Prefix = text.LowerFirst(name)
	}
	if all.Wrapper = n.wrapper(out); all.Wrapper == "" {
		return all, false
	}
	constructor := "New" + text.UpperFirst(all.Wrapper)
	if !token.IsExported(all.Wrapper) {
		constructor = "new" + text.UpperFirst(all.Wrapper)
	}
	all.Constructor = n.Name(constructor)
	all.Conformance = n.Name("Run" + text.UpperFirst(name) + "Conformance")
	if handsOut {
		all.Itself = n.Name(text.LowerFirst(name) + "Itself")
		all.Bare = n.Name("bare" + text.UpperFirst(name))
	}
	all.Receiver = n.receiver()
	return all, true
}

// wrapper is the wrapper's name, "" after reporting one that cannot be had.
func (n *Scope) wrapper(out *plan.Output) string {
	s, name := n.subject, n.subject.Object.Name()
	said := s.Request.Flags.Name
	switch {
	case said.Text == "" && token.IsExported(name):
		return n.Name("Dual" + name)
	case said.Text == "":
		return n.Name("dual" + text.UpperFirst(name))
	case !token.IsIdentifier(said.Text):
		s.Reports.Addf(said.Pos, "write -name Dual"+text.UpperFirst(name), "-name %s is no identifier", said.Text)
		return ""
	case out.Package.Scope().Lookup(said.Text) != nil:
		s.Reports.Addf(said.Pos, "choose another name", "-name %s is declared in package %s already", said.Text, out.Name)
		return ""
	}
	n.Take(said.Text)
	return said.Text
}

// receiver finds a receiver that no parameter has the name of.
func (n *Scope) receiver() string {
	scope := names.New(n.subject.Pkg.Types.Scope().Names()...)
	takeParams(scope, n.subject)
	for _, p := range n.subject.Params {
		scope.Take(p.Obj().Name())
	}
	return scope.Name("d")
}

// Shim names the shim around a store.
func (n *Scope) Shim(i int) *plan.Shim {
	fields := names.New()
	fields.Take(n.subject.MethodNames()...)
	return &plan.Shim{Name: n.Name(model.Sides[i] + text.UpperFirst(n.subject.Object.Name())), Field: fields.Field("store")}
}

// Helper allocates the name of a generated function.
func (n *Scope) Helper(base string) string {
	if n.subject.Request.Shared {
		base = text.LowerFirst(n.subject.Object.Name()) + text.UpperFirst(base)
	}
	return n.Name(base)
}

// Params are the final names of a method's parameters and results: the user's own where they can stay, else, for
// unnamed and blank ones, a name made of the type that is not the receiver's.
func (n *Scope) Params(receiver, method string, sig *types.Signature) (params, results []string) {
	scope := names.New(receiver)
	scope.Outer = n.scopeNames()
	for v := range sig.Params().Variables() {
		params = append(params, scope.Param(names.OfParam(v), len(n.subject.Params) > 0))
	}
	for v := range sig.Results().Variables() {
		results = append(results, scope.Name(names.OfResult(method, sig, v)))
	}
	return params, results
}

// scopeNames are names at package scope that a method's signature and body may need.
func (n *Scope) scopeNames() map[string]bool {
	if n.visible == nil {
		n.visible = map[string]bool{}
		for _, name := range n.subject.Pkg.Types.Scope().Names() {
			n.visible[name] = true
		}
		for _, p := range n.subject.Params {
			n.visible[p.Obj().Name()] = true
		}
	}
	return n.visible
}
