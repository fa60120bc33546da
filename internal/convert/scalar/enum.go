package scalar

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
)

// members are the constants of an enum: a defined basic type with at least two constants of its own in its package, as far
// as the output can name them, one for each value, in the order of their declaration.
func members(p *rule.Planner, t types.Type) []*types.Const {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || gotype.IsOneOf(t, gotype.NotEnums) {
		return nil
	}
	if _, ok := named.Underlying().(*types.Basic); !ok {
		return nil
	}
	var found []*types.Const
	seen := map[string]bool{}
	for _, c := range constants(named.Obj().Pkg()) {
		value := c.Val().ExactString()
		if types.Identical(c.Type(), t) && p.Reaches(c) && !seen[value] {
			seen[value] = true
			found = append(found, c)
		}
	}
	if len(found) < 2 {
		return nil
	}
	return found
}

// constants lists a package's constants in the order of their declaration.
func constants(pkg *types.Package) []*types.Const {
	var all []*types.Const
	for _, name := range pkg.Scope().Names() {
		if c, ok := pkg.Scope().Lookup(name).(*types.Const); ok {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b *types.Const) int { return int(a.Pos()) - int(b.Pos()) })
	return all
}

// Enum converts from and to enums. Between an enum and a plain value, and between enums of the same values, any value passes as it
// is: a row that a store has always returned must not fail a read because its value is none of today's constants. Where a directive
// says enum=value, or enum=name of constants that have other values here, a value that is no constant is an error. The same directive binds
// no store that needs no names: a read of the primary must not fail through what the mirror needs.
func Enum(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	if gotype.BasicInfo(r.From) == 0 || gotype.BasicInfo(r.To) == 0 || r.Field.Enum == "open" {
		return nil, false
	}
	from, to := members(p, r.From), members(p, r.To)
	kinds := types.Identical(r.From.Underlying(), r.To.Underlying())
	switch {
	case from != nil && to != nil:
		return enums(p, r, from, to, kinds), true
	case from == nil && to == nil || !kinds && (!gotype.IsInteger(r.From) || !gotype.IsInteger(r.To)):
		return nil, false
	case r.Field.Enum == "" || r.Field.Enum == "name": // a plain value has no names: they are the other store's
		return openEnum(p, r, kinds), true
	case to != nil:
		return closedEnum(p, r, to, kinds), true
	}
	return enumOut(p, r, from, kinds)
}

// openNote says that a value need not be a constant.
const openNote = "a value that is no constant passes as it is"

// openEnum hands over any value that the other type holds.
func openEnum(p *rule.Planner, r rule.Request, kinds bool) plan.Conv {
	if kinds {
		return plan.Lossy{Conv: plan.Cast{To: r.To}, Note: openNote}
	}
	conv, _ := Number(p, r)
	return plan.Lossy{Conv: conv, Note: openNote}
}

// closedEnum converts a plain value to an enum, if it is one of the constants.
func closedEnum(p *rule.Planner, r rule.Request, to []*types.Const, kinds bool) plan.Conv {
	if kinds {
		return enumFunc(p, r, r.From, nil, to)
	}
	basic := r.To.Underlying()
	conv, _ := Number(p, r.Inner(r.From, basic))
	return build.Then(conv, enumFunc(p, r, basic, nil, to))
}

// enumOut converts an enum of the interface's to a plain value that is written: what a read would refuse is not stored.
func enumOut(p *rule.Planner, r rule.Request, members []*types.Const, kinds bool) (plan.Conv, bool) {
	if r.At.Direction == given.FromStore || r.At.Reads {
		return nil, false
	}
	var plain plan.Conv = plan.Cast{To: r.To}
	if !kinds {
		plain, _ = Number(p, r)
	}
	known := r
	known.To = r.From
	return build.Then(enumFunc(p, known, r.From, nil, members), plain), true
}

// enums pairs the constants of two enums: by their names if all find their counterpart, else by their values.
func enums(p *rule.Planner, r rule.Request, from, to []*types.Const, kinds bool) plan.Conv {
	byName, namesLeft := pairConstants(from, to, strippedNames(from), strippedNames(to))
	byValue, valuesLeft := pairConstants(from, to, values(from), values(to))
	named, valued := len(namesLeft) == 0, kinds && len(valuesLeft) == 0
	switch {
	case r.Field.Enum == "name" && named && valued && sameValues(byName): // the other store's names are told apart: here they are values
		return openEnum(p, r, kinds)
	case r.Field.Enum == "name":
		return pairedEnum(p, r, byName, namesLeft, "name")
	case r.Field.Enum == "value" && kinds:
		return pairedEnum(p, r, byValue, valuesLeft, "value")
	case r.Field.Enum == "" && valued && (!named || sameValues(byName)):
		return openEnum(p, r, kinds)
	case r.Field.Enum == "" && named && r.At.Store == 1: // what it refuses stays in the old store, which reads go to
		return pairedEnum(p, r, byName, namesLeft, "name")
	case r.Field.Enum == "" && named:
		return p.Refuse(r, "the constants of one name have other values, so a row with a value that is no constant has no counterpart, and each read of it would fail",
			fault.Say("field %s enum=name if there is no such row", r.Path)+"\n\tor "+p.SayConvert(r))
	}
	return p.Refuse(r, "constants without a counterpart by name: "+constNames(namesLeft),
		fault.Say("field %s enum=value (or enum=open to take any value)", r.Path)+"\n\tor "+p.SayConvert(r))
}

