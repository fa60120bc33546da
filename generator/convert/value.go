package convert

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// byValue converts a struct that a constructor makes of a single value, to and from what holds that value elsewhere: an Email
// made by NewEmail(string) and a string.
func (p *Planner) byValue(r request) (plan.Conv, bool) {
	from, to := p.single(r, r.from), p.single(r, r.to)
	switch {
	case from != nil && to == nil && p.plain(r, r.to):
		read, gives := from.columns[0].value()
		return then(read, p.convert(r.inner(gives, r.to))), true
	case to != nil && from == nil && p.plain(r, r.from):
		return p.makeValue(r, to), true
	}
	return nil, false
}

// single is how a struct of a request is reached that a constructor makes of a single value, which can be read; else nil.
func (p *Planner) single(r request, t types.Type) *access { return p.accessIn(r, t).ofOne() }

// ofOne is the access itself, if it is to a single value.
func (a *access) ofOne() *access {
	if a == nil || a.maker == nil || len(a.maker.parts()) != 1 || len(a.columns) != 1 || !a.columns[0].readable() || a.columns[0].param == nil {
		return nil
	}
	return a
}

// MadeOf is the type of the single value that a constructor makes a struct of the interface's from, and that can be read
// again; nil for any other type.
func (p *Planner) MadeOf(t types.Type) types.Type {
	a := p.accessOf(t, "").ofOne()
	if a == nil {
		return nil
	}
	if _, gives := a.columns[0].value(); !types.Identical(gives, a.columns[0].takes()) {
		return nil
	}
	return a.columns[0].takes()
}

// plain says whether a type is a value, or holds one that may be missing, and no struct with fields.
func (p *Planner) plain(r request, t types.Type) bool {
	if elem, ok := pointee(t); ok {
		return p.plain(r, elem)
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return true
	}
	_, option := optionOf(t)
	_, text := textOf(t)
	return p.accessIn(r, t) == nil && (option || text || isTime(t))
}

// makeValue calls the constructor.
func (p *Planner) makeValue(r request, a *access) plan.Conv {
	return then(p.convert(r.inner(r.from, a.maker.parts()[0].Type())), a.call(p.madeNote(r)))
}

// call makes the struct of its value.
func (a *access) call(note string) plan.Conv {
	call := plan.Apply{Func: a.maker.ref(), Note: note}
	if _, pointer := a.maker.made(); pointer {
		return plan.Chain{call, plan.Apply{Func: tryLeaf("Value"), Note: fmt.Sprintf("%s may return nil", a.maker.Func.Name())}}
	}
	return call
}
