package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/entity"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Guess proposes entities for the writes of which nothing says what they write: one for each noun that their names have, found by
// the first parameter that can be a key. It returns all entities, the proposed ones last.
func Guess(in *model.Interface) []*model.Entity {
	open := unowned(in)
	methods := map[string][]*model.Method{}
	var nouns []string
	for _, m := range open {
		noun := guessName(in, m)
		if noun == "" {
			continue
		}
		if !slices.Contains(nouns, noun) {
			nouns = append(nouns, noun)
		}
		methods[noun] = append(methods[noun], m)
	}
	keys := map[string][]model.KeyField{}
	left := len(open)
	for _, noun := range nouns {
		if keys[noun] = sharedKey(in, noun, methods[noun]); len(keys[noun]) > 0 {
			left -= len(methods[noun])
		}
	}
	began := slices.ContainsFunc(in.Methods, func(m *model.Method) bool { return m.Said.Key != nil || m.Said.Of != nil })
	if left > 0 && !began && !slices.ContainsFunc(in.Entities, isKnown) {
		return []*model.Entity{proposeRest(in, open)}
	}
	all := in.Entities
	for _, noun := range nouns {
		if len(keys[noun]) > 0 {
			all = append(all, proposeEntity(in, noun, keys[noun], methods[noun]))
		}
	}
	return all
}

// unowned are the writes of which nothing says what they write: nothing does where no entity of the interface has a key.
func unowned(in *model.Interface) []*model.Method {
	some := slices.ContainsFunc(in.Entities, isKnown)
	return slices.DeleteFunc(slices.Clone(in.Methods), func(m *model.Method) bool {
		open := m.Levels.Kind == model.Asked && m.Kind == plan.Read && !some // it may write
		if m.Kind != plan.Write && !open || m.Said.Of != nil || byRole(in, m) != nil {
			return true
		}
		o, _ := findOwner(in, m)
		return o.Entity != nil && some
	})
}

// isKnown reports whether it is known what an entity is, and which of its kind one is.
func isKnown(e *model.Entity) bool { return e.Said != nil || e.Keyed() }

// proposeRest proposes that an interface of which no entity is known stores one whole: after a write that failed on the mirror, all of it
// is read from the primary. That is never wrong, and seldom the best.
func proposeRest(in *model.Interface, methods []*model.Method) *model.Entity {
	name := text.UpperFirst(in.Object.Name()) + "Entry"
	e := &model.Entity{Entity: &plan.Entity{Name: name, Pos: in.Pos}, Guessed: true, Single: true, KeyLevel: model.Likely}
	var names []string
	for _, m := range methods {
		names = append(names, m.Name)
	}
	p := &model.Proposal{Entity: e, Verb: "entity", Args: name + " key=none get=none put=none delete=none methods=" + strings.Join(names, ","),
		Why: "no struct is found by a key, so that all of it is taken for one whole"}
	in.Proposals = append(in.Proposals, p)
	in.Reports.Put(report.Diagnostic{Pos: in.Pos, Cause: report.Open, About: name, Matter: "whole", Answers: p.Answers(), Proposed: p.Line(""),
		What: fmt.Sprintf("cannot tell what %s stores: no method finds a struct by a key. Likely it is one whole, which %s %s",
			in.Object.Name(), text.And(names), map[bool]string{true: "writes", false: "write"}[len(names) == 1]),
		Remedy: "if so, write " + p.Line("") + " above the interface: while a write of it is missing on the mirror, all of it is read from the primary" + foundOtherwise(in) +
			"\nor describe each kind that it stores: //dualgen:entity Name key=… get=… put=… delete=… methods=…, with functions over a store that copy one" +
			"\nIf it stores nothing, as a client or a driver does, wrap a smaller interface, of what is stored"})
	return e
}

