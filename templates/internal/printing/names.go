package printing

import (
	"go/token"
	"slices"
	"strconv"

	"github.com/dualgen/dualgen/internal/plan"
)

// locals are the names that generated functions like to give to their own variables. Imports give way to them.
var locals = []string{"args", "call", "ctx", "entity", "err", "found", "i", "key", "keys", "migration", "new", "old", "page", "store", "value", "values"}

// Scope holds the names of a generated function's own variables, allocated against everything that the function's body
// may have to name: the user's names never change, ours give way.
type Scope struct {
	Taken NameSet

	Args, Call, Ctx, Err, Store, Value string

	keys string // "" until it is needed
}

// KeysName is the name of a list of keys. A function has one at a time.
func (s *Scope) KeysName() string {
	if s.keys == "" {
		s.keys = s.Name("keys")
	}
	return s.keys
}

// ScopeOf allocates the names for one method of the wrapper, or, with a nil method, for the constructor.
func (f *File) ScopeOf(repo *plan.Repository, m *plan.Method) *Scope {
	s := &Scope{Taken: NameSet{Outer: f.Global}}
	s.Taken.Add(repo.Names.Receiver)
	if m != nil {
		for _, p := range m.Params {
			s.Taken.Add(p.Name)
		}
	}
	s.Args = s.Name("args")
	s.Call = s.Name("call")
	s.Ctx = s.Name("ctx")
	s.Err = s.Name("err")
	s.Store = s.Name("store")
	s.Value = s.Name("value")
	if m != nil && m.Context >= 0 {
		s.Ctx = m.Params[m.Context].Name
	}
	return s
}

// Name allocates a name: the wanted one, or that with the first number from 2 that is free. A word of the language gives
// way to its first letter: p for package.
func (s *Scope) Name(wanted string) string {
	if token.IsKeyword(wanted) {
		wanted = wanted[:1]
	}
	name := wanted
	for n := 2; s.Taken.Has(name); n++ {
		name = wanted + strconv.Itoa(n)
	}
	s.Taken.Add(name)
	return name
}

// NameSet is a set of names: those of an outer scope, which many sets share and none changes, and its own.
type NameSet struct {
	Outer map[string]bool
	Own   []string // few
}

func (n *NameSet) Has(name string) bool { return n.Outer[name] || slices.Contains(n.Own, name) }

func (n *NameSet) Add(name string) { n.Own = append(n.Own, name) }

// Clone is a set that can grow by itself.
func (n *NameSet) Clone() NameSet { return NameSet{n.Outer, slices.Clone(n.Own)} }

// PackageScope collects what is, or will be, at package scope of the output.
func PackageScope(repo *plan.Repository) map[string]bool {
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
	add(n.Wrapper, n.Constructor, n.Stores, n.Conformance, n.Itself, n.Bare)
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

// NotForImports collects the names that imports give way to: those at package scope and those local to functions.
func NotForImports(repo *plan.Repository) map[string]bool {
	names := PackageScope(repo)
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
