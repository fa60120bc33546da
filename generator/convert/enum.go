package convert

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// members are the constants of an enum: a defined basic type with at least two constants of its own in its package, as far
// as the output can name them, one for each value, in the order of their declaration.
func (p *Planner) members(t types.Type) []*types.Const {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || isOneOf(t, notEnums) {
		return nil
	}
	if _, ok := named.Underlying().(*types.Basic); !ok {
		return nil
	}
	var found []*types.Const
	seen := map[string]bool{}
	for _, c := range constants(named.Obj().Pkg()) {
		value := c.Val().ExactString()
		if types.Identical(c.Type(), t) && p.reaches(c) && !seen[value] {
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

// byEnum converts to an enum, checking that the value is one of its constants.
func (p *Planner) byEnum(r request) (plan.Conv, bool) {
	to := p.members(r.to)
	if to == nil || basicInfo(r.from) == 0 || r.field.Enum == "open" {
		return nil, false
	}
	from := p.members(r.from)
	kinds := types.Identical(r.from.Underlying(), r.to.Underlying())
	if from != nil {
		return p.enums(r, from, to, kinds), true
	}
	if !kinds {
		if !isInteger(r.from) || !isInteger(r.to) {
			return nil, false
		}
		basic := r.to.Underlying()
		conv, _ := p.byNumber(r.inner(r.from, basic))
		return then(conv, p.enumFunc(r, basic, nil, to)), true
	}
	return p.enumFunc(r, r.from, nil, to), true
}

// enums pairs the constants of two enums: by their names if all find their counterpart, else by their values.
func (p *Planner) enums(r request, from, to []*types.Const, kinds bool) plan.Conv {
	byName, namesLeft := pairConstants(from, to, strippedNames(from), strippedNames(to))
	byValue, valuesLeft := pairConstants(from, to, values(from), values(to))
	switch {
	case r.field.Enum == "name" || r.field.Enum == "" && len(namesLeft) == 0:
		return p.pairedEnum(r, byName, namesLeft, "name")
	case r.field.Enum == "value" && kinds || r.field.Enum == "" && kinds && len(valuesLeft) == 0:
		return p.pairedEnum(r, byValue, valuesLeft, "value")
	}
	return p.refuse(r, "constants without a counterpart by name: "+constNames(namesLeft),
		say("field %s enum=value (or enum=open to take any value)", r.path)+", or convert F")
}

func (p *Planner) pairedEnum(r request, pairs []plan.EnumPair, left []*types.Const, by string) plan.Conv {
	if len(left) > 0 {
		return p.refuse(r, fmt.Sprintf("constants without a counterpart by %s: %s", by, constNames(left)), p.sayConvert(r))
	}
	return p.enumFunc(r, r.from, pairs, nil)
}

// enumFunc is the call of a function that converts constant by constant.
func (p *Planner) enumFunc(r request, from types.Type, pairs []plan.EnumPair, members []*types.Const) plan.Conv {
	key := fmt.Sprint("enum ", typeKey(from), " ", typeKey(r.to), " ", r.field.Enum)
	if pairs != nil {
		key += " " + p.key(r)
	}
	note := "an error if the value is no constant of " + p.text(r.to)
	if ref, ok := p.planned[key]; ok {
		return plan.Apply{Func: ref, Note: note}
	}
	ref := p.function(key, p.enumName(r, from, pairs), plan.FuncRef{Fallible: true})
	p.functions = append(p.functions, &plan.EnumFunc{Ref: ref, From: from, To: r.to, Pairs: pairs, Members: members})
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
	name := strings.ToLower(typeName(consts[0].Type()))
	names := make([]string, len(consts))
	for i, c := range consts {
		names[i] = normal(c.Name())
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
	return normal(prefix)
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
