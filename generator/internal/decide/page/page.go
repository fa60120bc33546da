// Package page decides where the reads that return page by page have their cursors.
package page

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Decide finds the cursors of a method that returns page by page: by directive. A method that seems to have some, and of which
// nothing is said, is asked about: it returns nil.
func Decide(in *model.Interface, m *model.Method) *plan.Paging {
	switch said := m.Said.Cursor; {
	case said == nil:
		if m.Kind == plan.Read && !m.Said.Bad {
			doubt(in, m)
		}
		return nil
	case said.Given.Text == "none":
		return nil
	default:
		return paging(in, m, said)
	}
}

// opaque are names of parameters that are only for the store that made them; between are names that may also be the last key.
var (
	opaque  = []string{"cursor", "token", "pagetoken", "nexttoken", "nextpagetoken", "continuationtoken", "continuation", "state", "pagestate", "marker", "bookmark", "offset"}
	between = []string{"after", "from", "start", "startafter", "since"}
)

// doubt asks about a read that is handed what may be a cursor, and returns what may be the next one.
func doubt(in *model.Interface, m *model.Method) {
	if m.Error < 0 || in.Transacts() {
		return
	}
	for _, i := range m.NonContext() {
		name := text.BareName(m.SourceName(i))
		if !shape.IsText(m.Params[i].Type) || m.Params[i].Variadic || !slices.Contains(opaque, name) && !slices.Contains(between, name) {
			continue
		}
		if !returnsNext(m, i) && !(slices.Contains(opaque, name) && returnsPage(m)) {
			continue
		}
		in.Ask(m, fmt.Sprintf("write %s %s, if %s is for the store that made it alone\nor %s, if it is the last key, or the like, and means the same to both stores",
			m.Directive("cursor", m.NameOf(i)), m.Place(), m.NameOf(i), m.Directive("cursor", "none")),
			"cannot tell whether the other store understands the %s that %s is handed: it may be an opaque cursor", m.NameOf(i), m.Name)
		return
	}
}

// returnsNext reports whether a method returns text or bytes beside a list, as the next cursor is.
func returnsNext(m *model.Method, param int) bool {
	return m.ReturnsMany() && slices.ContainsFunc(m.NonError(), func(i int) bool {
		return types.Identical(m.Results[i].Type, m.Params[param].Type)
	})
}

// returnsPage reports whether a method returns a struct that has a list and a text that may be the next cursor. An entity that a method
// finds by its key is no page, though its key may be called a token.
func returnsPage(m *model.Method) bool {
	return slices.ContainsFunc(m.NonError(), func(i int) bool {
		_, s := shape.NamedStruct(shape.ElementOf(m.Results[i].Type).Type)
		if s == nil || m.Owner != nil && m.Levels.Key.Decided() && m.Key.Form == plan.KeyOne && types.Identical(shape.ElementOf(m.Results[i].Type).Type, m.Owner.Type) {
			return false
		}
		list, next := false, false
		for field := range s.Fields() {
			name := text.BareName(field.Name())
			list = list || shape.ElementOf(field.Type()).Many
			next = next || shape.IsText(field.Type()) && (strings.HasPrefix(name, "next") || slices.Contains(opaque, name))
		}
		return list && next
	})
}

// paging resolves a cursor directive, or reports what is wrong with it.
func paging(in *model.Interface, m *model.Method, said *directive.Cursor) *plan.Paging {
	i := m.ParamCalled(said.Given.Text)
	switch {
	case m.Kind != plan.Read:
		in.Reports.Addf(said.Pos, "drop it", "//dualgen:cursor speaks of a read, and %s is none", m.Name)
	case m.Error < 0:
		in.Reports.Addf(said.Pos, "let it return an error", "%s returns no error: it could not say that its cursor is another store's", m.Name)
	case in.Transacts():
		in.Reports.Addf(said.Pos, "page by the last key, or leave the transaction out of the interface",
			"the function of a transaction would be given cursors as the store makes them, and %s other ones", m.Name)
	case i < 0:
		in.Reports.Addf(said.Given.Pos, report.Hint(said.Given.Text, m.ParamNames()), "%s has no parameter %s", m.Name, said.Given.Text)
	case !shape.IsText(m.Params[i].Type) || m.Params[i].Variadic:
		in.Reports.Addf(said.Given.Pos, "name a parameter that is text or bytes", "%s has type %s, which is no cursor", said.Given.Text, shape.String(m.Params[i].Type))
	default:
		result, field, ok := madeCursor(in, m, said, m.Params[i].Type)
		if !ok {
			return nil
		}
		return &plan.Paging{Param: i, Result: result, Field: field}
	}
	return nil
}

// madeCursor finds the cursor of the next page among a method's results: what the directive names, else the only result that
// can be one, the parameter's type first, else the only such field of the struct that it returns.
func madeCursor(in *model.Interface, m *model.Method, said *directive.Cursor, given types.Type) (result int, field *types.Var, ok bool) {
	if said.Made.Text != "" {
		return saidMade(in, m, said.Made)
	}
	results := m.NonError()
	for _, fits := range []func(types.Type) bool{func(t types.Type) bool { return types.Identical(t, given) }, shape.IsText} {
		if found := slices.DeleteFunc(slices.Clone(results), func(i int) bool { return !fits(m.Results[i].Type) }); len(found) == 1 {
			return found[0], nil, true
		}
	}
	remedy := "let the directive say it: //dualgen:cursor " + said.Given.Text + " next, a result's name\nor //dualgen:cursor " + said.Given.Text +
		" result.Next, a field of the struct that the method returns first"
	in.Ask(m, remedy, "cannot tell which result of %s is the cursor of the next page", m.Name)
	return 0, nil, false
}

// saidMade resolves the result that a directive names: by its name, or as a field of the first one.
func saidMade(in *model.Interface, m *model.Method, made text.Word) (result int, field *types.Var, ok bool) {
	name, fieldName, hasField := strings.Cut(made.Text, ".")
	results := m.NonError()
	i := slices.IndexFunc(results, func(i int) bool { return m.Sig.Results().At(i).Name() == name })
	if i < 0 && name == "result" && len(results) > 0 {
		i = 0
	}
	if i < 0 {
		in.Reports.Addf(made.Pos, "name a result, or write result.Field", "%s has no result %s", m.Name, name)
		return 0, nil, false
	}
	t := m.Results[results[i]].Type
	if hasField {
		owner, _ := shape.Deref(t)
		if s, ok := owner.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Name() == fieldName && (f.Exported() || f.Pkg() == in.Output) {
					field, t = f, f.Type()
				}
			}
		}
		if field == nil {
			in.Reports.Addf(made.Pos, report.Hint(fieldName, reachableText(owner, in.Output)), "%s has no field %s", shape.String(owner), fieldName)
			return 0, nil, false
		}
	}
	if !shape.IsText(t) {
		in.Reports.Addf(made.Pos, "name a result, or a field of one, that is text or bytes", "%s has type %s, which is no cursor", made.Text, shape.String(t))
		return 0, nil, false
	}
	return results[i], field, true
}

// reachableText are the fields of a struct that a package can reach and that can be a cursor.
func reachableText(t types.Type, from *types.Package) []string {
	var names []string
	if s, ok := t.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if shape.IsText(f.Type()) && (f.Exported() || f.Pkg() == from) {
				names = append(names, f.Name())
			}
		}
	}
	return names
}
