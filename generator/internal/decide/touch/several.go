package touch

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Further are the further kinds that a write touches, by directive.
func Further(in *model.Interface, m *model.Method) []*model.Entity {
	var all []*model.Entity
	if m.Said.Of == nil || m.Kind != plan.Write {
		return nil
	}
	for _, w := range m.Said.Of.Also {
		if e := in.EntityNamed(w.Text); e != nil {
			all = append(all, e)
			continue
		}
		in.Reports.Addf(w.Pos, report.Hint(w.Text, in.EntityNames())+"\nor describe it above the interface: //dualgen:entity "+w.Text+" key=…",
			"there is no entity %s", w.Text)
	}
	return all
}

// refuseKeysOf refuses keys of several kinds for a method of one.
func refuseKeysOf(in *model.Interface, m *model.Method) {
	if said := m.Said.Key; said != nil && len(said.Of) > 0 && m.Entity != nil {
		in.Reports.Addf(said.Pos, "name the kinds: //dualgen:entity "+kindNames(said)+" above it, or the path alone: //dualgen:key path",
			"//dualgen:key speaks of several kinds, but %s touches one", m.Name)
	}
}

// kindNames are the kinds that a key directive names, as an entity directive writes them.
func kindNames(said *directive.Key) string {
	var names []string
	for _, of := range said.Of {
		names = append(names, of.Kind.Text)
	}
	return strings.Join(names, ",")
}

// FindSeveral says which keys of each kind a write on several kinds touches, by directive. Each kind of which nothing is said is
// touched as a whole. It reports whether the write is one of several kinds.
func FindSeveral(in *model.Interface, m *model.Method) (k Keys, also []plan.Touch, several bool) {
	if m.Said.Of == nil || len(m.Said.Of.Also) == 0 {
		if k, also := saidTogether(in, m); len(also) > 0 {
			return k, also, true
		}
		refuseKeysOf(in, m)
		return Keys{}, nil, false
	}
	if m.Kind != plan.Write {
		in.Reports.Addf(m.Said.Of.Pos, "name the kind whose keys say which store it reads", "%s reads: it goes by one kind", m.Name)
		return Keys{}, nil, false
	}
	kinds := []*model.Entity{m.Owner}
	for _, w := range m.Said.Of.Also {
		kinds = append(kinds, in.EntityNamed(w.Text))
	}
	if slices.Contains(kinds, nil) {
		return Keys{Level: model.Asked}, nil, true // reported
	}
	k = Keys{Key: keyOfKind(in, m, kinds[0], true), Level: model.Stated}
	if m.Said.Of.Proposed {
		k.Level = model.Likely
	}
	for _, e := range kinds[1:] {
		also = append(also, plan.Touch{Entity: e.Entity, Key: keyOfKind(in, m, e, false)})
	}
	refuseUnknownKinds(in, m, kinds)
	names, keys := Touched(m, append([]plan.Touch{{Entity: kinds[0].Entity, Key: k.Key}}, also...))
	k.because("It writes %s, by directive; keys: %s.", strings.ReplaceAll(names, ",", " and "), keys)
	return k, also, true
}

// Touched writes the kinds that a write touches, and the keys of each.
func Touched(m *model.Method, touches []plan.Touch) (kinds, keys string) {
	var names, all []string
	for _, touch := range touches {
		if !slices.Contains(names, touch.Entity.Name) {
			names = append(names, touch.Entity.Name)
		}
		switch touch.Key.Form {
		case plan.KeyResult:
			all = append(all, "result")
		case plan.KeyNone:
			all = append(all, "whole "+touch.Entity.Name)
		case plan.KeyEach:
			all = append(all, "each "+Paths(m, touch.Key.Parts))
		default:
			all = append(all, Paths(m, touch.Key.Parts))
		}
	}
	return strings.Join(names, ","), strings.Join(all, "; ")
}

