package compare

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/plan"
)

// comparingBySaid compares a value as a directive says: by its method Equal, or by a function.
func (p *Planner) comparingBySaid(s subject) (plan.Compare, bool) {
	e, ok := p.Directives.Equality(s.typ, gotype.TypeName(s.typ), s.field, s.owner+"."+s.field)
	switch {
	case !ok:
		return nil, false
	case e.Func == nil:
		return compareByEqual(s.typ), true
	}
	return plan.CompareTest{Func: &plan.FuncRef{Name: e.Func.Name(), Package: e.Func.Pkg()}}, true
}

// compareByEqual calls a type's method Equal, for an interface only if there is something behind it.
func compareByEqual(t types.Type) plan.Compare {
	if types.IsInterface(t) && !gotype.IsTypeParam(t) {
		return plan.CompareTest{Func: build.Leaf("SameEqual")}
	}
	return plan.CompareMethod{Name: "Equal"}
}

// saidEqual reports whether a directive has a type compared by its method Equal, or by a function.
func (p *Planner) saidEqual(t types.Type) bool {
	_, ok := p.Directives.Equality(t, gotype.TypeName(t))
	return ok
}

// usesEqual reports whether values of a type are compared by their method Equal. Very often such a method compares identities,
// so it counts only where a directive says so, where nothing else is in reach (a time, a decimal, an interface, a type
// parameter), and for types whose method is known.
func (p *Planner) usesEqual(t types.Type) bool {
	switch {
	case p.saidEqual(t):
		return true
	case !gotype.HasEqual(t) || p.Directives.Fieldwise(gotype.TypeName(t)) || p.AccessOf(t, "") != nil:
		return false
	}
	return gotype.IsTypeParam(t) || types.IsInterface(t) || gotype.IsOneOf(t, gotype.Addresses) || p.Opaque(t)
}

// askHidden asks how a struct is compared that has a method Equal, and fields that only Equal can reach: whether the others are
// enough is not known, and neither is what Equal compares.
func (p *Planner) askHidden(t types.Type, v view) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || !gotype.HasEqual(t) || p.AccessOf(t, "") != nil || p.Directives.Fieldwise(gotype.TypeName(t)) {
		return
	}
	for field := range s.Fields() {
		if field.Name() == "_" || p.Reaches(field) {
			continue
		}
		name := gotype.TypeName(t)
		p.Faults.Add(v.pos, fmt.Sprintf("cannot tell how to compare values of %s: it has a method Equal, and its field %s is out of reach", p.Text(t), field.Name()),
			fault.Say("compare equal=%s, if Equal compares all that is stored, or //dualgen:compare fields=%s, if the fields in reach are all that is stored", name, name))
		return
	}
}

// Unknown reports whether t is an interface, or holds values of one, of which nothing says when two are equal. A read that
// returns it can do without a comparison; an entity cannot.
func (p *Planner) Unknown(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return !u.Empty() && !gotype.IsTypeParam(t) && !gotype.IsError(t) && !p.usesEqual(t) && !p.Directives.Fieldwise(gotype.TypeName(t))
	case *types.Map:
		return p.Unknown(u.Elem())
	case *types.Pointer:
		return p.Unknown(u.Elem())
	case *types.Slice:
		return p.Unknown(u.Elem())
	}
	return false
}

// comparingInterface compares what lies behind an interface: by the interface's Equal (see usesEqual), in depth for the empty
// interface, and by a directive for others, of which only the user knows when two are equal.
func (p *Planner) comparingInterface(s subject, u *types.Interface, v view) (plan.Compare, bool) {
	if !p.Unknown(s.typ) {
		return plan.CompareDiff{Func: build.Leaf("DiffAny")}, true
	}
	if name := gotype.TypeName(s.typ); name != "" { // one answer is for all values of the type
		if p.unknown[p.Text(s.typ)] {
			return nil, false
		}
		p.unknown[p.Text(s.typ)] = true
	}
	name := given.NameOr(gotype.TypeName(s.typ), s.field)
	function, where := p.UserFunction(s.typ)
	ways := fault.Say("compare equal=%s:%s, with func F(a, b %s) bool%s", name, function, p.Text(s.typ), where)
	if gotype.TypeName(s.typ) != "" {
		ways += fmt.Sprintf(", or //dualgen:compare fields=%s to compare all that lies behind it", name)
	}
	if s.field != "" {
		ways += ", or //dualgen:compare ignore=" + s.field
	}
	p.Faults.Add(v.pos, fmt.Sprintf("cannot tell when two values of %s are equal: %s is an interface, and what lies behind it may be made anew on each read",
		s.where(p), p.Text(s.typ)), ways)
	return nil, false
}

// where names a value that is compared: a field, or the type of what is no field.
func (s subject) where(p *Planner) string {
	if s.field != "" {
		return s.owner + "." + s.field
	}
	return p.Text(s.typ)
}

// failHandle reports that an entity holds what cannot be compared.
func (p *Planner) failHandle(s subject, v view) {
	field := given.NameOr(s.field, "FIELD")
	p.Faults.Add(v.pos, fmt.Sprintf("cannot compare %s of type %s, which must be closed or can be read only once", s.where(p), p.Text(s.typ)),
		fault.Say("compare ignore=%s", field))
}
