package convert

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/plan"
)

// byStruct converts struct to struct by a function of their own, which ends recursive types.
func (p *Planner) byStruct(r request) (plan.Conv, bool) {
	from, ok := r.from.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	to, ok := r.to.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for _, t := range []types.Type{r.from, r.to} {
		if p.opaque(t) && p.accessIn(r, t) == nil {
			return p.refuse(r, p.text(t)+" has no exported fields", p.sayAccess(r, t)+p.sayConvert(r)), true
		}
		if mentionsTypeParam(t) {
			return p.refuse(r, "the fields of a generic type are not known", p.sayConvert(r)), true
		}
	}
	key := "struct " + p.key(r)
	if ref, ok := p.planned[key]; ok {
		return plan.Apply{Func: ref, Note: p.madeNote(r)}, true
	}
	ref := p.function(key, p.structName(r), plan.FuncRef{}, r.from, r.to)
	f := &plan.StructFunc{Ref: ref, From: r.from, To: r.to}
	p.functions = append(p.functions, f)
	p.guard(r.from)
	p.guard(r.to)
	f.Whole = p.wholeStruct(r, from, to)
	pairs := p.sorted(r, p.match(r))
	switch made := p.accessIn(r, r.to); {
	case f.Whole:
	case made == nil || made.literal():
		f.Fields = p.fields(r, pairs)
	default:
		p.assemble(r, f, made, pairs)
	}
	return plan.Apply{Func: ref, Note: p.madeNote(r)}, true
}

// accessIn is how directives have a struct of a request reached; nil where none speaks of it.
func (p *Planner) accessIn(r request, t types.Type) *access {
	if types.Identical(t, r.ours()) {
		return p.accessOf(t, "")
	}
	return p.accessOf(t, r.side())
}

// columnsIn are the columns of a struct of a request.
func (p *Planner) columnsIn(r request, t types.Type, inStore bool) []*column {
	if a := p.accessIn(r, t); a != nil {
		return slices.Clone(a.columns)
	}
	return p.columns(t, inStore)
}

// wholeStruct says whether Go converts one struct to the other and nothing is left to do: no memory to copy, no directive to
// follow.
func (p *Planner) wholeStruct(r request, from, to *types.Struct) bool {
	if !types.IdenticalIgnoreTags(from, to) || p.mutable(r.from) ||
		p.accessIn(r, r.from) != nil || p.accessIn(r, r.to) != nil {
		return false
	}
	matched := p.match(r)
	straight := func(pair pair) bool { return pair.ours.name() == pair.theirs.name() && pair.field.As == "" }
	return len(matched) == from.NumFields() && all2(matched, straight)
}

// sorted brings pairs into the order of the destination's fields.
func (p *Planner) sorted(r request, pairs []pair) []pair {
	destination := columnNames(p.columnsIn(r, r.to, r.at.Direction == ToStore))
	position := func(pair pair) int {
		_, to := pair.ends(r)
		return slices.Index(destination, to.name())
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return position(a) - position(b) })
	return pairs
}

// ends are a pair's columns in the direction of a request.
func (pair pair) ends(r request) (from, to *column) {
	if r.at.Direction == FromStore {
		return pair.theirs, pair.ours
	}
	return pair.ours, pair.theirs
}

// fields plans the conversion of every pair of columns into a literal.
func (p *Planner) fields(r request, pairs []pair) []plan.FieldConv {
	var tree fieldTree
	for _, pair := range pairs {
		_, to := pair.ends(r)
		if leaf, ok := p.fieldConv(r, pair, to.takes()); ok {
			tree.add(to.path, leaf)
		}
	}
	return tree.fields
}

// fieldConv plans the conversion of one pair of columns; false if the source cannot be read, which is reported.
func (p *Planner) fieldConv(r request, pair pair, takes types.Type) (plan.FieldConv, bool) {
	from, _ := pair.ends(r)
	if !from.readable() {
		p.unread(r, from)
		return plan.FieldConv{}, false
	}
	selectors, read, gives := from.reads()
	return plan.FieldConv{
		Source: selectors,
		Conv:   then(read, p.convert(p.fieldRequest(r, pair, gives, takes))),
		Type:   takes,
		Path:   pair.ours.name(),
	}, true
}

func (p *Planner) fieldRequest(r request, pair pair, from, to types.Type) request {
	inner := r.inner(from, to)
	inner.path = nameOr(typeName(r.ours()), r.path) + "." + pair.ours.name()
	inner.field = pair.field
	inner.trail = append(r.trail[:len(r.trail):len(r.trail)], hop{"." + pair.ours.name(), from, to})
	inner.recorded = true
	inner.methods = methodsOf(pair.ends(r))
	base := inner
	inner.base = &base
	return inner
}

// methodsOf says by which methods a value gets from one column to another.
func methodsOf(from, to *column) []string {
	var methods []string
	if from.get != nil {
		methods = append(methods, "read by "+from.get.name)
	}
	switch {
	case to.param != nil:
		methods = append(methods, "taken by the constructor")
	case to.set != nil:
		methods = append(methods, "written by "+to.set.Name)
	}
	return methods
}

func all2(pairs []pair, is func(pair) bool) bool {
	return !slices.ContainsFunc(pairs, func(p pair) bool { return !is(p) })
}

// guard pins the fields of a struct, if the output can spell them all.
func (p *Planner) guard(t types.Type) {
	s := t.Underlying().(*types.Struct)
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || p.guarded[typeKey(t)] || !p.reaches(named.Obj()) {
		return
	}
	var fields []*types.Var
	for field := range s.Fields() {
		if !p.reaches(field) || !p.spellable(field.Type()) {
			return
		}
		fields = append(fields, field)
	}
	p.guarded[typeKey(t)] = true
	p.guards = append(p.guards, plan.Guard{Type: t, Fields: fields})
}

// spellable says whether the output can write a type: all that it names is in reach.
func (p *Planner) spellable(t types.Type) bool {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		obj := t.Obj()
		if obj.Pkg() != nil && (!p.reaches(obj) || obj.Parent() != obj.Pkg().Scope()) {
			return false
		}
		for arg := range t.TypeArgs().Types() {
			if !p.spellable(arg) {
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
	inside := parts(t)
	return inside != nil && !slices.ContainsFunc(inside, func(part types.Type) bool { return !p.spellable(part) })
}
