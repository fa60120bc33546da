package touch

import (
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// proposeOwners proposes which entities a write touches: all that it may touch, since one too many costs reads of the primary, and one
// too few loses a write. It returns the level of that.
func proposeOwners(in *model.Interface, m *model.Method, all []*model.Entity, why string) model.Level {
	var names, kinds []string
	for _, e := range all {
		names = append(names, e.Name)
		kinds = append(kinds, text.A(e.Name))
	}
	switch {
	case m.Foreign && in.Alone():
		in.AskFor(m, []string{"entity " + strings.Join(names, ",")}, "add methods="+m.Name+" to //dualgen:entity "+strings.Join(names, " and to //dualgen:entity ")+" above the interface",
			"%s likely writes %s: %s", m.Name, text.And(kinds), why)
		return model.Asked
	case m.Foreign:
		for _, e := range all {
			e.Claim(m, why)
		}
	default:
		in.Propose(&model.Proposal{Method: m, Verb: "entity", Args: strings.Join(names, ","), Why: why},
			fmt.Sprintf("%s likely writes %s", m.Name, text.And(kinds)), otherEntity(in, m, all), entityWords(in)...)
	}
	if len(all) > 1 {
		suppose(m, all)
	}
	return model.Likely
}

// otherEntity shows what to write where a write touches something else than the entities that are proposed.
func otherEntity(in *model.Interface, m *model.Method, all []*model.Entity) string {
	if len(in.Entities) > len(all) || len(all) > 1 {
		return "else " + ChooseEntity(in, m)
	}
	name := nameFor(in, m)
	return "else describe what it writes above the interface: //dualgen:entity " + name + " key=… get=… put=… delete=… methods=" + m.Name +
		", with a struct " + name + " and functions over a store that copy one"
}

// entityWords are the directives that say of a method that it touches one of the entities.
func entityWords(in *model.Interface) []string {
	var words []string
	for _, name := range in.EntityNames() {
		words = append(words, "entity "+name)
	}
	return words
}

// suppose goes on as if a directive said that a write touches several entities.
func suppose(m *model.Method, all []*model.Entity) {
	of := &directive.Of{Said: directive.Said{Verb: "entity", Pos: m.Pos, Proposed: true}, Entity: text.Word{Text: all[0].Name, Pos: m.Pos}}
	for _, e := range all[1:] {
		of.Also = append(of.Also, text.Word{Text: e.Name, Pos: m.Pos})
	}
	m.Said.Of = of
}

// proposeWide proposes that a method may touch any entity of its kind, and goes on as if a directive said so.
func proposeWide(in *model.Interface, m *model.Method, why, other string) model.Level {
	what := m.Name + " may touch any " + m.Owner.Name
	if m.Kind == plan.Read {
		what = m.Name + " may read any " + m.Owner.Name
	}
	in.Propose(&model.Proposal{Method: m, Verb: "key", Args: "none", Why: why}, what, other)
	return model.Likely
}
