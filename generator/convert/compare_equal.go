package convert

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// equality is what compare directives say of a type or a field of one of these names: the first that takes a value of type t.
func (d *directives) equality(t types.Type, names ...string) (*Equality, bool) {
	for i := range d.options.Compares {
		for j := range d.options.Compares[i].Equal {
			e := &d.options.Compares[i].Equal[j]
			if e.Name == "" || !slices.Contains(names, e.Name) || !e.takes(t) {
				continue
			}
			d.used[e] = true
			return e, true
		}
	}
	return nil, false
}

// takes reports whether values of a type can be compared so.
func (e *Equality) takes(t types.Type) bool {
	if e.Func == nil {
		return hasEqual(t)
	}
	return isEqualFunc(e.Func) && types.Identical(e.Func.Signature().Params().At(0).Type(), t)
}

// isEqualFunc reports whether f is a func(a, b T) bool.
func isEqualFunc(f *types.Func) bool {
	sig := f.Signature()
	params, results := sig.Params(), sig.Results()
	return params.Len() == 2 && results.Len() == 1 && !sig.Variadic() && sig.TypeParams().Len() == 0 &&
		types.Identical(params.At(0).Type(), params.At(1).Type()) && types.Identical(results.At(0).Type(), types.Typ[types.Bool])
}

// fieldwise reports whether a compare directive has a type compared field by field.
func (d *directives) fieldwise(typeName string) bool {
	for i := range d.options.Compares {
		c := &d.options.Compares[i]
		if typeName != "" && slices.Contains(c.Fields, typeName) {
			d.used[fieldsOf{c, typeName}] = true
			return true
		}
	}
	return false
}

// fieldsOf is one type that a compare directive names by fields=.
type fieldsOf struct {
	compare  *Compare
	typeName string
}

// comparingBySaid compares a value as a directive says: by its method Equal, or by a function.
func (p *Planner) comparingBySaid(s subject) (plan.Compare, bool) {
	e, ok := p.directives.equality(s.typ, typeName(s.typ), s.field, s.owner+"."+s.field)
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
	if types.IsInterface(t) && !isTypeParam(t) {
		return plan.CompareTest{Func: leaf("SameEqual")}
	}
	return plan.CompareMethod{Name: "Equal"}
}

// saidEqual reports whether a directive has a type compared by its method Equal, or by a function.
func (p *Planner) saidEqual(t types.Type) bool {
	_, ok := p.directives.equality(t, typeName(t))
	return ok
}

// usesEqual reports whether values of a type are compared by their method Equal. Very often such a method compares identities,
// so it counts only where a directive says so, where nothing else is in reach (a time, a decimal, an interface, a type
// parameter), and for types whose method is known.
func (p *Planner) usesEqual(t types.Type) bool {
	switch {
	case p.saidEqual(t):
		return true
	case !hasEqual(t) || p.directives.fieldwise(typeName(t)) || p.accessOf(t, "") != nil:
		return false
	}
	return isTypeParam(t) || types.IsInterface(t) || isOneOf(t, addresses) || p.opaque(t)
}

// askHidden asks how a struct is compared that has a method Equal, and fields that only Equal can reach: whether the others are
// enough is not known, and neither is what Equal compares.
func (p *Planner) askHidden(t types.Type, v view) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok || !hasEqual(t) || p.accessOf(t, "") != nil || p.directives.fieldwise(typeName(t)) {
		return
	}
	for field := range s.Fields() {
		if field.Name() == "_" || p.reaches(field) {
			continue
		}
		name := typeName(t)
		p.fail(v.pos, fmt.Sprintf("cannot tell how to compare values of %s: it has a method Equal, and its field %s is out of reach", p.text(t), field.Name()),
			say("compare equal=%s, if Equal compares all that is stored, or //dualgen:compare fields=%s, if the fields in reach are all that is stored", name, name))
		return
	}
}

// Unknown reports whether t is an interface, or holds values of one, of which nothing says when two are equal. A read that
// returns it can do without a comparison; an entity cannot.
func (p *Planner) Unknown(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Interface:
		return !u.Empty() && !isTypeParam(t) && !isError(t) && !p.usesEqual(t) && !p.directives.fieldwise(typeName(t))
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
		return plan.CompareDiff{Func: leaf("DiffAny")}, true
	}
	name := nameOr(typeName(s.typ), s.field)
	ways := say("compare equal=%s:F, with func F(a, b %s) bool", name, p.text(s.typ))
	if typeName(s.typ) != "" {
		ways += fmt.Sprintf(", or //dualgen:compare fields=%s to compare all that lies behind it", name)
	}
	if s.field != "" {
		ways += ", or //dualgen:compare ignore=" + s.field
	}
	p.fail(v.pos, fmt.Sprintf("cannot tell when two values of %s are equal: %s is an interface, and what lies behind it may be made anew on each read",
		s.where(p), p.text(s.typ)), ways)
	return nil, false
}

// where names a value that is compared: a field, or the type of what is no field.
func (s subject) where(p *Planner) string {
	if s.field != "" {
		return s.owner + "." + s.field
	}
	return p.text(s.typ)
}

// failHandle reports that an entity holds what cannot be compared.
func (p *Planner) failHandle(s subject, v view) {
	field := nameOr(s.field, "FIELD")
	p.fail(v.pos, fmt.Sprintf("cannot compare %s of type %s, which must be closed or can be read only once", s.where(p), p.text(s.typ)),
		say("compare ignore=%s", field))
}

// hasEqual says whether t has a method Equal(t) bool.
func hasEqual(t types.Type) bool {
	if _, pointer := pointee(t); pointer {
		return false // nil has none
	}
	return hasBinary(t, "Equal", types.Bool)
}

// hasCmp says whether t is a pointer with a method Cmp(t) int.
func hasCmp(t types.Type) bool {
	_, pointer := pointee(t)
	return pointer && hasBinary(t, "Cmp", types.Int)
}

func hasBinary(t types.Type, name string, result types.BasicKind) bool {
	f := method(t, name)
	if f == nil {
		return false
	}
	params, results := f.Signature().Params(), f.Signature().Results()
	return params.Len() == 1 && results.Len() == 1 &&
		types.Identical(params.At(0).Type(), t) && types.Identical(results.At(0).Type(), types.Typ[result])
}
