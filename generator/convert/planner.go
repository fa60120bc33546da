package convert

import (
	"go/scanner"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// Planner plans the conversions, comparators, clones and key codecs of one repository. It is not safe for concurrent use.
type Planner struct{}

// New returns a Planner.
func New(options Options) *Planner { return &Planner{} }

// Value plans the conversion of one value. The error list, empty if all is well, holds every fault found on the way,
// positioned at at.Pos or at the fields concerned; the Conv is then of no use. A fault inside a struct that several values
// share is reported once.
func (p *Planner) Value(from, to types.Type, at At) (plan.Conv, scanner.ErrorList) {
	return plan.Same{}, nil
}

// Diff returns the comparator of t, func(a, b t) []dual.Difference, or nil if values of t cannot be compared (functions,
// channels). The struct behind a pointer is compared, for entities and results alike.
func (p *Planner) Diff(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	return nil, nil
}

// Clone returns the function that deep-copies a t, or nil if nothing in it is mutable.
func (p *Planner) Clone(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	return nil, nil
}

// Key plans the key codec of an entity.
func (p *Planner) Key(entity string, parts []Part, pos token.Position) (Key, scanner.ErrorList) {
	return Key{}, nil
}

// Functions returns every function that was planned, in the order in which the first caller asked for it. It settles which
// can fail and which take a context: call it when all else is planned, before the plan is printed.
func (p *Planner) Functions() []plan.Function { return nil }

// Guards pins the fields of every struct that a conversion reads or fills.
func (p *Planner) Guards() []plan.Guard { return nil }

// Conversions lists each conversion and what it may lose, for explain.
func (p *Planner) Conversions() []plan.Conversion { return nil }

// Unused reports the directives that matched nothing. Call it last.
func (p *Planner) Unused() scanner.ErrorList { return nil }
