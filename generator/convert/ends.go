package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// mayHoldItself says whether a value of t may hold itself: whether a type occurs in it that occurs in itself. What goes down such
// a value is called by a function that looks first whether it ends.
func (p *Planner) mayHoldItself(t types.Type) bool {
	w := cycleWalk{p: p, inside: map[types.Type]bool{}}
	return w.finds(t)
}

// cycleWalk looks for a defined type on the way from itself to itself.
type cycleWalk struct {
	p      *Planner
	inside map[types.Type]bool // by type: on the way to it; false once it was left
}

func (w *cycleWalk) finds(t types.Type) bool {
	t = types.Unalias(t)
	if isTime(t) || isTypeParam(t) || plan.HoldsLock(t) {
		return false
	}
	named := typeName(t) != ""
	if named {
		if inside, seen := w.inside[t]; seen {
			return inside
		}
		w.inside[t] = true
		defer func() { w.inside[t] = false }()
	}
	if s, ok := t.Underlying().(*types.Struct); ok {
		for field := range s.Fields() {
			if w.p.reaches(field) && w.finds(field.Type()) {
				return true
			}
		}
		return false
	}
	for _, part := range parts(t) {
		if w.finds(part) {
			return true
		}
	}
	return false
}

// finite has a conversion look first whether the value ends.
func (p *Planner) finite(from types.Type, conv plan.Conv) plan.Conv {
	if _, same := conv.(plan.Same); same || !p.mayHoldItself(from) {
		return conv
	}
	return then(plan.Apply{Func: tryLeaf("Ends"), Note: "a value that holds itself is an error"}, conv)
}

// finiteClone is the copy of a value that may hold itself, as it is called from outside.
func (p *Planner) finiteClone(t types.Type, ref *plan.FuncRef) *plan.FuncRef {
	key := "clone finite " + typeKey(t)
	if known, ok := p.planned[key]; ok || !p.mayHoldItself(t) {
		return orElse(known, ref)
	}
	f := &plan.CloneFunc{Ref: p.function(key, "cloneFinite"+p.word(t), plan.FuncRef{}, t), Type: t, Whole: plan.Apply{Func: ref}, Finite: true}
	p.functions = append(p.functions, f)
	return f.Ref
}

// finiteDiff is the comparison of values that may hold themselves, as it is called from outside.
func (p *Planner) finiteDiff(t types.Type, v view, ref *plan.FuncRef) *plan.FuncRef {
	key := "diff finite " + v.method + " " + typeKey(t)
	if known, ok := p.planned[key]; ok || !p.mayHoldItself(t) {
		return orElse(known, ref)
	}
	name := "diffFinite" + upperFirst(v.method) + p.word(t)
	f := &plan.DiffFunc{Ref: p.function(key, name, plan.FuncRef{}, t), Type: t, Whole: plan.CompareDiff{Func: ref}, Finite: true}
	p.functions = append(p.functions, f)
	return f.Ref
}

func orElse(ref, otherwise *plan.FuncRef) *plan.FuncRef {
	if ref == nil {
		return otherwise
	}
	return ref
}
