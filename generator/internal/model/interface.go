// Package model is what the stages of deciding share: an interface with its methods, the two stores, what directives say of
// them, and what has been decided so far. A stage reads what earlier stages have left here, and returns what it decides.
package model

import (
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
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
	// Suppose makes the interface with nothing decided, as it would be if these lines stood in its source too. What is reported of it
	// nobody sees. It is nil where nobody needs to know.
	Suppose func(lines []directive.Line) *Interface
	// Describe makes a method with nothing decided, with names that collide with nothing.
	Describe func(name string, sig *types.Signature, pos token.Position) *Method
	// Position is where something stands, of the interface's package or of another.
	Position func(token.Pos) token.Position
	// EntryName allocates the name of a generated struct, and Generic spells it with the interface's type parameters.
	EntryName func(base string) string
	// FieldName is a name for a field of a generated struct beside those that it has.
	FieldName func(taken []string, base string) string

	Reports   *report.List
	Proposals []*Proposal
	together  []*together // questions about several methods at once
	alone     bool        // each method is asked about by itself
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

// StoreMethods are the exported methods that both stores have.
func (in *Interface) StoreMethods() []string {
	var names []string
	for _, name := range in.Stores[0].Names() {
		if in.Stores[1].Method[name] != nil && token.IsExported(name) {
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

// FunctionName is a name for a function of the interface's package that the output can call: an exported one where the output is
// written to another package.
func (in *Interface) FunctionName(base string) string {
	if in.Output != nil && in.Output != in.Package {
		return text.UpperFirst(base)
	}
	return text.LowerFirst(base)
}

// CanCall reports whether the output can call a function of the interface's package.
func (in *Interface) CanCall(f *types.Func) bool {
	return f.Exported() || in.Output == nil || in.Output == f.Pkg()
}

// ReportHidden reports a function that a directive names and that the output cannot call. shown is its declaration under the name that
// it may have.
func (in *Interface) ReportHidden(w text.Word, shown string) {
	in.Reports.Addf(w.Pos, "export it, and name it "+text.UpperFirst(w.Text)+" here: "+shown,
		"the output is written in package %s, which cannot call %s", in.Output.Name(), w.Text)
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
