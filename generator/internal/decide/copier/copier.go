// Package copier decides what copies one entity of each kind from store to store: what gets one, puts one, deletes one, and
// lists them all.
package copier

import (
	"github.com/dualgen/dualgen/generator/internal/decide/extra"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Choice is what has a role for an entity.
type Choice struct {
	Call, Else *plan.EntityCall // Else serves where Call doesn't: an update, else a create
	Form       plan.ScanForm    // of a listing
	None       bool             // by directive, or likely: nothing has the role
	Level      model.Level
	Why        string // what makes the choice uncertain, or what is missing
	Remedy     string // what to write where an uncertain choice is not right, "" for what its role's name says
}

// candidate is a method that can have a role by its shape.
type candidate struct {
	method *model.Method
	call   *plan.EntityCall
	plain  bool // its name says no more than verb and entity
	form   plan.ScanForm
}

// names lists the methods of candidates.
func names(all []candidate) []string {
	var list []string
	for _, c := range all {
		list = append(list, c.method.Name)
	}
	return list
}

// plainOnes are the candidates whose names say no more than verb and entity.
func plainOnes(all []candidate) []candidate {
	var plain []candidate
	for _, c := range all {
		if c.plain {
			plain = append(plain, c)
		}
	}
	return plain
}

// candidates are the methods of an entity that can have a role by their shape. The order of methods decides nothing.
func candidates(in *model.Interface, e *model.Entity, role model.Role) []candidate {
	var all []candidate
	for _, m := range in.Methods {
		if m.Owner != e || !m.Levels.Kind.Decided() {
			continue
		}
		if role == model.Get && !m.Levels.Key.Decided() && e.KeyLevel.Decided() {
			continue // which one it reads is asked
		}
		if role == model.Delete && e.Single && len(m.Words.Noun) == 0 {
			continue // what cleans up something need not remove the only one
		}
		if c, ok := fits(m, e, role); ok {
			all = append(all, c)
		}
	}
	return all
}

// fits reports whether a method can have a role for an entity.
func fits(m *model.Method, e *model.Entity, role model.Role) (candidate, bool) {
	switch role {
	case model.Get:
		return fitsGet(m, e)
	case model.Put:
		return fitsPut(m, e)
	case model.Delete:
		return fitsDelete(m, e)
	}
	return fitsScan(m, e)
}

// Choose finds what has a role for an entity: by directive, else the one method whose name says no more than verb and entity,
// where nothing speaks against it.
func Choose(in *model.Interface, e *model.Entity, role model.Role) Choice {
	switch {
	case e.SaysNone(role):
		return Choice{None: true, Level: model.Stated}
	case len(e.Words(role)) > 0:
		return said(in, e, role)
	}
	all := candidates(in, e, role)
	switch role {
	case model.Get:
		return chooseGet(e, all)
	case model.Put:
		return choosePut(in, e, all)
	case model.Delete:
		return chooseDelete(in, e, all)
	}
	return chooseScan(all)
}

// said finds the methods that a directive names for a role: of the interface, or of the stores alone, or functions over a store.
func said(in *model.Interface, e *model.Entity, role model.Role) Choice {
	words := e.Words(role)
	choice := Choice{Level: model.Stated}
	choice.Call, choice.Form = saidOne(in, e, role, words[0])
	if len(words) == 2 {
		choice.Else, _ = saidOne(in, e, role, words[1])
	}
	return choice
}

// saidOne finds one method or function that a directive names, or reports what is wrong with it and returns nil.
func saidOne(in *model.Interface, e *model.Entity, role model.Role, w text.Word) (*plan.EntityCall, plan.ScanForm) {
	for _, m := range in.Methods {
		if m.Name == w.Text {
			if c, ok := fits(m, e, role); ok {
				return c.call, c.form
			}
			refuseMethod(in, m, e, saidRole{role, w})
			return nil, 0
		}
	}
	if call, form, found := userFunction(in, e, saidRole{role, w}); found {
		return call, form
	}
	if m := extra.ForRole(in, e, role, w); m != nil {
		if c, ok := fits(m, e, role); ok {
			return c.call, c.form
		}
		in.Reports.Addf(w.Pos, "name a method like "+example(in, e, role), "%s cannot serve as %s of %s: the stores' method of that name has another signature", w.Text, role, e.Name)
		return nil, 0
	}
	extra.ReportNone(in, w, functionFor(in, e, saidRole{role, w}))
	return nil, 0
}

// saidRole is a word of an entity directive, and the role that it names something for.
type saidRole struct {
	role model.Role
	word text.Word
}

// refuseMethod says why a method of the interface can't have the role that a directive gives it.
func refuseMethod(in *model.Interface, m *model.Method, e *model.Entity, s saidRole) {
	if key := otherKey(in, m, e, s.role); key != "" {
		in.Reports.Addf(s.word.Pos, "if that is the key, write //dualgen:entity "+e.Name+" key="+key+"\nelse name a method like "+example(in, e, s.role),
			"%s cannot serve as %s of %s: it finds one by %s, and the key is %s", s.word.Text, s.role, e.Name, key, orNone(e.PartNames()))
		return
	}
	in.Reports.Addf(s.word.Pos, "name a method like "+example(in, e, s.role), "%s cannot serve as %s of %s: %s", s.word.Text, s.role, e.Name, misfit(in, m, e, s.role))
}

// orNone is a text, or the words that say that there is none.
func orNone(s string) string {
	if s == "" {
		return "not known"
	}
	return s
}

// misfit says in what a method's signature differs from what a role needs.
func misfit(in *model.Interface, m *model.Method, e *model.Entity, role model.Role) string {
	_, one := e.Param(m, false)
	_, many := e.Param(m, true)
	switch {
	case role == model.Get && m.Kind != plan.Read, role == model.Scan && m.Kind != plan.Read:
		return "it does not only read"
	case role == model.Put && m.Kind != plan.Write, role == model.Delete && m.Kind != plan.Write:
		return "it does not write"
	case role == model.Get && !e.GetsOne(m):
		return "it does not return one " + e.Name
	case role == model.Put && !one && !many && !m.PutsBeside(e):
		return "it is handed no " + e.Name
	case role == model.Delete && !m.Delete:
		return "nothing says that it deletes: write " + m.Directive("delete") + " " + m.Place()
	case role == model.Delete && many:
		return "it takes a list of " + e.Name + ", and a copy removes by the key alone"
	case role == model.Scan && !e.Lists(m):
		return "it does not list " + e.Name
	}
	return "its signature does not fit"
}

// otherKey is the key that a method finds an entity by where that is another than the entity's, "" where it isn't.
func otherKey(in *model.Interface, m *model.Method, e *model.Entity, role model.Role) string {
	if role != model.Get && role != model.Delete || e.Type == nil || role == model.Get && !e.GetsOne(m) {
		return ""
	}
	var parts []string
	for _, i := range m.Selecting() {
		part, ok := in.FieldFor(m.Params[i], e)
		if !ok {
			return ""
		}
		parts = append(parts, part.Name)
	}
	key := joinComma(parts)
	if len(parts) == 0 || key == joinComma(partNames(e)) {
		return ""
	}
	return key
}

// traitOf tells candidates apart by what their verbs say.
func traitOf(all []candidate, want verb.Trait) []candidate {
	var found []candidate
	for _, c := range all {
		if c.method.Trait == want {
			found = append(found, c)
		}
	}
	return found
}
