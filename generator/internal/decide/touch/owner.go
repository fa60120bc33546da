// Package touch decides which entities each method touches: of which kind, and by which keys.
package touch

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Owner is the entity of a method.
type Owner struct {
	Entity *model.Entity // nil where a read is of no entity, and where a write's was asked
	Level  model.Level
	Loose  bool // a read that is given the only entity there is, though its name speaks of something else
}

// FindOwner finds the entity of a method: by directive, by the types in its signature, by the noun in its name, by a parameter
// of a key's own type, and at last by there being only one. Of a write it asks where that isn't certain.
func FindOwner(in *model.Interface, m *model.Method) Owner {
	if m.Said.Of != nil {
		return Owner{Entity: saidOwner(in, m), Level: model.Stated}
	}
	if e := byRole(in, m); e != nil {
		return Owner{Entity: e, Level: model.Stated}
	}
	o, why := findOwner(in, m)
	switch {
	case o.Entity != nil && o.Entity.Guessed:
		o.Level = model.Likely
	case m.Kind == plan.Read && (o.Entity == nil || o.Loose) && guessed(in, m) != nil:
		if e := guessed(in, m); e.IsRest() {
			return Owner{Entity: e, Level: model.Certain, Loose: true} // there is no other
		}
		return Owner{Entity: guessed(in, m), Level: model.Likely}
	case m.Kind == plan.Read:
		o.Level = model.Certain // a read of the wrong kind goes by that kind as a whole
	case o.Entity == nil:
		if o.Entity = guessed(in, m); o.Entity != nil {
			o.Level = model.Likely
			return o
		}
		if e := partlyNamed(in, m); e != nil {
			return Owner{Entity: e, Level: proposeOwners(in, m, []*model.Entity{e}, "its name has a part of that name, and of no other")}
		}
		askOwner(in, m, why)
	default:
		o.Level = doubtOwner(in, m, o.Entity)
	}
	return o
}

// findOwner finds the likeliest entity of a method that no directive speaks of, or nil and what is in the way.
func findOwner(in *model.Interface, m *model.Method) (Owner, string) {
	params, results := carriedIn(in, m)
	first, second := params, results
	if m.Kind == plan.Read {
		first, second = results, params
	}
	for _, list := range [][]*model.Entity{first, second} {
		switch len(list) {
		case 0:
			continue
		case 1:
			return Owner{Entity: list[0]}, ""
		}
		if e := byNoun(m, list); e != nil {
			return Owner{Entity: e}, ""
		}
		return Owner{}, fmt.Sprintf(": its signature has %s and %s", list[0].Name, list[1].Name)
	}
	if e := byNoun(m, in.Entities); e != nil {
		return Owner{Entity: e}, ""
	}
	if e := byKeyParam(in, m); e != nil {
		return Owner{Entity: e}, ""
	}
	known := slices.DeleteFunc(slices.Clone(in.Entities), func(e *model.Entity) bool { return e.Guessed })
	if len(known) != 1 {
		return Owner{}, ""
	}
	only := known[0]
	if m.Kind == plan.Read || neutral(m, only) {
		return Owner{Entity: only, Loose: !neutral(m, only)}, ""
	}
	return Owner{}, fmt.Sprintf(": its name speaks of %s, not of %s", strings.Join(m.Words.Noun, ""), only.Name)
}

// partlyNamed is the one entity of whose name a write's name has words and no others: Target for a ScraperTarget; nil where there are
// several.
func partlyNamed(in *model.Interface, m *model.Method) *model.Entity {
	var found *model.Entity
	for _, e := range in.Entities {
		if !isPartOf(m.Words.Noun, e) {
			continue
		}
		if found != nil {
			return nil
		}
		found = e
	}
	return found
}

