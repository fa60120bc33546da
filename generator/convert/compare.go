package convert

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"time"

	"github.com/dualgen/dualgen/generator/plan"
)

// loss is what the conversions of one field do not keep, so that comparators do not report it.
type loss struct {
	round   time.Duration // times are truncated to it
	set     bool          // order and repeated elements
	json    bool          // the spelling of JSON
	ignored bool          // one of the stores does not have the field
}

// lose notes what the conversion of a request does not keep.
func (p *Planner) lose(r request, l loss) {
	known := p.lost[r.path]
	p.lost[r.path] = loss{
		round: max(known.round, l.round), set: known.set || l.set, json: known.json || l.json, ignored: known.ignored || l.ignored,
	}
}

// comparison is a comparator whose body is planned again at the end, when all losses are known.
type comparison struct {
	f    *plan.DiffFunc
	view view
}

// view is what a comparator is planned for: a method whose directives speak of its results alone, or all of them.
type view struct {
	method string
	extra  *Compare // nil for none
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
func (p *Planner) DiffResult(method string, t types.Type, own Compare) (*plan.FuncRef, scanner.ErrorList) {
	return p.diff(t, view{method: method, extra: &own, pos: own.Pos})
}

func (p *Planner) diff(t types.Type, v view) (*plan.FuncRef, scanner.ErrorList) {
	if p.holdsUnknown(t) {
		return nil, nil
	}
	if _, ok := p.comparing(subject{typ: t, owner: typeName(t)}, v); !ok {
		return nil, p.faults.take()
	}
	ref := p.finiteDiff(t, v, p.diffFunc(t, v))
	return ref, p.faults.take()
}

// diffFunc is the comparator of a type as a generated function.
func (p *Planner) diffFunc(t types.Type, v view) *plan.FuncRef {
	key := fmt.Sprint("diff ", v.method, " ", typeKey(t))
	if ref, ok := p.planned[key]; ok {
		return ref
	}
	f := &plan.DiffFunc{Ref: p.function(key, "diff"+upperFirst(v.method)+p.word(t), plan.FuncRef{}, t), Type: t}
	p.functions = append(p.functions, f)
	p.compared = append(p.compared, &comparison{f, v})
	p.fillDiff(f, v)
	return f.Ref
}

// settleComparisons plans the bodies of all comparators again, now that every loss is known.
func (p *Planner) settleComparisons() {
	for i := 0; i < len(p.compared); i++ { // it may grow
		c := p.compared[i]
		p.fillDiff(c.f, c.view)
		if a := p.accessOf(c.f.Type, ""); a != nil {
			p.reportHidden(a, func(field string) bool { return p.leftOut(subject{owner: a.name, field: field}, c.view) }, nil)
		}
	}
}

// fillDiff plans a comparator's body: field by field for a struct that the output can look into.
func (p *Planner) fillDiff(f *plan.DiffFunc, v view) {
	if !p.fieldwise(f.Type) {
		f.Whole, _ = p.comparing(subject{typ: f.Type, owner: typeName(f.Type)}, v)
		return
	}
	f.Fields = nil
	owner := typeName(f.Type)
	one := p.accessOf(f.Type, "").ofOne() != nil
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
	if p.accessOf(t, "") != nil {
		return !p.saidEqual(t)
	}
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() > 0 && !isTime(t) && !p.opaque(t) && !p.usesEqual(t)
}

func (p *Planner) notCompared(s subject, v view) bool {
	ignore, _, _ := p.directives.compare(s.owner, s.field)
	own := v.extra != nil && slices.Contains(v.extra.Ignore, s.field)
	return ignore || own || p.lost[s.owner+"."+s.field].ignored
}

// comparing says how a value is compared; false if it cannot be.
func (p *Planner) comparing(s subject, v view) (plan.Compare, bool) {
	t := s.typ
	lost := p.lost[s.owner+"."+s.field]
	if elem, ok := pointee(t); plan.HoldsLock(t) || ok && plan.HoldsLock(elem) {
		return nil, false // a comparator would have to copy it
	}
	if compare, ok := p.comparingBySaid(s); ok {
		return compare, true
	}
	if isHandle(t) {
		p.failHandle(s, v)
		return nil, false
	}
	switch {
	case lost.json || isNamed(t, "encoding/json", "RawMessage"):
		return plan.CompareTest{Func: leaf("SameJSON")}, true
	case isTime(t):
		precision := plan.DurationOperand(p.precision(s, v))
		return plan.CompareTest{Func: leaf("SameTime"), Operands: []plan.Operand{precision}}, true
	case p.usesEqual(t):
		return compareByEqual(t), true
	case hasCmp(t):
		return plan.CompareTest{Func: leaf("SameNumber")}, true
	case isFloat(t):
		return plan.CompareTest{Func: leaf("SameFloat")}, true
	case isBytes(t):
		return plan.CompareTest{Func: leaf("SameBytes")}, true
	}
	if isTypeParam(t) {
		switch info := plan.BasicInfo(t); {
		case info&types.IsFloat != 0:
			return plan.CompareTest{Func: leaf("SameFloat")}, true
		case info != 0:
			return plan.CompareEqual{}, true
		}
		return plan.CompareTest{Func: leaf("SameAny")}, types.Comparable(t) // an interface may take its place: == might panic
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
		p.fail(v.pos, fmt.Sprintf("cannot compare values of %s: neither == nor a method Equal", p.text(t)),
			p.sayCompared(t)+say("compare ignore=FIELD")+", or give the type a method Equal")
		return nil, false
	}
	return plan.CompareEqual{}, true
}

// comparingEach compares what a pointer, slice or map holds. The elements of a field follow the field's directives.
func (p *Planner) comparingEach(helper string, s subject, elem types.Type, v view) (plan.Compare, bool) {
	inner := s
	inner.typ = elem
	if typeName(elem) != "" && p.fieldwise(elem) {
		inner.owner, inner.field = typeName(elem), ""
	}
	if recursive(elem) && p.holdsItself(elem) {
		return plan.CompareEach{Func: leaf(helper), Elem: p.diffFunc(elem, v)}, true
	}
	compare, ok := p.comparing(inner, v)
	if !ok {
		return nil, false
	}
	each := plan.CompareEach{Func: leaf(helper)}
	switch compare := compare.(type) {
	case plan.CompareEqual:
		each.Elem, each.ElemType = leaf("DiffSame"), elem
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
	key := fmt.Sprint("diff element ", v.method, " ", typeKey(s.typ), " ", compareKey(compare))
	if ref, ok := p.planned[key]; ok {
		return ref
	}
	if plain, ok := p.comparing(subject{typ: s.typ, owner: typeName(s.typ)}, v); ok && compareKey(plain) == compareKey(compare) {
		return p.diffFunc(s.typ, v)
	}
	f := &plan.DiffFunc{Ref: p.function(key, "diff"+upperFirst(v.method)+p.word(s.typ), plan.FuncRef{}, s.typ), Type: s.typ, Whole: compare}
	p.functions = append(p.functions, f)
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

// sliceHelper compares slices in order, unless a directive or a conversion to a set says otherwise.
func (p *Planner) sliceHelper(s subject, v view) string {
	_, unordered, _ := p.directives.compare(s.owner, s.field)
	switch {
	case p.lost[s.owner+"."+s.field].set:
		return "DiffSets"
	case unordered, v.extra != nil && slices.Contains(v.extra.Unordered, s.field):
		return "DiffUnordered"
	default:
		return "DiffSlices"
	}
}

// precision is the coarsest unit in which a time comes back.
func (p *Planner) precision(s subject, v view) time.Duration {
	_, _, round := p.directives.compare(s.owner, s.field)
	if v.extra != nil {
		round = max(round, v.extra.Round[s.field], v.extra.Round[""])
	}
	return max(round, p.lost[s.owner+"."+s.field].round, p.options.Precision[0], p.options.Precision[1])
}
