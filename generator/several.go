package generator

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// markFurther notes which further kinds a write touches, by directive.
func (b *builder) markFurther(d *decision) {
	if d.said.Of == nil {
		return
	}
	for _, w := range d.said.Of.Also {
		if e := b.entityNamed(w); e != nil {
			e.written = true
		}
	}
}

// entityNamed finds an entity by its name, or reports that there is none.
func (b *builder) entityNamed(w text.Word) *entity {
	for _, e := range b.entities {
		if e.Name == w.Text {
			return e
		}
	}
	b.reports.Addf(w.Pos, report.Hint(w.Text, b.entityNames())+"\nor describe it above the interface: //dualgen:entity "+w.Text+" key=…",
		"there is no entity %s", w.Text)
	return nil
}

// decideSeveral says of the writes that touch several kinds, by directive, which keys of each they touch. Each kind of which nothing is
// said is touched as a whole.
func (b *builder) decideSeveral() {
	for _, d := range b.methods {
		if d.said.Of == nil || len(d.said.Of.Also) == 0 {
			b.refuseKeysOf(d)
			continue
		}
		if d.Kind != plan.Write {
			b.reports.Addf(d.said.Of.Pos, "name the kind whose keys say which store it reads", "%s reads: it goes by one kind", d.Name)
			continue
		}
		b.severalKinds(d)
	}
}

// refuseKeysOf refuses keys of several kinds for a method of one.
func (b *builder) refuseKeysOf(d *decision) {
	if said := d.said.Key; said != nil && len(said.Of) > 0 && d.Entity != nil {
		b.reports.Addf(said.Pos, "name the kinds: //dualgen:entity "+kindNames(said)+" above it, or the path alone: //dualgen:key path",
			"//dualgen:key speaks of several kinds, but %s touches one", d.Name)
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

// severalKinds decides the keys and the mirror of a write on several kinds.
func (b *builder) severalKinds(d *decision) {
	kinds := []*entity{b.ownerOf(d)}
	for _, w := range d.said.Of.Also {
		kinds = append(kinds, b.entityNamed(w))
	}
	if slices.Contains(kinds, nil) {
		return // reported
	}
	d.Also = nil
	for n, e := range kinds {
		key := b.keyOfKind(d, e, n == 0)
		if n == 0 {
			d.Key = key
		} else {
			d.Also = append(d.Also, plan.Touch{Entity: e.Entity, Key: key})
		}
	}
	b.refuseUnknownKinds(d, kinds)
	if d.said.Mirror == nil {
		d.Mirror = plan.Copy
	}
	names, keys := touched(d)
	d.Reasons = slices.DeleteFunc(d.Reasons, func(reason string) bool {
		return strings.HasPrefix(reason, "Key: ") || strings.HasPrefix(reason, "No key") || d.said.Mirror == nil && strings.HasPrefix(reason, "Mirror: ")
	})
	d.because("It writes %s, by directive; keys: %s.", strings.ReplaceAll(names, ",", " and "), keys)
	if d.said.Mirror == nil {
		d.because("Mirror: copy of each.")
	}
	b.checkSeveral(d, kinds)
}

// touched writes the kinds that a write touches, and the keys of each.
func touched(d *decision) (kinds, keys string) {
	var names, all []string
	for _, touch := range d.Touches() {
		names = append(names, touch.Entity.Name)
		switch touch.Key.Form {
		case plan.KeyNone:
			all = append(all, "whole "+touch.Entity.Name)
		case plan.KeyEach:
			all = append(all, "each "+pathsOf(d, touch.Key.Parts))
		default:
			all = append(all, pathsOf(d, touch.Key.Parts))
		}
	}
	return strings.Join(names, ","), strings.Join(all, "; ")
}

// keyOfKind is the key of one of several kinds: by directive, of the first kind also as its types and names say it, else the whole kind.
func (b *builder) keyOfKind(d *decision, e *entity, first bool) plan.Key {
	said := d.said.Key
	switch {
	case said == nil && first && !d.Key.MayBeMade && (d.Key.Form == plan.KeyOne || d.Key.Form == plan.KeyEach):
		return d.Key
	case said == nil && first && d.Key.Form != 0 && d.Key.Form != plan.KeyNone, said != nil && len(said.Of) == 0 && said.Form != plan.KeyNone:
		b.reports.Addf(d.Pos, "name the key of each, or none for a whole kind: //dualgen:key "+keysExample(d)+" above it",
			"%s writes several kinds: the key of each has to be among its arguments, or the whole kind is unclean after it", d.Name)
	case said != nil:
		i := slices.IndexFunc(said.Of, func(of directive.KeyOf) bool { return of.Kind.Text == e.Name })
		if i >= 0 && said.Of[i].Parts != nil {
			return b.keySaidOf(d, e, said.Of[i])
		}
	}
	return plan.Key{Form: plan.KeyNone}
}

// keysExample shows a key directive for a write on several kinds.
func keysExample(d *decision) string {
	said := d.said.Of.Entity.Text + "=…"
	for _, w := range d.said.Of.Also {
		said += " " + w.Text + "=none"
	}
	return said
}

// keySaidOf resolves the paths of one kind's key. A path through a list touches each of its elements.
func (b *builder) keySaidOf(d *decision, e *entity, of directive.KeyOf) plan.Key {
	said := &directive.Key{Said: d.said.Key.Said, Form: plan.KeyOne, Parts: of.Parts}
	root := strings.Split(of.Parts[0].Text, ".")[0]
	if i := d.paramCalled(root); i >= 0 {
		if _, list := d.Params[i].Type.Underlying().(*types.Slice); list {
			said.Form = plan.KeyEach
		}
	}
	if len(of.Parts) != len(e.parts) && !(len(of.Parts) == 1 && b.wholeEntity(d, said, e)) {
		b.reports.Addf(of.Kind.Pos, "name one path for each part, separated by commas", "the key of %s has %s (%s), but the directive names %d",
			e.Name, text.Plural(len(e.parts), "part"), partNames(e), len(of.Parts))
		return plan.Key{Form: plan.KeyNone}
	}
	one := &decision{said: directive.Method{Key: said}, Method: &plan.Method{
		Name: d.Name, Pos: d.Pos, Sig: d.Sig, Params: d.Params, Results: d.Results, Context: d.Context, Error: d.Error, Kind: d.Kind, Key: plan.Key{Form: said.Form},
	}}
	b.saidParts(one, e)
	return one.Key
}

// refuseUnknownKinds reports a key of a kind that the write is not said to touch.
func (b *builder) refuseUnknownKinds(d *decision, kinds []*entity) {
	if d.said.Key == nil {
		return
	}
	for _, of := range d.said.Key.Of {
		if !slices.ContainsFunc(kinds, func(e *entity) bool { return e.Name == of.Kind.Text }) {
			b.reports.Addf(of.Kind.Pos, "name it in the entity directive too: //dualgen:entity "+d.said.Of.Entity.Text+","+of.Kind.Text, "%s is not said to write %s", d.Name, of.Kind.Text)
		}
	}
}

// checkSeveral reports a kind that cannot be copied where the write has to be.
func (b *builder) checkSeveral(d *decision, kinds []*entity) {
	for _, e := range kinds {
		if d.Mirror == plan.Copy && (e.saidWord("get").Text == "none" || e.said != nil && len(e.said.Put) == 1 && e.said.Put[0].Text == "none") {
			b.ask(d, "write //dualgen:mirror replay above it if calling it twice does what calling it once does, or name a get and a put of "+e.Name,
				"%s would have to be copied, and nothing copies %s", d.Name, e.Name)
		}
	}
}
