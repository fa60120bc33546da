package convert

import (
	"go/scanner"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/keys"
	"github.com/dualgen/dualgen/internal/plan"
)

// Clone returns the function that deep-copies a t, func(t) t, or nil if nothing in it is mutable.
func (p *Planner) Clone(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	return clone.Clone(p.access, t, pos)
}

// Diff returns the comparator of t, func(a, b t) []dual.Difference, or nil if values of t cannot be compared.
func (p *Planner) Diff(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	return p.compare.Diff(t, pos)
}

// DiffResult is Diff for the results of one method under that method's own compare directive.
func (p *Planner) DiffResult(method string, t types.Type, own given.Compare) (*plan.FuncRef, scanner.ErrorList) {
	return p.compare.DiffResult(method, t, own)
}

// Unknown reports whether t is an interface, or holds values of one, of which nothing says when two are equal.
func (p *Planner) Unknown(t types.Type) bool { return p.compare.Unknown(t) }

// Key plans the functions that write an entity's key as one readable text and read it back.
func (p *Planner) Key(entity string, parts []keys.Part, pos token.Position) (keys.Key, scanner.ErrorList) {
	return keys.Codec(p.access, entity, parts, pos)
}

// MadeOf is the type of the single value that a constructor makes a struct from; nil for any other type.
func (p *Planner) MadeOf(t types.Type) types.Type { return p.access.MadeOf(t) }

// HasPart reports whether directives gave a struct of the interface's a part of that name.
func (p *Planner) HasPart(t types.Type, name string) bool { return p.access.HasPart(t, name) }

// Partial reports whether a struct of the interface's may keep to itself what no conversion makes again.
func (p *Planner) Partial(t types.Type) bool { return p.access.Partial(t) }