// keyOfKind is the key of one of several kinds: by directive, of the first kind also as its types and names say it, else the whole kind.
func keyOfKind(in *model.Interface, m *model.Method, e *model.Entity, first bool) plan.Key {
	said := m.Said.Key
	var own plan.Key
	if said == nil && first && e.Keyed() {
		own, _ = byRules(in, m, e)
	}
	if own.Untold { // each kind has one key, known before
		own.MayBeMade, own.Untold = false, false
	}
	switch {
	case said == nil && first && m.Said.Of.Proposed:
		proposeWide(in, m, "it likely writes several kinds, and nothing says which of each", "else write "+m.Directive("key", keysExample(m))+" "+m.Place())
	case said == nil && first && !own.MayBeMade && (own.Form == plan.KeyOne || own.Form == plan.KeyEach):
		return own
	case said == nil && first && own.Form != 0 && own.Form != plan.KeyNone, said != nil && len(said.Of) == 0 && said.Form != plan.KeyNone:
		in.Reports.Addf(m.Pos, "name the key of each, or none for a whole kind: //dualgen:key "+keysExample(m)+" above it",
			"%s writes several kinds: the key of each has to be among its arguments, or the whole kind is unclean after it", m.Name)
	case said != nil:
		i := slices.IndexFunc(said.Of, func(of directive.KeyOf) bool { return of.Kind.Text == e.Name })
		if i >= 0 && said.Of[i].Parts != nil {
			return keySaidOf(in, m, e, said.Of[i])
		}
	}
	return plan.Key{Form: plan.KeyNone}
}

// keysExample shows a key directive for a write on several kinds.
func keysExample(m *model.Method) string {
	said := m.Said.Of.Entity.Text + "=…"
	for _, w := range m.Said.Of.Also {
		said += " " + w.Text + "=none"
	}
	return said
}

// keySaidOf resolves the paths of one kind's key. A path through a list touches each of its elements.
func keySaidOf(in *model.Interface, m *model.Method, e *model.Entity, of directive.KeyOf) plan.Key {
	said := &directive.Key{Said: m.Said.Key.Said, Form: plan.KeyOne, Parts: of.Parts}
	root := strings.Split(of.Parts[0].Text, ".")[0]
	if i := m.ParamCalled(root); i >= 0 {
		if _, list := m.Params[i].Type.Underlying().(*types.Slice); list {
			said.Form = plan.KeyEach
		}
	}
	if len(of.Parts) != len(e.Parts) && !(len(of.Parts) == 1 && wholeEntity(m, said, e)) {
		in.Reports.Addf(of.Kind.Pos, "name one path for each part, separated by commas", "the key of %s has %s (%s), but the directive names %d",
			e.Name, text.Plural(len(e.Parts), "part"), e.PartNames(), len(of.Parts))
		return plan.Key{Form: plan.KeyNone}
	}
	one := *m
	one.Said.Key, one.Owner = said, e
	return plan.Key{Form: said.Form, Parts: saidParts(in, &one, e)}
}

// refuseUnknownKinds reports a key of a kind that the write is not said to touch.
func refuseUnknownKinds(in *model.Interface, m *model.Method, kinds []*model.Entity) {
	if m.Said.Key == nil {
		return
	}
	for _, of := range m.Said.Key.Of {
		if !slices.ContainsFunc(kinds, func(e *model.Entity) bool { return e.Name == of.Kind.Text }) {
			in.Reports.Addf(of.Kind.Pos, "name it in the entity directive too: //dualgen:entity "+m.Said.Of.Entity.Text+","+of.Kind.Text, "%s is not said to write %s", m.Name, of.Kind.Text)
		}
	}
}

// CheckSeveral reports a kind that can't be copied where a write on several kinds has to be. One that is shared is copied by the repository
// that is handed out beside this one.
func CheckSeveral(in *model.Interface, m *model.Method) {
	if m.Mirror != plan.Copy {
		return
	}
	for _, touch := range m.Touches() {
		e := in.EntityNamed(touch.Entity.Name)
		if e != nil && !e.Shared() && (e.SaysNone(model.Get) || e.SaysNone(model.Put)) {
			in.Ask(m, "write //dualgen:mirror replay above it if calling it twice does what calling it once does, or name a get and a put of "+e.Name,
				"%s would have to be copied, and nothing copies %s", m.Name, e.Name)
		}
	}
}
