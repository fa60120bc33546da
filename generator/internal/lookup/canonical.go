package lookup

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Canonical is the function that makes the stores' own form of a part of an entity's key, by directive; nil for none.
func (l *Functions) Canonical(e *model.Entity, part model.KeyField) *plan.FuncRef {
	i := slices.IndexFunc(l.in.Said.Canonicals, func(d *directive.Canonical) bool {
		return d.Entity.Text == e.Name && text.SameName(d.Part.Text, part.Name)
	})
	if i < 0 {
		return nil
	}
	return l.canonicalFunc(l.in.Said.Canonicals[i].Function, part.Type)
}

// canonicalFunc finds the function that a directive names: of the interface's package, of a store's, or of one that either imports.
func (l *Functions) canonicalFunc(w text.Word, t types.Type) *plan.FuncRef {
	dot := strings.LastIndexByte(w.Text, '.')
	name := w.Text[dot+1:]
	for _, pkg := range l.canonicalPackages(w.Text[:max(dot, 0)]) {
		f, ok := pkg.Scope().Lookup(name).(*types.Func)
		if !ok {
			continue
		}
		sig := f.Signature()
		if sig.TypeParams().Len() > 0 || sig.Variadic() || sig.Params().Len() != 1 || sig.Results().Len() != 1 ||
			!types.Identical(sig.Params().At(0).Type(), t) || !types.Identical(sig.Results().At(0).Type(), t) {
			l.in.Reports.Addf(w.Pos, "give it this one: func "+name+"("+shape.String(t)+") "+shape.String(t), "%s cannot make the stores' form of a key: its signature does not fit", w.Text)
			return nil
		}
		if !l.Callable(w.Pos, f) {
			return nil
		}
		return &plan.FuncRef{Name: name, Package: pkg}
	}
	l.in.Reports.Addf(w.Pos, "name a function of the interface's package, or package.Name of one that it or a store imports, func("+shape.String(t)+") "+shape.String(t),
		"there is no function %s", w.Text)
	return nil
}

// canonicalPackages are the packages that the qualifier of a function means. strings is at hand without an import.
func (l *Functions) canonicalPackages(name string) []*types.Package {
	found := sentinel.Scope{Package: l.in.Package, File: l.file}.Packages(name)
	for _, store := range l.in.Stores {
		if len(found) == 0 && name != "" && store.Pkg != nil {
			found = sentinel.Scope{Package: l.in.Package, File: l.file, Near: store.Pkg}.Packages(name)
		}
	}
	if len(found) == 0 && name == "strings" {
		if pkg, err := l.program.Universe.Import("strings"); err == nil {
			found = append(found, pkg)
		}
	}
	return found
}

// CheckCanonicals reports directives that name no part of a key.
func (l *Functions) CheckCanonicals() {
	for n, d := range l.in.Said.Canonicals {
		i := slices.IndexFunc(l.in.Entities, func(e *model.Entity) bool { return e.Name == d.Entity.Text })
		if i < 0 {
			var names []string
			for _, e := range l.in.Entities {
				names = append(names, e.Name)
			}
			l.in.Reports.Addf(d.Entity.Pos, report.Hint(d.Entity.Text, names), "there is no entity %s", d.Entity.Text)
			continue
		}
		var parts []string
		for _, p := range l.in.Entities[i].Parts {
			parts = append(parts, p.Name)
		}
		if !slices.ContainsFunc(parts, func(name string) bool { return text.SameName(name, d.Part.Text) }) {
			l.in.Reports.Addf(d.Part.Pos, report.Hint(d.Part.Text, parts), "%s is no part of the key of %s", d.Part.Text, d.Entity.Text)
			continue
		}
		if slices.ContainsFunc(l.in.Said.Canonicals[:n], func(o *directive.Canonical) bool {
			return o.Entity.Text == d.Entity.Text && text.SameName(o.Part.Text, d.Part.Text)
		}) {
			l.in.Reports.Addf(d.Pos, "keep one of the two", "//dualgen:canonical is said twice of %s.%s", d.Entity.Text, d.Part.Text)
		}
	}
}
