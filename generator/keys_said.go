package generator

import (
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// saidKey resolves a key directive.
func (b *builder) saidKey(d *decision, e *entity) {
	said := d.said.Key
	d.Key.Form = said.Form
	switch {
	case len(said.Of) > 0:
		return // of several kinds
	case said.Form == plan.KeyNone:
		d.because("No key, by directive: it concerns the whole kind.")
		return
	case e == nil && d.Kind == plan.Write:
		return // reported where it was looked for
	case e == nil:
		b.reports.Addf(said.Pos, b.chooseEntity(d), "//dualgen:key has no entity to be the key of: %s touches none that is known", d.Name)
		return
	case said.Form == plan.KeyListed:
		b.saidLister(d, e)
		return
	case len(said.Parts) != len(e.parts) && !(len(said.Parts) == 1 && b.wholeEntity(d, said, e)):
		b.reports.Addf(said.Pos, "name one path for each part, separated by commas", "the key of %s has %s (%s), but the directive names %d",
			e.Name, text.Plural(len(e.parts), "part"), partNames(e), len(said.Parts))
		return
	case d.Kind == plan.Read && (said.Form == plan.KeyResult || said.Form == plan.KeyOut):
		b.reports.Addf(said.Pos, "name a parameter, or write //dualgen:key none", "%s reads: its key must be known before", d.Name)
		return
	}
	b.saidParts(d, e)
	if len(d.Key.Parts) > 0 && d.Key.Form != plan.KeyResult {
		d.because("Key: %s, by directive.", pathsOf(d, d.Key.Parts))
	} else {
		d.because("Key: of the result, by directive.")
	}
}

// wholeEntity reports whether a directive's one path is a parameter or result that carries the entity.
func (b *builder) wholeEntity(d *decision, said *directive.Key, e *entity) bool {
	_, t := b.root(d, said, strings.Split(said.Parts[0].Text, ".")[0])
	return t != nil && e.Type != nil && types.Identical(elementOf(t).typ, e.Type)
}

// saidParts resolves each path of a key directive.
func (b *builder) saidParts(d *decision, e *entity) {
	said := d.said.Key
	for n, w := range said.Parts {
		names := strings.Split(w.Text, ".")
		index, t := b.root(d, said, names[0])
		if t == nil {
			b.reports.Addf(w.Pos, report.Hint(names[0], d.paramNames()), "%s has no parameter %s", d.Name, names[0])
			return
		}
		if len(names) == 1 && e.Type != nil && types.Identical(elementOf(t).typ, e.Type) {
			d.Key.Parts = b.partsFrom(e, index, t)
			return
		}
		part, err := b.path(t, names[1:])
		if err != nil {
			b.reports.Addf(w.Pos, report.Hint(names[len(names)-1], fieldNames(elementOf(t).typ)), "%s: %v", w.Text, err)
			return
		}
		if n >= len(e.parts) {
			b.reportNoKey(d, e)
			return
		}
		if !types.Identical(part.Type, e.parts[n].Type) {
			b.reports.Addf(w.Pos, "name a path whose type is "+typeString(e.parts[n].Type), "%s has type %s, but the key of %s has type %s",
				w.Text, typeString(part.Type), e.Name, typeString(e.parts[n].Type))
			return
		}
		part.Param = index
		d.Key.Parts = append(d.Key.Parts, part)
	}
}

// root finds the parameter or result that a path begins with, and the type that the path's next step selects from.
func (b *builder) root(d *decision, said *directive.Key, name string) (index int, t types.Type) {
	if said.Form == plan.KeyResult {
		if results := d.nonError(); len(results) > 0 {
			return results[0], d.Results[results[0]].Type
		}
		return 0, nil
	}
	for i := range d.Params {
		if !d.calls(i, name) {
			continue
		}
		t := d.Params[i].Type
		if said.Form == plan.KeyEach {
			slice, ok := t.Underlying().(*types.Slice)
			if !ok {
				return 0, nil
			}
			return i, slice.Elem()
		}
		return i, t
	}
	return 0, nil
}
