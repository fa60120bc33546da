// Package names makes the names of generated code: each is handed out once in its scope, and gives way to those of the user.
package names

import (
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"github.com/dualgen/dualgen/generator/internal/shape"
)

// Allocator hands out identifiers of one scope. The user's names never change; ours give way.
type Allocator struct {
	taken map[string]bool
	Outer map[string]bool // taken too; many scopes share it and none changes it
}

// New starts with the names that are taken.
func New(taken ...string) *Allocator {
	a := &Allocator{taken: map[string]bool{"_": true, "": true, "init": true}}
	a.Take(taken...)
	return a
}

// Take marks names as taken.
func (a *Allocator) Take(names ...string) {
	for _, name := range names {
		a.taken[name] = true
	}
}

// Name returns base if it is free, else base with the first number from 2 that is. A word of the language gives way to its
// first letter: p for package.
func (a *Allocator) Name(base string) string {
	if token.IsKeyword(base) || types.Universe.Lookup(base) != nil {
		base = base[:1]
	}
	return a.first(base, func(name string) bool { return types.Universe.Lookup(name) == nil })
}

// Param is name for a parameter, which may hide a predeclared function that no wrapper calls: min, max, new, copy.
func (a *Allocator) Param(base string, generic bool) string {
	_, builtin := types.Universe.Lookup(base).(*types.Builtin)
	called := slices.Contains([]string{"append", "len", "make", "panic"}, base) || generic && base == "new"
	if builtin && !called {
		return a.Field(base)
	}
	return a.Name(base)
}

// Field is name for a struct's field, which hides no predeclared name.
func (a *Allocator) Field(base string) string {
	return a.first(base, func(string) bool { return true })
}

// first takes the first name that is free and allowed.
func (a *Allocator) first(base string, allowed func(string) bool) string {
	name := base
	for n := 2; a.taken[name] || a.Outer[name] || token.IsKeyword(name) || !allowed(name); n++ {
		name = base + strconv.Itoa(n)
	}
	a.Take(name)
	return name
}

// OfParam is the wanted name of a parameter.
func OfParam(v *types.Var) string {
	switch {
	case v.Name() != "" && v.Name() != "_":
		return v.Name()
	case shape.IsContext(v.Type()):
		return "ctx"
	}
	return typeWord(v.Type())
}