// byRole finds the one entity that a method copies by directive: get=Load says that Load is about it.
func byRole(in *model.Interface, m *model.Method) *model.Entity {
	var found *model.Entity
	for _, e := range in.Entities {
		for _, role := range model.Roles {
			if !slices.ContainsFunc(e.Words(role), func(w text.Word) bool { return w.Text == m.Name }) {
				continue
			}
			if found != nil && found != e {
				return nil
			}
			found = e
		}
	}
	return found
}

// saidOwner finds the entity that a directive above a method names.
func saidOwner(in *model.Interface, m *model.Method) *model.Entity {
	w := m.Said.Of.Entity
	if e := in.EntityNamed(w.Text); e != nil {
		return e
	}
	in.Reports.Addf(w.Pos, report.Hint(w.Text, in.EntityNames())+"\nor describe it above the interface: //dualgen:entity "+w.Text+" key=…",
		"there is no entity %s", w.Text)
	return nil
}

// carriedIn are the entities that a method's parameters and results carry, carriers looked into.
func carriedIn(in *model.Interface, m *model.Method) (params, results []*model.Entity) {
	add := func(list *[]*model.Entity, t types.Type) {
		for _, c := range shape.Carried(t) {
			for _, e := range in.Entities {
				carries := e.Carries(c) || slices.ContainsFunc(shape.Inside(c), e.Carries)
				if carries && !slices.Contains(*list, e) {
					*list = append(*list, e)
				}
			}
		}
	}
	for _, i := range m.NonContext() {
		add(&params, m.Params[i].Type)
	}
	for _, i := range m.NonError() {
		add(&results, m.Results[i].Type)
	}
	return params, results
}

// byNoun finds the entity whose name a method's name begins with after its verb, and after All, or before its verb; the
// longest wins.
func byNoun(m *model.Method, among []*model.Entity) *model.Entity {
	noun := m.Words.Noun
	if len(noun) > 1 && noun[0] == "All" {
		noun = noun[1:]
	}
	var best *model.Entity
	for _, e := range among {
		named := calls(noun, e) || calls(m.Words.First, e)
		if n := len(text.Camel(e.Name)); named && (best == nil || n > len(text.Camel(best.Name))) {
			best = e
		}
	}
	return best
}

// byKeyParam finds the one entity whose key's own type, or whose name with its key's name, a parameter has.
func byKeyParam(in *model.Interface, m *model.Method) *model.Entity {
	var found []*model.Entity
	for _, e := range in.Entities {
		if len(e.Parts) == 0 {
			continue
		}
		for _, i := range m.NonContext() {
			p := m.Params[i]
			t := p.Type
			if slice, ok := t.(*types.Slice); ok {
				t = slice.Elem()
			}
			typed := !shape.IsBasic(e.Parts[0].Type) && types.Identical(t, e.Parts[0].Type)
			named := text.SameName(p.Said, e.Name+e.Parts[0].Name) || text.SameName(text.Singular(p.Said), e.Name+e.Parts[0].Name)
			if (typed || named) && !slices.Contains(found, e) {
				found = append(found, e)
			}
		}
	}
	if len(found) == 1 && (len(in.Entities) > 1 || namedKey(m, found[0])) {
		return found[0]
	}
	return nil
}

// namedKey reports whether a parameter is named for an entity's key with the entity in its name: userID.
func namedKey(m *model.Method, e *model.Entity) bool {
	return slices.ContainsFunc(m.NonContext(), func(i int) bool {
		return text.SameName(m.NameOf(i), e.Name+e.Parts[0].Name) && !text.SameName(m.NameOf(i), e.Parts[0].Name)
	})
}

// neutral reports whether a method's name leaves no doubt that it speaks of the only entity: it names nothing else, or
// one of its fields.
func neutral(m *model.Method, e *model.Entity) bool {
	noun := m.Words.Noun
	if len(noun) == 0 || slices.Contains(neutralNouns, strings.ToLower(noun[0])) {
		return true
	}
	for n := len(noun); n > 0; n-- {
		if e.HasField(noun[:n]) {
			return true
		}
	}
	return false
}
