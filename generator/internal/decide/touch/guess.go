package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// Guess proposes entities for the writes of which nothing says what they write: one for each noun that their names have, found by
// the first parameter that can be a key. It returns all entities, the proposed ones last.
func Guess(in *model.Interface) []*model.Entity {
	all := in.Entities
	methods := map[string][]*model.Method{}
	var nouns []string
	for _, m := range in.Methods {
		if m.Kind != plan.Write || m.Said.Of != nil || byRole(in, m) != nil {
			continue
		}
		if o, _ := findOwner(in, m); o.Entity != nil {
			continue
		}
		noun := guessName(in, m)
		if noun == "" {
			continue
		}
		if !slices.Contains(nouns, noun) {
			nouns = append(nouns, noun)
		}
		methods[noun] = append(methods[noun], m)
	}
	for _, noun := range nouns {
		if key := sharedKey(in, noun, methods[noun]); len(key) > 0 {
			all = append(all, proposeEntity(in, noun, key, methods[noun]))
		}
	}
	return all
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
	return nil
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
	in.Reports.Put(report.Diagnostic{Pos: methods[0].Pos, Cause: report.Open, About: noun,
		What: fmt.Sprintf("cannot tell which entity %s writes: likely a %s, which is no struct of %s", strings.Join(names, ", "), noun, in.Object.Name()),
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
