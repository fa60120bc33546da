package compare

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// comparison is a comparator whose body is planned again at the end, when all losses are known.
type comparison struct {
	f    *plan.DiffFunc
	view view
}

// view is what a comparator is planned for: a method whose directives speak of its results alone, or all of them.
type view struct {
	method string
	extra  *given.Compare // nil for none
	pos    token.Position
}

// subject is a value to be compared, and where it stands.
type subject struct {
	typ   types.Type
	owner string // the struct's type
	field string // "" for a value that is no field
}

// Diff returns the comparator of t, func(a, b t) []dual.Difference, or nil if values of t cannot be compared (functions,
// channels, type parameters of which nothing says when two are equal). What pointers point to is compared.
func (p *Planner) Diff(t types.Type, pos token.Position) (*plan.FuncRef, scanner.ErrorList) {
	return p.diff(t, view{pos: pos})
}

// DiffResult is Diff for the results of one method under that method's own compare directive.
func (p *Planner) DiffResult(method string, t types.Type, own given.Compare) (*plan.FuncRef, scanner.ErrorList) {
	return p.diff(t, view{method: method, extra: &own, pos: own.Pos})
}

func (p *Planner) diff(t types.Type, v view) (*plan.FuncRef, scanner.ErrorList) {
	if p.holdsUnknown(t) {
		return nil, nil
	}
	if _, ok := p.comparing(subject{typ: t, owner: gotype.TypeName(t)}, v); !ok {
		return nil, p.Faults.Take()
	}
	ref := p.finiteDiff(t, v, p.diffFunc(t, v))
	return ref, p.Faults.Take()
}

// diffFunc is the comparator of a type as a generated function.
func (p *Planner) diffFunc(t types.Type, v view) *plan.FuncRef {
	key := fmt.Sprint("diff ", v.method, " ", gotype.TypeKey(t))
	if ref, ok := p.Planned[key]; ok {
		return ref
	}
	f := &plan.DiffFunc{Ref: p.Function(key, "diff"+identifier.UpperFirst(v.method)+p.Word(t), plan.FuncRef{}, t), Type: t}
	p.Functions = append(p.Functions, f)
	p.compared = append(p.compared, &comparison{f, v})
	p.fillDiff(f, v)
	return f.Ref
}

// SettleComparisons plans the bodies of all comparators again, now that every loss is known.
func (p *Planner) SettleComparisons() {
	for i := 0; i < len(p.compared); i++ { // it may grow
		c := p.compared[i]
		p.fillDiff(c.f, c.view)
		if a := p.AccessOf(c.f.Type, ""); a != nil {
			p.ReportHidden(a, func(field string) bool { return p.leftOut(subject{owner: a.Name, field: field}, c.view) }, nil)
		}
	}
}

// fillDiff plans a comparator's body: field by field for a struct that the output can look into.
func (p *Planner) fillDiff(f *plan.DiffFunc, v view) {
	if !p.fieldwise(f.Type) {
		f.Whole, _ = p.comparing(subject{typ: f.Type, owner: gotype.TypeName(f.Type)}, v)
		return
	}
	f.Fields = nil
	owner := gotype.TypeName(f.Type)
	one := p.AccessOf(f.Type, "").OfOne() != nil
	for _, part := range p.readParts(f.Type) {
		part = p.throughOne(part)
		s := subject{typ: part.Type, owner: owner, field: part.Name}
		if p.notCompared(s, v) {
			continue
		}
		if compare, ok := p.comparingPart(part, s, v); ok {
			part.Compare = compare
			if one {
				part.Name = "" // it is the value itself
			}
			f.Fields = append(f.Fields, part)
		}
	}
}

// comparingPart says how a part of a struct is compared; false if it cannot be.
func (p *Planner) comparingPart(part plan.FieldCompare, s subject, v view) (plan.Compare, bool) {
	if part.Got {
		return p.comparingEach("DiffGot", s, part.Type, v)
	}
	return p.comparing(s, v)
}

