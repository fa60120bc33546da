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

// decideCursors finds the cursors of the methods that return page by page, by directive.
func (b *builder) decideCursors() {
	for _, d := range b.methods {
		if d.said.Cursor == nil {
			continue
		}
		if paging := b.paging(d, d.said.Cursor); paging != nil {
			d.Paging = paging
			d.because("Its cursors are the store's that made them, by directive.")
			if d.Key.Form == plan.KeyOne && slices.ContainsFunc(d.Key.Parts, func(p plan.KeyPart) bool { return len(p.Path) > 0 }) {
				each := d.Key
				d.Key, d.each = plan.Key{Form: plan.KeyNone}, &each
			}
		}
	}
}

// paging resolves a cursor directive, or reports what is wrong with it.
func (b *builder) paging(d *decision, said *directive.Cursor) *plan.Paging {
	i := d.paramCalled(said.Given.Text)
	switch {
	case d.Kind != plan.Read:
		b.reports.Addf(said.Pos, "drop it", "//dualgen:cursor speaks of a read, and %s is none", d.Name)
	case d.Error < 0:
		b.reports.Addf(said.Pos, "let it return an error", "%s returns no error: it could not say that its cursor is another store's", d.Name)
	case b.transacts():
		b.reports.Addf(said.Pos, "page by the last key, or leave the transaction out of the interface",
			"the function of a transaction would be given cursors as the store makes them, and %s other ones", d.Name)
	case i < 0:
		b.reports.Addf(said.Given.Pos, report.Hint(said.Given.Text, d.paramNames()), "%s has no parameter %s", d.Name, said.Given.Text)
	case !isCursor(d.Params[i].Type) || d.Params[i].Variadic:
		b.reports.Addf(said.Given.Pos, "name a parameter that is text or bytes", "%s has type %s, which is no cursor", said.Given.Text, typeString(d.Params[i].Type))
	default:
		result, field, ok := b.madeCursor(d, said, d.Params[i].Type)
		if !ok {
			return nil
		}
		return &plan.Paging{Param: i, Result: result, Field: field}
	}
	return nil
}

// isCursor reports whether a type is text or bytes. Of type parameters, nobody knows.
func isCursor(t types.Type) bool {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsString != 0
	case *types.Slice:
		return isByte(u.Elem())
	}
	return false
}

// madeCursor finds the cursor of the next page among a method's results: what the directive names, else the only result that
// can be one, the parameter's type first, else the only such field of the struct that it returns.
func (b *builder) madeCursor(d *decision, said *directive.Cursor, given types.Type) (result int, field *types.Var, ok bool) {
	if said.Made.Text != "" {
		return b.saidMade(d, said.Made)
	}
	results := d.nonError()
	for _, fits := range []func(types.Type) bool{func(t types.Type) bool { return types.Identical(t, given) }, isCursor} {
		if found := slices.DeleteFunc(slices.Clone(results), func(i int) bool { return !fits(d.Results[i].Type) }); len(found) == 1 {
			return found[0], nil, true
		}
	}
	remedy := "name it: //dualgen:cursor " + said.Given.Text + " next, a result's name\nor //dualgen:cursor " + said.Given.Text +
		" result.Next, a field of the struct that the method returns first"
	b.ask(d, remedy, "cannot tell which result of %s is the cursor of the next page", d.Name)
	return 0, nil, false
}

// saidMade resolves the result that a directive names: by its name, or as a field of the first one.
func (b *builder) saidMade(d *decision, made text.Word) (result int, field *types.Var, ok bool) {
	name, fieldName, hasField := strings.Cut(made.Text, ".")
	results := d.nonError()
	i := slices.IndexFunc(results, func(i int) bool { return d.Sig.Results().At(i).Name() == name })
	if i < 0 && name == "result" && len(results) > 0 {
		i = 0
	}
	if i < 0 {
		b.reports.Addf(made.Pos, "name a result, or write result.Field", "%s has no result %s", d.Name, name)
		return 0, nil, false
	}
	t := d.Results[results[i]].Type
	if hasField {
		owner, _ := derefType(t)
		if s, ok := owner.Underlying().(*types.Struct); ok {
			for f := range s.Fields() {
				if f.Name() == fieldName && (f.Exported() || f.Pkg() == b.repo.Output.Package) {
					field, t = f, f.Type()
				}
			}
		}
		if field == nil {
			b.reports.Addf(made.Pos, report.Hint(fieldName, fieldNames(owner)), "%s has no field %s", typeString(owner), fieldName)
			return 0, nil, false
		}
	}
	if !isCursor(t) {
		b.reports.Addf(made.Pos, "name a result, or a field of one, that is text or bytes", "%s has type %s, which is no cursor", made.Text, typeString(t))
		return 0, nil, false
	}
	return results[i], field, true
}

// withoutCursor is what is said of comparing a method's results, and that the cursor is left out.
func (d *decision) withoutCursor() *directive.Compare {
	own := directive.Compare{Said: d.said.Cursor.Said}
	if d.said.Compare != nil {
		own = *d.said.Compare
	}
	name := ""
	if d.Paging.Field != nil {
		name = d.Paging.Field.Name()
	} else if i := slices.Index(d.Values.Index, d.Paging.Result); i < len(d.Values.Fields) {
		name = d.Values.Fields[i]
	}
	own.Ignore = append(slices.Clip(own.Ignore), name)
	return &own
}
