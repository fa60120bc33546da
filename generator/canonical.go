package generator

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// canonical is the function that makes the stores' own form of a part of an entity's key, by directive; nil for none.
func (b *builder) canonical(e *model.Entity, part model.KeyField) *plan.FuncRef {
	i := slices.IndexFunc(b.said.Canonicals, func(d *directive.Canonical) bool {
		return d.Entity.Text == e.Name && text.SameName(d.Part.Text, part.Name)
	})
	if i < 0 {
		return nil
	}
	return b.canonicalFunc(b.said.Canonicals[i].Function, part.Type)
}

// canonicalFunc finds the function that a directive names: of the interface's package, or of one that it imports.
func (b *builder) canonicalFunc(w text.Word, t types.Type) *plan.FuncRef {
	dot := strings.LastIndexByte(w.Text, '.')
	name := w.Text[dot+1:]
	for _, pkg := range b.canonicalPackages(w.Text[:max(dot, 0)]) {
		f, ok := pkg.Scope().Lookup(name).(*types.Func)
		if !ok {
			continue
		}
		sig := f.Signature()
		if sig.TypeParams().Len() > 0 || sig.Variadic() || sig.Params().Len() != 1 || sig.Results().Len() != 1 ||
			!types.Identical(sig.Params().At(0).Type(), t) || !types.Identical(sig.Results().At(0).Type(), t) {
			b.reports.Addf(w.Pos, "give it this one: func "+name+"("+shape.String(t)+") "+shape.String(t), "%s cannot make the stores' form of a key: its signature does not fit", w.Text)
			return nil
		}
		if pkg != b.repo.Output.Package && !token.IsExported(name) {
			b.reports.Addf(w.Pos, "export it", "the output is written in package %s, which cannot call %s", b.repo.Output.Name, w.Text)
			return nil
		}
		return &plan.FuncRef{Name: name, Package: pkg}
	}
	b.reports.Addf(w.Pos, "name a function of the interface's package, or package.Name of one that it imports, func("+shape.String(t)+") "+shape.String(t),
		"there is no function %s", w.Text)
	return nil
}

// canonicalPackages are the packages that the qualifier of a function means. strings is at hand without an import.
func (b *builder) canonicalPackages(name string) []*types.Package {
	found := sentinel.Scope{Package: b.pkg.Types, File: b.file}.Packages(name)
	if len(found) == 0 && name == "strings" {
		if pkg, err := b.program.universe.Import("strings"); err == nil {
			found = append(found, pkg)
		}
	}
	return found
}

// checkCanonicals reports directives that name no part of a key.
func (b *builder) checkCanonicals() {
	for n, d := range b.said.Canonicals {
		i := slices.IndexFunc(b.in.Entities, func(e *model.Entity) bool { return e.Name == d.Entity.Text })
		if i < 0 {
			var names []string
			for _, e := range b.in.Entities {
				names = append(names, e.Name)
			}
			b.reports.Addf(d.Entity.Pos, report.Hint(d.Entity.Text, names), "there is no entity %s", d.Entity.Text)
			continue
		}
		var parts []string
		for _, p := range b.in.Entities[i].Parts {
			parts = append(parts, p.Name)
		}
		if !slices.ContainsFunc(parts, func(name string) bool { return text.SameName(name, d.Part.Text) }) {
			b.reports.Addf(d.Part.Pos, report.Hint(d.Part.Text, parts), "%s is no part of the key of %s", d.Part.Text, d.Entity.Text)
			continue
		}
		if slices.ContainsFunc(b.said.Canonicals[:n], func(o *directive.Canonical) bool {
			return o.Entity.Text == d.Entity.Text && text.SameName(o.Part.Text, d.Part.Text)
		}) {
			b.reports.Addf(d.Pos, "keep one of the two", "//dualgen:canonical is said twice of %s.%s", d.Entity.Text, d.Part.Text)
		}
	}
}