// sharedKey is what a read of the same noun is handed to find one, where all writes of the noun are handed it too; else nil: then
// nothing says what finds one.
func sharedKey(in *model.Interface, noun string, writes []*model.Method) []model.KeyField {
	for _, m := range in.Methods {
		if m.Kind != plan.Read || m.ReturnsMany() || len(m.NonError()) == 0 || !text.SameName(strings.Join(m.Words.Noun, ""), noun) {
			continue
		}
		var key []model.KeyField
		for _, i := range m.Required() {
			if !in.IsKeyType(m.Params[i].Type) || m.SourceName(i) == "" {
				return nil
			}
			key = append(key, model.KeyField{Name: m.NameOf(i), KeyPart: plan.KeyPart{Type: m.Params[i].Type}})
		}
		all := !slices.ContainsFunc(writes, func(w *model.Method) bool {
			return slices.ContainsFunc(key, func(k model.KeyField) bool {
				i := w.ParamCalled(k.Name)
				return i < 0 || !types.Identical(w.Params[i].Type, k.Type)
			})
		})
		if all {
			return key
		}
	}
	return nil
}

// guessName is the noun that a write's name has, or "".
func guessName(in *model.Interface, m *model.Method) string {
	if name := nameFor(in, m); name != "Name" {
		return name
	}
	if first := text.Singular(strings.Join(m.Words.First, "")); first != "" && in.EntityNamed(first) == nil {
		return text.UpperFirst(first)
	}
	return ""
}

// guessed is the proposed entity that a method's name speaks of, or nil.
func guessed(in *model.Interface, m *model.Method) *model.Entity {
	name := guessName(in, m)
	for _, e := range in.Entities {
		if e.Guessed && (e.Name == name || calls(m.Words.Noun, e) || calls(m.Words.First, e)) {
			return e
		}
	}
	if i := slices.IndexFunc(in.Entities, (*model.Entity).IsRest); i >= 0 {
		return in.Entities[i]
	}
	return nil
}

// foundOtherwise says by what the structs are found of which no key is known, so that they can be described.
func foundOtherwise(in *model.Interface) string {
	var lines string
	for _, e := range in.Entities {
		how, key := entity.FoundBy(in, e)
		if how == "" {
			continue
		}
		if key == "" {
			key = "…"
		}
		lines += fmt.Sprintf("\nor describe %s%s: //dualgen:entity %s key=%s, or, if it has no field for that, a struct that has: //dualgen:entity %sRecord key=… get=… put=… delete=…",
			text.A(e.Name), how, e.Name, key, e.Name)
	}
	if lines != "" && len(in.TypeParams) > 0 {
		lines += fmt.Sprintf("\nor, where a type parameter is the key, let its constraint be comparable, or wrap an instantiation: type Strings = %s[string, …]", in.Object.Name())
	}
	return lines
}

// proposeEntity proposes an entity that is no struct.
func proposeEntity(in *model.Interface, noun string, parts []model.KeyField, methods []*model.Method) *model.Entity {
	e := &model.Entity{Entity: &plan.Entity{Name: noun, Pos: in.Pos}, Guessed: true, KeyLevel: model.Likely, Parts: parts}
	for _, part := range parts {
		e.Key = append(e.Key, part.KeyPart)
	}
	key := strings.ReplaceAll(e.PartNames(), ", ", ",")
	var names []string
	for _, m := range methods {
		names = append(names, m.Name)
	}
	p := &model.Proposal{Entity: e, Verb: "entity", Args: fmt.Sprintf("%s key=%s get=? put=? delete=? methods=%s", noun, key, strings.Join(names, ",")),
		Why: "no struct is that, and the names of the methods speak of it"}
	in.Proposals = append(in.Proposals, p)
	in.Reports.Put(report.Diagnostic{Pos: methods[0].Pos, Cause: report.Open, About: noun, Matter: "copies", Answers: p.Answers(), Proposed: p.Line(""),
		What: fmt.Sprintf("cannot tell which entity %s writes: likely %s, which is no struct of %s", text.And(names), text.A(noun), in.Object.Name()),
		Remedy: "look at it, and write " + p.Line("") + " above the interface, with functions over a store that copy a struct " + noun + " in the place of each ?" +
			"\nor get=none put=none delete=none, if the arguments of each call are all that it writes" + alsoExisting(in)})
	return e
}

// alsoExisting shows how to say that writes are of entities that are known.
func alsoExisting(in *model.Interface) string {
	names := in.EntityNames()
	if len(names) == 0 {
		return ""
	}
	return "\nor, above each method, what it writes of these: //dualgen:entity " + strings.Join(names, ",")
}
