// Package mirror decides how each write reaches the mirror.
package mirror

import (
	"fmt"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/generator/plan"
)

// rule is one reason to mirror a write in one way.
type rule struct {
	applies func(*model.Method) bool
	mode    plan.MirrorMode
	reason  string
}

// rules are ordered, the first that applies wins. A write is replayed only where that is as good as a copy.
var rules = []rule{
	{func(m *model.Method) bool { return len(m.Also) > 0 }, plan.Copy,
		"Mirror: copy of each."},
	{func(m *model.Method) bool { return m.Key.Form == plan.KeyNone }, plan.Copy,
		"Mirror: copy, because its keys are not known; a verify pass makes the kind clean again."},
	{func(m *model.Method) bool { return m.Key.Form == plan.KeyListed }, plan.Copy,
		"Mirror: copy, of each that was listed."},
	{(*model.Method).TakesFunction, plan.Copy,
		"Mirror: copy, because it runs a function of the caller's."},
	{(*model.Method).TakesStream, plan.Copy,
		"Mirror: copy, because it is given a stream, which one store uses up."},
	{func(m *model.Method) bool { return m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut }, plan.Copy,
		"Mirror: copy, because the primary may make the key."},
	{func(m *model.Method) bool { return m.Trait == verb.Removes && keyIsAll(m) }, plan.Replay,
		"Mirror: replay, because it removes by key."},
	{func(m *model.Method) bool { return len(m.NonError()) > 0 }, plan.Copy,
		"Mirror: copy, because its result is made by the store."},
	{func(m *model.Method) bool {
		return m.Trait == verb.Creates && (entityIsAll(m) || m.PutsBeside(m.Owner))
	}, plan.Copy,
		"Mirror: copy, because a create refuses what is there already."},
	{func(m *model.Method) bool { return m.Trait == verb.Updates }, plan.Copy,
		"Mirror: copy, because an update may keep what it is not given."},
	{func(m *model.Method) bool { return m.Trait == verb.Whole && (entityIsAll(m) || m.PutsBeside(m.Owner)) }, plan.Replay,
		"Mirror: replay, because it writes the whole entity."},
	{func(m *model.Method) bool { return m.Trait == verb.Whole && m.Entity.Type == nil }, plan.Replay,
		"Mirror: replay, because its arguments are the whole entity."},
	{func(*model.Method) bool { return true }, plan.Copy,
		"Mirror: copy, because it changes a part of the entity."},
}

// Decision is how a write reaches the mirror.
type Decision struct {
	Mode    plan.MirrorMode
	Level   model.Level
	Reasons []string
}

// Decide says how a write reaches the mirror: by directive, else by the first rule that applies.
func Decide(in *model.Interface, m *model.Method) Decision {
	if said := m.Said.Mirror; said != nil {
		return stated(in, m, said)
	}
	i := slices.IndexFunc(rules, func(r rule) bool { return r.applies(m) })
	return Decision{Mode: rules[i].mode, Level: model.Certain, Reasons: []string{rules[i].reason}}
}

// stated follows a mirror directive, unless the method can't.
func stated(in *model.Interface, m *model.Method, said *directive.Mirror) Decision {
	name := map[plan.MirrorMode]string{plan.Replay: "replay", plan.Copy: "copy", plan.Skip: "skip"}[said.Mode]
	made := m.Key.Form == plan.KeyResult || m.Key.Form == plan.KeyOut
	if said.Mode == plan.Replay && made {
		in.Reports.Addf(said.Pos, "drop the directive, or name the key that the caller made: //dualgen:key …",
			"%s cannot be replayed: its key is made by the primary, and the mirror would make another", m.Name)
	}
	if said.Mode != plan.Copy && m.Key.Form == plan.KeyListed {
		in.Reports.Addf(said.Pos, "drop one of the two directives", "the keys of %s are listed so that they are copied: it cannot be said to be mirrored by %s", m.Name, name)
	}
	if said.Mode == plan.Replay && m.TakesFunction() {
		in.Reports.Addf(said.Pos, "drop the directive: it is copied", "%s cannot be replayed: the caller's function would run twice", m.Name)
	}
	if said.Mode == plan.Replay && m.TakesStream() {
		in.Reports.Addf(said.Pos, "drop the directive: it is copied", "%s cannot be replayed: the first store would use up the stream that it is given", m.Name)
	}
	return Decision{Mode: said.Mode, Level: model.Stated, Reasons: []string{fmt.Sprintf("Mirror: %s, by directive.", name)}}
}

// entityIsAll reports whether a method's only argument is the entity, or a list of them.
func entityIsAll(m *model.Method) bool {
	e := m.Owner
	if len(m.NonContext()) != 1 || e == nil {
		return false
	}
	_, one := e.Param(m, false)
	_, many := e.Param(m, true)
	return one || many
}

// keyIsAll reports whether all of a method's arguments are its key.
func keyIsAll(m *model.Method) bool { return m.InKey(m.NonContext()) }
