package copier

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// Choices are what copies one entity.
type Choices map[model.Role]Choice

// Ask asks, once for each entity, how it is copied: where nothing has a role, and where what has one isn't certain.
func Ask(in *model.Interface, e *model.Entity, choices Choices) {
	if !e.Written || e.Type == nil || !e.Keyed() && len(e.Claimed) == 0 {
		return // what the key is was asked where a write needs it
	}
	var why []string
	for _, claim := range e.Claimed {
		why = append(why, fmt.Sprintf("%s: %s", claim.Method.Name, claim.Why))
	}
	var lacks []model.Role
	if e.KeyLevel == model.Likely {
		why = append(why, keyWhy(e))
	}
	for _, role := range model.Roles {
		c := choices[role]
		if c.Level.Decided() {
			continue
		}
		why = append(why, fmt.Sprintf("%s: %s", role, c.Why))
		if c.Call == nil && !c.None {
			lacks = append(lacks, role)
		}
	}
	if len(why) == 0 {
		return
	}
	p := &model.Proposal{Entity: e, Verb: "entity", Args: Options(e, choices), Why: strings.Join(why, "; ")}
	in.Proposals = append(in.Proposals, p)
	todo := remedy(in, p, lacks)
	if said := choices[model.Put].Remedy; said != "" {
		todo += "\n" + said
	}
	in.Reports.Put(report.Diagnostic{Pos: e.Pos, What: what(e, lacks, why), Remedy: todo, Cause: report.Open, About: e.Name, Matter: "copies", Answers: p.Answers(), Proposed: p.Line("")})
}

// keyWhy says what makes a key uncertain.
func keyWhy(e *model.Entity) string {
	if e.IsSingleton() {
		return "key: what finds one takes no key, so that there may be only one"
	}
	return "key: nothing certainly finds one by " + e.PartNames()
}

// what says what is open about the copies of an entity.
func what(e *model.Entity, lacks []model.Role, why []string) string {
	if len(lacks) > 0 {
		return fmt.Sprintf("cannot tell how %s is copied between the stores: %s", e.Name, strings.Join(why, "; "))
	}
	return fmt.Sprintf("%s is likely stored and copied so, but not certainly: %s", e.Name, strings.Join(why, "; "))
}

// remedy shows the directive that says how an entity is copied.
func remedy(in *model.Interface, p *model.Proposal, lacks []model.Role) string {
	e := p.Entity
	verb := "look at it, and write"
	if e.Said != nil {
		verb = "look at it, and let the directive say"
	}
	remedy := fmt.Sprintf("%s %s above the interface", verb, p.Line(""))
	for _, role := range lacks {
		remedy += fmt.Sprintf("\n%s: a method of the interface, or one that both stores have, like %s, or a function over a store: %s",
			role, example(in, e, role), functionFor(in, e, saidRole{role, text.Word{Text: string(role) + e.Name}}))
	}
	if len(lacks) > 0 {
		remedy += "\nput=A,B: B where A finds nothing; none: nothing has the role, and nothing is repaired that needs it"
	}
	return remedy
}

// Options are the words of an entity directive that say what was found; ? stands for what isn't known.
func Options(e *model.Entity, choices Choices) string {
	words := []string{e.Name, "key=" + key(e)}
	for _, role := range model.Roles {
		c := choices[role]
		value := joinComma(callNames(c))
		switch {
		case value != "":
		case c.None && role == model.Scan && c.Level != model.Stated:
			continue
		case c.None:
			value = "none"
		default:
			value = "?"
		}
		words = append(words, string(role)+"="+value)
	}
	var methods []string
	if e.Said != nil {
		for _, w := range e.Said.Methods {
			methods = append(methods, w.Text)
		}
	}
	for _, claim := range e.Claimed {
		methods = append(methods, claim.Method.Name)
	}
	if len(methods) > 0 {
		words = append(words, "methods="+joinComma(methods))
	}
	return strings.Join(words, " ")
}

// key is the key of an entity as its directive has it.
func key(e *model.Entity) string {
	switch {
	case e.IsSingleton():
		return "none"
	case len(e.Parts) == 0:
		return "?"
	}
	return joinComma(partNames(e))
}

