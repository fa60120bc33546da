package generator

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"github.com/dualgen/dualgen/generator/internal/shape"
)

// allocator hands out identifiers of one scope. The user's names never change; ours give way.
type allocator struct {
	taken map[string]bool
	outer map[string]bool // taken too; many scopes share it and none changes it
}

// newAllocator starts with the names that are taken.
func newAllocator(taken ...string) *allocator {
	a := &allocator{taken: map[string]bool{"_": true, "": true, "init": true}}
	a.take(taken...)
	return a
}

// take marks names as taken.
func (a *allocator) take(names ...string) {
	for _, name := range names {
		a.taken[name] = true
	}
}

// name returns base if it is free, else base with the first number from 2 that is. A word of the language gives way to its
// first letter: p for package.
func (a *allocator) name(base string) string {
	if token.IsKeyword(base) || types.Universe.Lookup(base) != nil {
		base = base[:1]
	}
	return a.first(base, func(name string) bool { return types.Universe.Lookup(name) == nil })
}

// param is name for a parameter, which may hide a predeclared function that no wrapper calls: min, max, new, copy.
func (a *allocator) param(base string, generic bool) string {
	_, builtin := types.Universe.Lookup(base).(*types.Builtin)
	called := slices.Contains([]string{"append", "len", "make", "panic"}, base) || generic && base == "new"
	if builtin && !called {
		return a.field(base)
	}
	return a.name(base)
}

// field is name for a struct's field, which hides no predeclared name.
func (a *allocator) field(base string) string {
	return a.first(base, func(string) bool { return true })
}

// first takes the first name that is free and allowed.
func (a *allocator) first(base string, allowed func(string) bool) string {
	name := base
	for n := 2; a.taken[name] || a.outer[name] || token.IsKeyword(name) || !allowed(name); n++ {
		name = base + strconv.Itoa(n)
	}
	a.take(name)
	return name
}

// packageNames are the names that the output's package scope is closed to: what is declared there, the names that its
// files give to imports, and every parameter and result of the wrapped methods, which would hide a helper of that name.
func (s *subject) packageNames() *allocator {
	a := newAllocator(s.pkg.Types.Scope().Names()...)
	for _, file := range s.pkg.Syntax {
		for _, spec := range file.Imports {
			if spec.Name != nil {
				a.take(spec.Name.Name)
			}
		}
	}
	for _, imported := range s.pkg.Types.Imports() {
		a.take(imported.Name())
	}
	for _, m := range s.methods {
		for v := range m.sig.Params().Variables() {
			a.take(v.Name())
		}
		for v := range m.sig.Results().Variables() {
			a.take(v.Name())
		}
	}
	return a
}

// paramNames are the final names of a method's parameters and results: the user's own where they can stay, else, for
// unnamed and blank ones, a name made of the type that is not the receiver's.
func (b *builder) paramNames(method string, sig *types.Signature) (params, results []string) {
	scope := newAllocator(b.repo.Names.Receiver)
	scope.outer = b.scopeNames()
	for v := range sig.Params().Variables() {
		params = append(params, scope.param(paramName(v), len(b.params) > 0))
	}
	for v := range sig.Results().Variables() {
		results = append(results, scope.name(resultName(method, sig, v)))
	}
	return params, results
}

// scopeNames are names at package scope that a method's signature and body may need.
func (b *builder) scopeNames() map[string]bool {
	if b.scope == nil {
		b.scope = map[string]bool{}
		for _, name := range b.pkg.Types.Scope().Names() {
			b.scope[name] = true
		}
		for _, p := range b.params {
			b.scope[p.Obj().Name()] = true
		}
	}
	return b.scope
}

// paramName is the wanted name of a parameter.
func paramName(v *types.Var) string {
	switch {
	case v.Name() != "" && v.Name() != "_":
		return v.Name()
	case shape.IsContext(v.Type()):
		return "ctx"
	}
	return typeWord(v.Type())
}
