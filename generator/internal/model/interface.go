// Package model is what the stages of deciding share: an interface with its methods, the two stores, what directives say of
// them, and what has been decided so far. A stage reads what earlier stages have left here, and returns what it decides.
package model

import (
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// Interface is the interface that is wrapped, and what stands around it.
type Interface struct {
	Object     *types.TypeName
	Type       types.Type // as the output spells it
	Underlying *types.Interface
	TypeParams []*types.TypeParam
	Package    *types.Package // that declares it
	Output     *types.Package // that the output belongs to
	Pos        token.Position // of the interface's name
	Said       *directive.Set
	Stores     [2]*Store

	Methods  []*Method
	Extra    []*Method // methods that the stores alone have, and that directives name
	Entities []*Entity

	// MadeOf is what a constructor, by directive, makes a type of: text for a UserID; nil where there is none.
	MadeOf func(types.Type) types.Type
	// Describe makes a method with nothing decided, with names that collide with nothing.
	Describe func(name string, sig *types.Signature, pos token.Position) *Method
	// EntryName allocates the name of a generated struct, and Generic spells it with the interface's type parameters.
	EntryName func(base string) string
	// FieldName is a name for a field of a generated struct beside those that it has.
	FieldName func(taken []string, base string) string
	Generic   func(*types.Named) types.Type

	Reports   *report.List
	Proposals []*Proposal
	pending   []*report.Diagnostic // questions about what a method does, which wait for what would have to be said with the answer
}

// Store is one of the two stores.
type Store struct {
	Type   types.Type     // as the constructor takes it
	Pkg    *types.Package // where the type is declared; nil for the interface itself
	Pos    token.Position
	Same   bool // it is the interface itself
	Shim   bool // it needs a shim
	Method map[string]*types.Func
}

// Sides name the positions.
var Sides = [2]string{"old", "new"}

// Names are the names of a store's methods.
func (s *Store) Names() []string {
	var names []string
	for selection := range types.NewMethodSet(s.Type).Methods() {
		names = append(names, selection.Obj().Name())
	}
	return names
}

// Signature is the type of a store's method, its receiver's type arguments filled in, or nil.
func (s *Store) Signature(name string) *types.Signature {
	f := s.Method[name]
	if f == nil {
		return nil
	}
	if selection := types.NewMethodSet(s.Type).Lookup(f.Pkg(), name); selection != nil {
		return selection.Type().(*types.Signature)
	}
	return nil
}

// StoreMethods are the methods that both stores have.
func (in *Interface) StoreMethods() []string {
	var names []string
	for _, name := range in.Stores[0].Names() {
		if in.Stores[1].Method[name] != nil {
			names = append(names, name)
		}
	}
	return names
}

// MethodNames are the names of the interface's methods.
func (in *Interface) MethodNames() []string {
	var names []string
	for _, m := range in.Methods {
		names = append(names, m.Name)
	}
	return names
}

// EntityNames are the names of the entities.
func (in *Interface) EntityNames() []string {
	var names []string
	for _, e := range in.Entities {
		names = append(names, e.Name)
	}
	return names
}

// EntityNamed is the entity of that name, or nil.
func (in *Interface) EntityNamed(name string) *Entity {
	for _, e := range in.Entities {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// IsItself reports whether a type is the wrapped interface.
func (in *Interface) IsItself(t types.Type) bool {
	if types.Identical(t, in.Type) {
		return true
	}
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Origin().Obj() == in.Object {
		return true
	}
	iface, ok := t.Underlying().(*types.Interface)
	return ok && iface.NumMethods() > 0 && types.Identical(iface, in.Underlying) // the interface that it names or embeds
}

// Transacts reports whether the interface has a transaction.
func (in *Interface) Transacts() bool {
	for _, m := range in.Methods {
		if m.Callback != nil {
			return true
		}
	}
	return false
}