// callNames are the names of what has a role.
func callNames(c Choice) []string {
	var list []string
	for _, call := range []*plan.EntityCall{c.Call, c.Else} {
		switch {
		case call == nil:
		case call.Method != nil:
			list = append(list, call.Method.Name)
		default:
			list = append(list, call.Func.Name)
		}
	}
	return list
}

// CheckLocks reports, once for an interface, the entities that hold a lock: nothing can copy them.
func CheckLocks(in *model.Interface) {
	var names, kinds, lines []string
	for _, e := range in.Entities {
		if e.Type == nil || !e.Written || !plan.ReachesLock(e.Type) {
			continue
		}
		e.Locked = true
		names = append(names, e.Name)
		kinds = append(kinds, text.A(shape.String(e.Type)))
		lines = append(lines, "//dualgen:entity "+e.Name+"Record key=… get=… put=… delete=… methods=…")
	}
	if len(names) == 0 {
		return
	}
	hold := "holds"
	each := "a struct with its key and its encoded form, and functions over a store that read and write it"
	if len(names) > 1 {
		hold, each = "hold", "a struct for each, with its key and its encoded form, and functions over a store that read and write it"
	}
	slices.Sort(names)
	slices.Sort(kinds)
	slices.Sort(lines)
	in.Reports.Put(report.Diagnostic{
		Pos: in.Pos, Cause: report.Open, About: names[0], Matter: "locks",
		What:   fmt.Sprintf("%s cannot be copied between the stores: %s %s a lock, as messages of protocol buffers do, or something with one", text.And(names), text.And(kinds), hold),
		Remedy: "declare " + each + ":\n" + strings.Join(lines, "\n"),
	})
}

// Check reports what can't be copied at all: writes that need a copier that a directive denies.
func Check(in *model.Interface, e *model.Entity) {
	if e.Type == nil {
		checkTypeless(in, e)
		return
	}
	if !e.Written {
		return
	}
	for _, role := range []model.Role{model.Get, model.Put} {
		if e.SaysNone(role) {
			checkNone(in, e, role)
		}
	}
}

// copies reports whether a write is copied, if only where a transaction makes it.
func copies(in *model.Interface, m *model.Method) bool {
	return m.Mirror == plan.Copy || m.Mirror == plan.Replay && in.Transacts()
}

// checkNone reports writes that are copied while a directive says that nothing has a role which that needs.
func checkNone(in *model.Interface, e *model.Entity, role model.Role) {
	for _, m := range in.Methods {
		if m.Owner != e || !copies(in, m) || m.Key.Form == plan.KeyNone {
			continue
		}
		remedy := "name a method for " + string(role)
		made := m.Key.Form.Made() || m.Key.MayBeMade && !m.Key.Untold
		switch {
		case made && e.Type != nil:
			remedy += ": the primary makes the key of what " + m.Name + " writes, so that the call cannot be repeated on the mirror"
		case m.TakesOnce():
			remedy += ": " + m.Name + " is handed what serves one call, so that it cannot be repeated on the mirror"
		default:
			remedy += ", or write " + m.Directive("mirror", "replay") + " " + m.PlaceByName() + " if calling it on the mirror does the same"
		}
		in.Reports.Addf(e.Said.Pos, remedy, "%s copies %s, which has no %s", m.Name, e.Name, role)
	}
}

// checkTypeless reports writes that would have to copy an entity that is no type.
func checkTypeless(in *model.Interface, e *model.Entity) {
	if e.Guessed {
		return // how it is copied was asked with what it is
	}
	for _, m := range in.Methods {
		if m.Owner != e || !copies(in, m) || m.Key.Form == plan.KeyNone || m.Trait == verb.Revives {
			continue // what copies the last was asked
		}
		remedy := "declare a struct " + e.Name + ", and name functions over a store that copy it: //dualgen:entity " + e.Name + " key=… get=… put=…"
		if !m.TakesOnce() {
			remedy += "\nor write " + m.Directive("mirror", "replay") + " " + m.Place() + " if calling it twice does what calling it once does"
		}
		in.AskFor(m, []string{"mirror replay"}, remedy, model.Typeless, m.Name, e.Name)
	}
}