// fieldwise says whether a type is compared field by field.
func (p *Planner) fieldwise(t types.Type) bool {
	if p.AccessOf(t, "") != nil {
		return !p.saidEqual(t)
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() > 0 && !gotype.IsTime(t) && !p.Opaque(t) && !p.usesEqual(t)
}

func (p *Planner) notCompared(s subject, v view) bool {
	ignore, _ := p.Directives.Compare(s.owner, s.field)
	own := v.extra != nil && slices.Contains(v.extra.Ignore, s.field)
	return ignore || own || p.Lost[s.owner+"."+s.field].Ignored
}

// comparing says how a value is compared; false if it cannot be.
func (p *Planner) comparing(s subject, v view) (plan.Compare, bool) {
	t := s.typ
	lost := p.Lost[s.owner+"."+s.field]
	if elem, ok := gotype.Pointee(t); plan.HoldsLock(t) || ok && plan.HoldsLock(elem) {
		return nil, false // a comparator would have to copy it
	}
	if compare, ok := p.comparingBySaid(s); ok {
		return compare, true
	}
	if gotype.IsHandle(t) {
		p.failHandle(s, v)
		return nil, false
	}
	switch {
	case lost.Json || gotype.IsNamed(t, "encoding/json", "RawMessage"):
		return plan.CompareTest{Func: build.Leaf("SameJSON")}, true
	case gotype.IsTime(t):
		precision := plan.DurationOperand(p.precision(s, v))
		return plan.CompareTest{Func: build.Leaf("SameTime"), Operands: []plan.Operand{precision}}, true
	case gotype.IsDuration(t):
		return p.comparingUnits("SameDuration", p.namedRound(s, v), plan.DurationOperand(p.namedRound(s, v))), true
	case lost.Unit > 0 && gotype.IsInteger(t):
		units := int64(max(p.roundOf(s, v), lost.Coarse) / lost.Unit)
		return p.comparingUnits("SameUnits", time.Duration(units-1), plan.NumberOperand(units)), true
	case p.usesEqual(t):
		return compareByEqual(t), true
	case gotype.HasCmp(t):
		return plan.CompareTest{Func: build.Leaf("SameNumber")}, true
	case gotype.IsFloat(t):
		return plan.CompareTest{Func: build.Leaf("SameFloat")}, true
	case gotype.IsBytes(t):
		return plan.CompareTest{Func: build.Leaf("SameBytes")}, true
	}
	if gotype.IsTypeParam(t) {
		switch info := plan.BasicInfo(t); {
		case info&types.IsFloat != 0:
			return plan.CompareTest{Func: build.Leaf("SameFloat")}, true
		case info != 0:
			return plan.CompareEqual{}, true
		}
		return plan.CompareTest{Func: build.Leaf("SameAny")}, types.Comparable(t) // an interface may take its place: == might panic
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return plan.CompareEqual{}, true
	case *types.Pointer:
		return p.comparingEach("DiffPointers", s, u.Elem(), v)
	case *types.Slice:
		return p.comparingEach(p.sliceHelper(s, v), s, u.Elem(), v)
	case *types.Map:
		return p.comparingEach("DiffMaps", s, u.Elem(), v)
	case *types.Interface:
		return p.comparingInterface(s, u, v)
	case *types.Struct, *types.Array:
		return p.comparingWhole(t, v)
	}
	return nil, false
}

// comparingWhole compares structs by their own comparator, or with == those that it cannot look into, and arrays.
func (p *Planner) comparingWhole(t types.Type, v view) (plan.Compare, bool) {
	if p.fieldwise(t) {
		p.askHidden(t, v)
		return plan.CompareDiff{Func: p.diffFunc(t, v)}, true
	}
	if !types.Comparable(t) {
		p.Faults.Add(v.pos, fmt.Sprintf("cannot compare values of %s: neither == nor a method Equal", p.Text(t)),
			p.SayCompared(t)+fault.Say("compare ignore=FIELD")+", or give the type a method Equal")
		return nil, false
	}
	return plan.CompareEqual{}, true
}

// comparingEach compares what a pointer, slice or map holds. The elements of a field follow the field's directives.
func (p *Planner) comparingEach(helper string, s subject, elem types.Type, v view) (plan.Compare, bool) {
	inner := s
	inner.typ = elem
	if gotype.TypeName(elem) != "" && p.fieldwise(elem) {
		inner.owner, inner.field = gotype.TypeName(elem), ""
	}
	if gotype.Recursive(elem) && clone.HoldsItself(p.Planner, elem) {
		return plan.CompareEach{Func: build.Leaf(helper), Elem: p.diffFunc(elem, v)}, true
	}
	compare, ok := p.comparing(inner, v)
	if !ok {
		return nil, false
	}
	each := plan.CompareEach{Func: build.Leaf(helper)}
	switch compare := compare.(type) {
	case plan.CompareEqual:
		each.Elem, each.ElemType = build.Leaf("DiffSame"), elem
	case plan.CompareDiff:
		each.Elem = compare.Func
		if compare.Func.Package != nil {
			each.ElemType = elem
		}
	default:
		each.Elem = p.elemDiff(inner, compare, v)
	}
	return each, true
}

// elemDiff is the comparator of elements that are no structs, under the directives of the field that holds them.
func (p *Planner) elemDiff(s subject, compare plan.Compare, v view) *plan.FuncRef {
	key := fmt.Sprint("diff element ", v.method, " ", gotype.TypeKey(s.typ), " ", compareKey(compare))
	if ref, ok := p.Planned[key]; ok {
		return ref
	}
	if plain, ok := p.comparing(subject{typ: s.typ, owner: gotype.TypeName(s.typ)}, v); ok && compareKey(plain) == compareKey(compare) {
		return p.diffFunc(s.typ, v)
	}
	f := &plan.DiffFunc{Ref: p.Function(key, "diff"+identifier.UpperFirst(v.method)+p.Word(s.typ), plan.FuncRef{}, s.typ), Type: s.typ, Whole: compare}
	p.Functions = append(p.Functions, f)
	return f.Ref
}

// compareKey tells comparisons of one type apart.
func compareKey(c plan.Compare) string {
	switch c := c.(type) {
	case plan.CompareTest:
		return fmt.Sprint(c.Func.Name, c.Operands)
	case plan.CompareEach:
		return fmt.Sprint(c.Func.Name, " ", c.Elem.Name, " ", c.ElemType)
	case plan.CompareMethod:
		return c.Name
	}
	return ""
}

// finiteDiff is the comparison of values that may hold themselves, as it is called from outside.
func (p *Planner) finiteDiff(t types.Type, v view, ref *plan.FuncRef) *plan.FuncRef {
	key := "diff finite " + v.method + " " + gotype.TypeKey(t)
	if known, ok := p.Planned[key]; ok || !p.MayHoldItself(t) {
		return build.OrElse(known, ref)
	}
	name := "diffFinite" + identifier.UpperFirst(v.method) + p.Word(t)
	f := &plan.DiffFunc{Ref: p.Function(key, name, plan.FuncRef{}, t), Type: t, Whole: plan.CompareDiff{Func: ref}, Finite: true}
	p.Functions = append(p.Functions, f)
	return f.Ref
}
