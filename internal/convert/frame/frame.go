// Package frame holds what all parts of the conversion planner share.
package frame

import (
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/plan"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/dualgen/dualgen/internal/convert/gotype"
)

// Frame is what planning the values of one repository shares: where the output stands, what directives say, what was reported, and
// the functions planned so far.
type Frame struct {
	Pkg        *types.Package           // of the output
	Name       func(base string) string // allocates an identifier of the output
	Keeps      [2]time.Duration         // the unit in which each store keeps timestamps
	Directives *given.Directives
	Faults     *fault.List
	Named      func(...types.Type) (name, where string) // see given.Options; nil for F, beside the interface
	Interface  token.Position                           // above which directives stand
	Functions  []plan.Function                          // in the order in which the first caller asked for them
	Planned    map[string]*plan.FuncRef                 // by what the function does
	Lost       map[string]Loss                          // by "Type.Field" of the interface's side
}

// New returns a Frame, and reports construct directives that name no constructor.
func New(options given.Options) *Frame {
	f := &Frame{
		Pkg: options.Package, Name: options.Name, Keeps: options.Precision, Named: options.Function, Interface: options.Interface,
		Directives: given.NewDirectives(options), Faults: fault.New(),
		Planned: map[string]*plan.FuncRef{}, Lost: map[string]Loss{},
	}
	f.Directives.CheckMakers(f.Faults)
	return f
}

// UserFunction is how a directive names a function of the user's over values of some types, and where that is declared.
func (p *Frame) UserFunction(all ...types.Type) (name, where string) {
	if p.Named == nil {
		return "F", ""
	}
	return p.Named(all...)
}

// Reaches says whether the output can name obj.
func (p *Frame) Reaches(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() == nil || p.Local(obj)
}

// Local says whether obj belongs to the output's package.
func (p *Frame) Local(obj types.Object) bool {
	return p.Pkg != nil && obj.Pkg() != nil && obj.Pkg().Path() == p.Pkg.Path()
}

// Text writes a type for people: packages by their names, the output's own without.
func (p *Frame) Text(t types.Type) string {
	return types.TypeString(t, func(pkg *types.Package) string {
		if p.Pkg != nil && pkg.Path() == p.Pkg.Path() {
			return ""
		}
		return pkg.Name()
	})
}

// Spellable says whether the output can write a type: all that it names is in reach.
func (p *Frame) Spellable(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() != nil && (!p.Reaches(obj) || obj.Parent() != obj.Pkg().Scope()) {
			return false
		}
		for arg := range t.TypeArgs().Types() {
			if !p.Spellable(arg) {
				return false
			}
		}
		return true
	case *types.Struct:
		return t.NumFields() == 0
	case *types.Interface:
		return t.Empty()
	case *types.Basic:
		return true
	}
	inside := gotype.Parts(t)
	return inside != nil && !slices.ContainsFunc(inside, func(part types.Type) bool { return !p.Spellable(part) })
}

// Opaque says whether t is a struct none of whose fields the output can reach, though it has some.
func (p *Frame) Opaque(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || s.NumFields() == 0 {
		return false
	}
	for field := range s.Fields() {
		if p.Reaches(field) {
			return false
		}
	}
	return true
}
