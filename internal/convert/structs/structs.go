// Package structs plans conversions between structs: which fields belong together, and how a struct is made of its parts.
package structs

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/clone"
	"github.com/dualgen/dualgen/internal/convert/frame"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// structName names the function that converts a struct: for the interface's type, or the field where it has none.
func structName(p *rule.Planner, r rule.Request) string {
	name := gotype.TypeName(r.Ours())
	if name == "" {
		name = r.Path[strings.LastIndexByte(r.Path, '.')+1:]
	}
	return identifier.LowerFirst(name + p.TypeArgs(r.Ours()) + r.Suffix())
}

// Struct converts struct to struct by a function of their own, which ends recursive types.
func Struct(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, ok := r.From.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	to, ok := r.To.Underlying().(*types.Struct)
	if !ok {
		return nil, false
	}
	for _, t := range []types.Type{r.From, r.To} {
		if p.Opaque(t) && p.AccessIn(r, t) == nil {
			return p.Refuse(r, p.Text(t)+" has no exported fields", p.SayAccess(t, r.Prefix(t))+p.SayConvert(r)), true
		}
		if gotype.MentionsTypeParam(t) {
			return p.Refuse(r, "the fields of a generic type are not known", p.SayConvert(r)), true
		}
	}
	key := "struct " + p.Key(r)
	if ref, ok := p.Planned[key]; ok {
		return plan.Apply{Func: ref, Note: madeNote(p, r)}, true
	}
	ref := p.Function(key, structName(p, r), plan.FuncRef{}, r.From, r.To)
	f := &plan.StructFunc{Ref: ref, From: r.From, To: r.To}
	p.Functions = append(p.Functions, f)
	guard(p, r.From)
	guard(p, r.To)
	f.Whole = wholeStruct(p, r, from, to)
	pairs := sorted(p, r, match(p, r))
	switch made := p.AccessIn(r, r.To); {
	case f.Whole:
	case made == nil || made.Literal():
		f.Fields = fields(p, r, pairs)
	default:
		assemble(p, r, f, made, pairs)
	}
	return plan.Apply{Func: ref, Note: madeNote(p, r)}, true
}

// wholeStruct says whether Go converts one struct to the other and nothing is left to do: no memory to copy, no directive to
// follow.
func wholeStruct(p *rule.Planner, r rule.Request, from, to *types.Struct) bool {
	if !types.IdenticalIgnoreTags(from, to) || clone.Mutable(p.Planner, r.From) ||
		p.AccessIn(r, r.From) != nil || p.AccessIn(r, r.To) != nil {
		return false
	}
	matched := match(p, r)
	straight := func(pair pair) bool { return pair.ours.Name() == pair.theirs.Name() && pair.field.As == "" }
	return len(matched) == from.NumFields() && all2(matched, straight)
}

// sorted brings pairs into the order of the destination's fields.
func sorted(p *rule.Planner, r rule.Request, pairs []pair) []pair {
	destination := access.ColumnNames(p.ColumnsIn(r, r.To, r.At.Direction == given.ToStore))
	position := func(pair pair) int {
		_, to := pair.ends(r)
		return slices.Index(destination, to.Name())
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return position(a) - position(b) })
	return pairs
}

// ends are a pair's columns in the direction of a request.
func (pair pair) ends(r rule.Request) (from, to *access.Column) {
	if r.At.Direction == given.FromStore {
		return pair.theirs, pair.ours
	}
	return pair.ours, pair.theirs
}

// fields plans the conversion of every pair of columns into a literal.
func fields(p *rule.Planner, r rule.Request, pairs []pair) []plan.FieldConv {
	var tree fieldTree
	for _, pair := range pairs {
		_, to := pair.ends(r)
		if leaf, ok := fieldConv(p, r, pair, to.Takes()); ok {
			tree.add(to.Path, leaf)
		}
	}
	return tree.fields
}

// fieldConv plans the conversion of one pair of columns; false if the source cannot be read, which is reported.
func fieldConv(p *rule.Planner, r rule.Request, pair pair, takes types.Type) (plan.FieldConv, bool) {
	from, _ := pair.ends(r)
	if !from.Readable() {
		unread(p, r, from)
		return plan.FieldConv{}, false
	}
	selectors, read, gives := from.Reads()
	return plan.FieldConv{
		Source: selectors,
		Conv:   build.Then(read, p.Convert(fieldRequest(p, r, pair, gives, takes))),
		Type:   takes,
		Path:   pair.ours.Name(),
	}, true
}

func fieldRequest(p *rule.Planner, r rule.Request, pair pair, from, to types.Type) rule.Request {
	inner := r.Inner(from, to)
	inner.Path = given.NameOr(gotype.TypeName(r.Ours()), r.Path) + "." + pair.ours.Name()
	inner.Field = pair.field
	inner.Trail = append(r.Trail[:len(r.Trail):len(r.Trail)], frame.Hop{Name: "." + pair.ours.Name(), From: from, To: to})
	inner.Recorded = true
	inner.Methods = methodsOf(pair.ends(r))
	base := inner
	inner.Base = &base
	return inner
}

// methodsOf says by which methods a value gets from one column to another.
func methodsOf(from, to *access.Column) []string {
	var methods []string
	if from.Get != nil {
		methods = append(methods, "read by "+from.Get.Name)
	}
	switch {
	case to.Param != nil:
		methods = append(methods, "taken by the constructor")
	case to.Set != nil:
		methods = append(methods, "written by "+to.Set.Name)
	}
	return methods
}

func all2(pairs []pair, is func(pair) bool) bool {
	return !slices.ContainsFunc(pairs, func(p pair) bool { return !is(p) })
}

// guard pins the fields of a struct, if the output can spell them all.
func guard(p *rule.Planner, t types.Type) {
	s := t.Underlying().(*types.Struct)
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || p.Guarded[gotype.TypeKey(t)] || !p.Reaches(named.Obj()) {
		return
	}
	var fields []*types.Var
	for field := range s.Fields() {
		if !p.Reaches(field) || !p.Spellable(field.Type()) {
			return
		}
		fields = append(fields, field)
	}
	p.Guarded[gotype.TypeKey(t)] = true
	p.Guards = append(p.Guards, plan.Guard{Type: t, Fields: fields})
}
