// Package mirror decides how each write reaches the mirror.
package mirror

import (
	"fmt"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// rule is one reason to mirror a write in one way.
type rule struct {
	applies func(*model.Interface, *model.Method) bool
	mode    plan.MirrorMode
	reason  string
}

// on is a rule's condition on the method alone.
func on(applies func(*model.Method) bool) func(*model.Interface, *model.Method) bool {
	return func(_ *model.Interface, m *model.Method) bool { return applies(m) }
}

// rules are ordered, the first that applies wins. A write is replayed only where that is as good as a copy.
var rules = []rule{
	{on(func(m *model.Method) bool { return len(m.Also) > 0 }), plan.Copy,
		"Mirror: copy of each."},
	{on(func(m *model.Method) bool { return m.Key.Form == plan.KeyNone }), plan.Copy,
		"Mirror: copy, because its keys are not known; a verify pass makes the kind clean again."},
	{on(func(m *model.Method) bool { return m.Key.Form == plan.KeyListed }), plan.Copy,
		"Mirror: copy, of each that was listed."},
	{on((*model.Method).TakesFunction), plan.Copy,
		"Mirror: copy, because it runs a function of the caller's."},
	{on((*model.Method).TakesStream), plan.Copy,
		"Mirror: copy, because it is given a stream, which one store uses up."},
	{on(func(m *model.Method) bool { return m.Key.Form.Made() }), plan.Copy,
		"Mirror: copy, because the primary may make the key."},
	{func(in *model.Interface, m *model.Method) bool {
		return m.Trait == verb.Removes && deletesOtherwise(in, m)
	}, plan.Copy,
		"Mirror: copy, because something else is said to delete the entity, so that this one may do something else."},
	{on(empties), plan.Copy,
		"Mirror: copy, because it may empty the entity, and not remove it."},
	{on(func(m *model.Method) bool { return m.Trait == verb.Whole && putsOtherwise(m) }), plan.Copy,
		"Mirror: copy, because another method is said to put the entity, so that this one may do something else."},
	{on(func(m *model.Method) bool { return m.Trait == verb.Removes && keyIsAll(m) }), plan.Replay,
		"Mirror: replay, because it removes by key."},
	{on(func(m *model.Method) bool { return len(m.NonError()) > 0 }), plan.Copy,
		"Mirror: copy, because its result is made by the store."},
	{on(saidToPut), plan.Copy,
		"Mirror: copy, because by its name it creates, though a directive has it put the entity."},
	{on(func(m *model.Method) bool {
		return m.Trait == verb.Creates && (entityIsAll(m) || m.PutsBeside(m.Owner))
	}), plan.Copy,
		"Mirror: copy, because a create refuses what is there already."},
	{on(func(m *model.Method) bool { return m.Trait == verb.Updates }), plan.Copy,
		"Mirror: copy, because an update may keep what it is not given."},
	{on(func(m *model.Method) bool { return m.Trait == verb.Whole && (entityIsAll(m) || m.PutsBeside(m.Owner)) }), plan.Replay,
		"Mirror: replay, because it writes the whole entity."},
	{on(func(m *model.Method) bool { return m.Trait == verb.Whole && m.Entity.Type == nil }), plan.Replay,
		"Mirror: replay, because its arguments are the whole entity."},
	{on(func(*model.Method) bool { return true }), plan.Copy,
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
	i := slices.IndexFunc(rules, func(r rule) bool { return r.applies(in, m) })
	if m.Owner.IsRest() && rules[i].mode == plan.Copy {
		return repeated(in, m)
	}
	return Decision{Mode: rules[i].mode, Level: model.Certain, Reasons: []string{rules[i].reason}}
}

// repeated proposes that a write of a whole that nothing copies is repeated on the mirror, where it returns nothing that a store makes.
// Else it asks.
func repeated(in *model.Interface, m *model.Method) Decision {
	made := slices.ContainsFunc(m.NonError(), func(i int) bool { return !shape.IsBool(m.Results[i].Type) }) && m.Trait != verb.Removes
	if !made && !m.TakesOnce() && m.Trait != verb.Takes && m.Trait != verb.Revives {
		return Decision{Mode: plan.Replay, Level: model.Likely, Reasons: []string{"Mirror: replay, because nothing copies what it writes."}}
	}
	if m.TakesOnce() {
		in.AskTogether(model.UsedUp, m, func(_ *model.Interface, all []*model.Method) (what, remedy string) {
			names := model.Names(all)
			return fmt.Sprintf("nothing copies what is written by %s, and what serves one call is handed over, so that it cannot be repeated on the mirror", names),
				"declare a struct of what is written, and functions over a store that copy one: " +
					"//dualgen:entity Name key=… get=… put=… delete=… methods=" + model.JoinNames(all)
		})
		return Decision{Mode: plan.Copy, Level: model.Asked}
	}
	in.AskTogether(model.Repeated, m, func(in *model.Interface, all []*model.Method) (what, remedy string) {
		names := model.Names(all)
		return fmt.Sprintf("cannot tell whether calling %s on the mirror does what it has done on the primary, and nothing copies what is written", names),
			"write //dualgen:mirror " + model.JoinNames(all) + " replay above the interface if it does\nelse declare a struct of what is written, and functions over a store that copy one: " +
				"//dualgen:entity Name key=… get=… put=… delete=… methods=" + model.JoinNames(all)
	})
	return Decision{Mode: plan.Copy, Level: model.Asked}
}

// Propose proposes, in one line, the writes of a whole that are likely repeated on the mirror.
func Propose(in *model.Interface) {
	var all []*model.Method
	for _, m := range in.Methods {
		if m.Kind == plan.Write && m.Owner != nil && m.Owner.IsRest() && m.Levels.Mirror == model.Likely && m.Levels.Kind != model.Asked {
			all = append(all, m)
		}
	}
	if len(all) == 0 {
		return
	}
	e := all[0].Owner
	p := &model.Proposal{Entity: e, Verb: "mirror", Args: model.JoinNames(all) + " replay", Why: "nothing that a store makes comes back, and nothing copies what is written"}
	in.Proposals = append(in.Proposals, p)
	in.Reports.Put(report.Diagnostic{
		Pos: e.Pos, Cause: report.Open, About: e.Name, Matter: model.Repeated, Answers: p.Answers(), Proposed: p.Line(""),
		What:   fmt.Sprintf("calling %s on the mirror likely does what it has done on the primary: %s", model.Names(all), p.Why),
		Remedy: "if so, write " + p.Line("") + " above the interface\nelse describe what is written, with functions over a store that copy one",
	})
}

// stated follows a mirror directive, unless the method can't.
func stated(in *model.Interface, m *model.Method, said *directive.Mirror) Decision {
	name := map[plan.MirrorMode]string{plan.Replay: "replay", plan.Copy: "copy", plan.Skip: "skip"}[said.Mode]
	made := m.Key.Form.Made()
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

// saidToPut reports whether a create alone is said to put its entity: then it isn't one that refuses what is there.
func saidToPut(m *model.Method) bool {
	e := m.Owner
	return m.Trait == verb.Creates && e.Said != nil && len(e.Said.Put) == 1 && e.Said.Put[0].Text == m.Name
}

// putsOtherwise reports whether the source says what puts a method's entity, and does not name the method. A put of many is as good as
// that of one which is named.
func putsOtherwise(m *model.Method) bool {
	e := m.Owner
	if e.Said == nil || len(e.Said.Put) == 0 || e.SaysNone(model.Put) {
		return false
	}
	return !named(m, e.Said.Put, verb.Whole)
}

// deletesOtherwise is putsOtherwise of a delete: beside a Purge that is said to delete, a Delete may write the time of its call, which is another
// one in each store. So it may beside a function over a store, unless that is seen to call it.
func deletesOtherwise(in *model.Interface, m *model.Method) bool {
	e := m.Owner
	if e.Said == nil || e.Said.Delete.Text == "" || e.SaysNone(model.Delete) {
		return false
	}
	function, ok := in.Package.Scope().Lookup(e.Said.Delete.Text).(*types.Func)
	if ok && !slices.Contains(in.MethodNames(), e.Said.Delete.Text) && calls(in, function, m.Name) {
		return false
	}
	return !named(m, []text.Word{e.Said.Delete}, verb.Removes)
}

// empties reports whether a method may empty the one entity that it is handed the key of, by its verb.
func empties(m *model.Method) bool {
	return m.Said.Kind == nil && m.Trait == verb.Removes && m.Words.Empties() && m.Owner.Type != nil && m.Owner.Beside == nil && !named(m, m.Owner.Words(model.Delete), verb.Removes)
}

// named reports whether a directive names a method, or for one of many entities another whose verb does the same.
func named(m *model.Method, words []text.Word, trait verb.Trait) bool {
	return slices.ContainsFunc(words, func(w text.Word) bool {
		many := m.Key.Form == plan.KeyEach && verb.Read(w.Text, []string{m.Owner.Name}).Trait == trait
		return w.Text == m.Name || many
	})
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
