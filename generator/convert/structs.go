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
		if p.opaque(t) {
			return p.refuse(r, p.text(t)+" has no exported fields", p.sayConvert(r)), true
		}
		if mentionsTypeParam(t) {
			return p.refuse(r, "the fields of a generic type are not known", p.sayConvert(r)), true
		}
	}
	key := "struct " + p.key(r)
	if ref, ok := p.planned[key]; ok {
		return plan.Apply{Func: ref}, true
	}
	ref := p.function(key, p.structName(r), plan.FuncRef{}, r.from, r.to)
	f := &plan.StructFunc{Ref: ref, From: r.from, To: r.to}
	p.functions = append(p.functions, f)
	p.guard(r.from)
	p.guard(r.to)
	f.Whole = p.wholeStruct(r, from, to)
	fields := p.fields(r)
	if !f.Whole {
		f.Fields = fields
	}
	return plan.Apply{Func: ref}, true
}

// wholeStruct says whether Go converts one struct to the other and nothing is left to do: no memory to copy, no time to
// truncate, no directive to follow.
func (p *Planner) wholeStruct(r request, from, to *types.Struct) bool {
	if !types.IdenticalIgnoreTags(from, to) || p.mutable(r.from) || p.holdsTime(r.from) {
		return false
	}
	matched := p.match(r)
	straight := func(pair pair) bool { return pair.ours.name() == pair.theirs.name() && pair.field.As == "" }
	return len(matched) == from.NumFields() && all2(matched, straight)
}

// fields plans the conversion of every pair of columns, in the order of the destination's fields.
func (p *Planner) fields(r request) []plan.FieldConv {
	pairs := p.match(r)
	destination := p.columns(r.to, r.at.Direction == ToStore)
	position := func(pair pair) int {
		to := pair.theirs
		if r.at.Direction == FromStore {
			to = pair.ours
		}
		return slices.IndexFunc(destination, func(c *column) bool { return c.field() == to.field() })
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return position(a) - position(b) })
	var tree fieldTree
	for _, pair := range pairs {
		from, to := pair.ours, pair.theirs
		if r.at.Direction == FromStore {
			from, to = to, from
		}
		tree.add(to.path, plan.FieldConv{
			Source: selectors(from),
			Conv:   p.convert(p.fieldRequest(r, pair, from.field().Type(), to.field().Type())),
			Type:   to.field().Type(),
			Path:   pair.ours.name(),
		})
	}
	return tree.fields
}

func (p *Planner) fieldRequest(r request, pair pair, from, to types.Type) request {
	inner := r.inner(from, to)
	inner.path = nameOr(typeName(r.ours()), r.path) + "." + pair.ours.name()
	inner.field = pair.field
	inner.trail = append(r.trail[:len(r.trail):len(r.trail)], hop{"." + pair.ours.name(), from, to})
	inner.recorded = true
	return inner
}

func selectors(c *column) []string {
	names := make([]string, len(c.path))
	for i, field := range c.path {
		names[i] = field.Name()
	}
	return names
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
