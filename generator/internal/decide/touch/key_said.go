package touch

import (
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// saidKeys resolves a key directive.
func saidKeys(in *model.Interface, m *model.Method) Keys {
	said, e := m.Said.Key, m.Owner
	k := Keys{Key: plan.Key{Form: said.Form}, Level: model.Stated}
	switch {
	case said.Form == plan.KeyNone:
		k.because("No key, by directive: it concerns the whole kind.")
	case e == nil && m.Kind == plan.Write: // asked where its entity was looked for
	case e == nil:
		in.Reports.Addf(said.Pos, ChooseEntity(in, m), "//dualgen:key has no entity to be the key of: %s touches none that is known", m.Name)
	case said.Form == plan.KeyListed:
		if k.Key.Lister = saidLister(in, m, e); k.Key.Lister != nil {
			k.because("Key: what %s lists before the call, by directive.", said.Parts[0].Text)
		}
	case len(said.Parts) != len(e.Parts) && !(len(said.Parts) == 1 && wholeEntity(m, said, e)):
		in.Reports.Addf(said.Pos, "name one path for each part, separated by commas", "the key of %s has %s (%s), but the directive names %d",
			e.Name, text.Plural(len(e.Parts), "part"), e.PartNames(), len(said.Parts))
	case m.Kind == plan.Read && said.Form.Made():
		in.Reports.Addf(said.Pos, "name a parameter, or write //dualgen:key none", "%s reads: its key must be known before", m.Name)
	default:
		k.Key.Parts = saidParts(in, m, e)
		if len(k.Key.Parts) > 0 && said.Form != plan.KeyResult {
			k.because("Key: %s, by directive.", Paths(m, k.Key.Parts))
		} else {
			k.because("Key: of the result, by directive.")
		}
	}
	return k
}

// wholeEntity reports whether a directive's one path is a parameter or result that carries the entity.
func wholeEntity(m *model.Method, said *directive.Key, e *model.Entity) bool {
	_, t := root(m, said, strings.Split(said.Parts[0].Text, ".")[0])
	return t != nil && e.Type != nil && types.Identical(shape.ElementOf(t).Type, e.Type)
}

// saidParts resolves each path of a key directive.
func saidParts(in *model.Interface, m *model.Method, e *model.Entity) []plan.KeyPart {
	var parts []plan.KeyPart
	for n, w := range m.Said.Key.Parts {
		names := strings.Split(w.Text, ".")
		index, t := root(m, m.Said.Key, names[0])
		if t == nil {
			in.Reports.Addf(w.Pos, report.Hint(names[0], m.ParamNames()), "%s has no parameter %s", m.Name, names[0])
			return nil
		}
		if len(names) == 1 && e.Type != nil && types.Identical(shape.ElementOf(t).Type, e.Type) {
			return e.PartsFrom(index, t)
		}
		part, err := in.Path(t, names[1:])
		if err != nil {
			in.Reports.Addf(w.Pos, in.PathHint(names[0], t, names[1:]), "%s: %v", w.Text, err)
			return nil
		}
		if n >= len(e.Parts) {
			AskKey(in, m, e)
			return nil
		}
		if !types.Identical(part.Type, e.Parts[n].Type) {
			in.Reports.Addf(w.Pos, "name a path whose type is "+shape.String(e.Parts[n].Type), "%s has type %s, but the key of %s has type %s",
				w.Text, shape.String(part.Type), e.Name, shape.String(e.Parts[n].Type))
			return nil
		}
		part.Param = index
		parts = append(parts, part)
	}
	return parts
}

// root finds the parameter or result that a path begins with, and the type that the path's next step selects from.
func root(m *model.Method, said *directive.Key, name string) (index int, t types.Type) {
	if said.Form == plan.KeyResult {
		if results := m.NonError(); len(results) > 0 {
			return results[0], m.Results[results[0]].Type
		}
		return 0, nil
	}
	for i := range m.Params {
		if !m.IsParam(i, name) {
			continue
		}
		t := m.Params[i].Type
		if said.Form == plan.KeyEach || said.Form == plan.KeyOutEach {
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