// sameValues says whether the constants of each pair have one value.
func sameValues(pairs []plan.EnumPair) bool {
	return !slices.ContainsFunc(pairs, func(pair plan.EnumPair) bool {
		return pair.From.Val().ExactString() != pair.To.Val().ExactString()
	})
}

func pairedEnum(p *rule.Planner, r rule.Request, pairs []plan.EnumPair, left []*types.Const, by string) plan.Conv {
	if len(left) > 0 {
		return p.Refuse(r, fmt.Sprintf("constants without a counterpart by %s: %s", by, constNames(left)), p.SayConvert(r))
	}
	return enumFunc(p, r, r.From, pairs, nil)
}

// enumFunc is the call of a function that converts constant by constant.
func enumFunc(p *rule.Planner, r rule.Request, from types.Type, pairs []plan.EnumPair, members []*types.Const) plan.Conv {
	key := fmt.Sprint("enum ", gotype.TypeKey(from), " ", gotype.TypeKey(r.To), " ", r.Field.Enum)
	if pairs != nil {
		key += " " + p.Key(r)
	}
	note := "an error if the value is no constant of " + p.Text(r.To)
	if ref, ok := p.Planned[key]; ok {
		return plan.Apply{Func: ref, Note: note}
	}
	ref := p.Function(key, enumName(p, r, from, pairs), plan.FuncRef{Fallible: true})
	p.Functions = append(p.Functions, &plan.EnumFunc{Ref: ref, From: from, To: r.To, Pairs: pairs, Members: members})
	return plan.Apply{Func: ref, Note: note}
}

// pairConstants pairs constants whose labels are equal, and returns those of both sides that are left over.
func pairConstants(from, to []*types.Const, fromLabels, toLabels []string) (pairs []plan.EnumPair, left []*types.Const) {
	used := map[int]bool{}
	for i, c := range from {
		j := slices.Index(toLabels, fromLabels[i])
		if j < 0 || used[j] {
			left = append(left, c)
			continue
		}
		used[j] = true
		pairs = append(pairs, plan.EnumPair{From: c, To: to[j]})
	}
	for j, c := range to {
		if !used[j] {
			left = append(left, c)
		}
	}
	return pairs, left
}

// strippedNames are the constants' names without what they have in common, in lower case: StatusActive, StatusGone become
// active, gone.
func strippedNames(consts []*types.Const) []string {
	name := strings.ToLower(gotype.TypeName(consts[0].Type()))
	names := make([]string, len(consts))
	for i, c := range consts {
		names[i] = gotype.Normal(c.Name())
	}
	for _, prefix := range []string{name, commonPrefix(consts)} {
		if all(names, func(s string) bool { return len(s) > len(prefix) && strings.HasPrefix(s, prefix) }) {
			return trimAll(names, func(s string) string { return s[len(prefix):] })
		}
	}
	if all(names, func(s string) bool { return len(s) > len(name) && strings.HasSuffix(s, name) }) {
		return trimAll(names, func(s string) string { return strings.TrimSuffix(s, name) })
	}
	return names
}

// commonPrefix is the run of whole words with which all names begin, in lower case.
func commonPrefix(consts []*types.Const) string {
	prefix := consts[0].Name()
	for _, c := range consts[1:] {
		n := 0
		for n < len(prefix) && n < len(c.Name()) && prefix[n] == c.Name()[n] {
			n++
		}
		prefix = prefix[:n]
	}
	for _, c := range consts {
		for len(prefix) > 0 && len(c.Name()) > len(prefix) && !startsWord(c.Name()[len(prefix)]) {
			prefix = prefix[:len(prefix)-1]
		}
	}
	return gotype.Normal(prefix)
}

func startsWord(c byte) bool { return c >= 'A' && c <= 'Z' || c == '_' }

func values(consts []*types.Const) []string {
	labels := make([]string, len(consts))
	for i, c := range consts {
		labels[i] = c.Val().ExactString()
	}
	return labels
}

func constNames(consts []*types.Const) string {
	names := make([]string, len(consts))
	for i, c := range consts {
		names[i] = c.Pkg().Name() + "." + c.Name()
	}
	return strings.Join(names, ", ")
}

func all(names []string, is func(string) bool) bool {
	return !slices.ContainsFunc(names, func(s string) bool { return !is(s) })
}

func trimAll(names []string, trim func(string) string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = trim(name)
	}
	return out
}

// enumName names a function between two enums, or from a plain value to one: priorityFromOld, priorityToOld,
// priorityFromString. Of an enum to itself: knownPriority.
func enumName(p *rule.Planner, r rule.Request, from types.Type, pairs []plan.EnumPair) string {
	if types.Identical(from, r.To) {
		return "known" + gotype.TypeName(from)
	}
	if to := gotype.TypeName(r.To); pairs == nil && p.Word(from) != to {
		return identifier.LowerFirst(to) + "From" + p.Word(from)
	}
	return identifier.LowerFirst(gotype.TypeName(r.Ours()) + r.Suffix())
}
