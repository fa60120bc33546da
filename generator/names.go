package generator

import (
	"go/token"
	"go/types"
	"strconv"
)

// allocator hands out identifiers of one scope. The user's names never change; ours give way.
type allocator struct{ taken map[string]bool }

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

// name returns base if it is free, else base with the first number from 2 that is.
func (a *allocator) name(base string) string {
	return a.first(base, func(name string) bool { return types.Universe.Lookup(name) == nil })
}

// field is name for a struct's field, which hides no predeclared name.
func (a *allocator) field(base string) string {
	return a.first(base, func(string) bool { return true })
}

// first takes the first name that is free and allowed.
func (a *allocator) first(base string, allowed func(string) bool) string {
	name := base
	for n := 2; a.taken[name] || token.IsKeyword(name) || !allowed(name); n++ {
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
// unnamed and blank ones, a name made of the type.
func (b *builder) paramNames(sig *types.Signature) (params, results []string) {
	scope := newAllocator(b.scopeNames()...)
	for v := range sig.Params().Variables() {
		params = append(params, scope.name(paramName(v)))
	}
	for v := range sig.Results().Variables() {
		results = append(results, scope.name(resultName(v)))
	}
	return params, results
}

// scopeNames are names at package scope that a method's signature and body may need.
func (b *builder) scopeNames() []string {
	names := b.pkg.Types.Scope().Names()
	for _, p := range b.params {
		names = append(names, p.Obj().Name())
	}
	return names
}

// paramName is the wanted name of a parameter.
func paramName(v *types.Var) string {
	switch {
	case v.Name() != "" && v.Name() != "_":
		return v.Name()
	case isContext(v.Type()):
		return "ctx"
	}
	return typeWord(v.Type())
}

// resultName is the wanted name of a result.
func resultName(v *types.Var) string {
	switch {
	case v.Name() != "" && v.Name() != "_":
		return v.Name()
	case isError(v.Type()):
		return "err"
	case isBool(v.Type()):
		return "found"
	}
	return typeWord(v.Type())
}

// typeWord is a name for a value of a type: user for *User, users for []User, arg for what has no name.
func typeWord(t types.Type) string {
	e := elementOf(t)
	named, ok := types.Unalias(e.typ).(*types.Named)
	if !ok {
		return "arg"
	}
	name := lowerFirst(named.Obj().Name())
	if e.many {
		name += "s"
	}
	return name
}
