package templates

import (
	"go/token"
	"slices"
	"strconv"

	"github.com/dualgen/dualgen/generator/plan"
)

// locals are the names that generated functions like to give to their own variables. Imports give way to them.
var locals = []string{"args", "call", "ctx", "entity", "err", "found", "i", "key", "keys", "migration", "new", "old", "page", "store", "value", "values"}

// scope holds the names of a generated function's own variables, allocated against everything that the function's body
// may have to name: the user's names never change, ours give way.
type scope struct {
	taken nameSet

	args, call, ctx, err, store, value string
}

// scopeOf allocates the names for one method of the wrapper, or, with a nil method, for the constructor.
func (f *file) scopeOf(repo *plan.Repository, m *plan.Method) *scope {
	s := &scope{taken: nameSet{outer: f.global}}
	s.taken.add(repo.Names.Receiver)
	if m != nil {
		for _, p := range m.Params {
			s.taken.add(p.Name)
		}
	}
	s.args = s.name("args")
	s.call = s.name("call")
	s.ctx = s.name("ctx")
	s.err = s.name("err")
	s.store = s.name("store")
	s.value = s.name("value")
	if m != nil && m.Context >= 0 {
		s.ctx = m.Params[m.Context].Name
	}
	return s
}

// name allocates a name: the wanted one, or that with the first number from 2 that is free. A word of the language gives
// way to its first letter: p for package.
func (s *scope) name(wanted string) string {
	if token.IsKeyword(wanted) {
		wanted = wanted[:1]
	}
	name := wanted
	for n := 2; s.taken.has(name); n++ {
		name = wanted + strconv.Itoa(n)
	}
	s.taken.add(name)
	return name
}

// nameSet is a set of names: those of an outer scope, which many sets share and none changes, and its own.
type nameSet struct {
	outer map[string]bool
	own   []string // few
}

func (n *nameSet) has(name string) bool { return n.outer[name] || slices.Contains(n.own, name) }

func (n *nameSet) add(name string) { n.own = append(n.own, name) }

// clone is a set that can grow by itself.
func (n *nameSet) clone() nameSet { return nameSet{n.outer, slices.Clone(n.own)} }

// packageScope collects what is, or will be, at package scope of the output.
func packageScope(repo *plan.Repository) map[string]bool {
	var declared []string
	if pkg := repo.Output.Package; pkg != nil {
		declared = pkg.Scope().Names()
	}
	names := make(map[string]bool, len(declared)+len(repo.Functions)+2*len(repo.Methods)+8)
	add := func(all ...string) {
		for _, name := range all {
			names[name] = true
		}
	}
	add(declared...)
	n := repo.Names
	add(n.Wrapper, n.Constructor, n.Stores, n.Conformance)
	for _, p := range repo.TypeParams {
		add(p.Obj().Name())
	}
	for _, s := range repo.Stores {
		if s.Shim != nil {
			add(s.Shim.Name)
		}
	}
	for _, m := range repo.Methods {
		add(m.Args.Name, m.Values.Name)
	}
	for _, fn := range repo.Functions {
		add(plan.Ref(fn).Name)
	}
	for _, e := range repo.Entities {
		if e.Entry != nil {
			add(e.Entry.Name)
		}
	}
	if repo.View != nil {
		add(repo.View.Name)
	}
	return names
}

// notForImports collects the names that imports give way to: those at package scope and those local to functions.
func notForImports(repo *plan.Repository) map[string]bool {
	names := packageScope(repo)
	names[repo.Names.Receiver] = true
	for _, name := range locals {
		names[name] = true
	}
	for _, m := range repo.Methods {
		for _, p := range m.Params {
			names[p.Name] = true
		}
		for _, r := range m.Results {
			names[r.Name] = true
		}
	}
	return names
}
