package generator

import (
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/convert"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// findMakers resolves what construct directives name: functions of the interface's package, or of one that it, or a store's
// package, imports.
func (b *builder) findMakers() []convert.Maker {
	var makers []convert.Maker
	for _, d := range b.said.Constructs {
		for _, w := range d.Functions {
			switch f := b.makerNamed(w); {
			case f == nil:
				b.reports.Addf(w.Pos, "name a function of this package, or package.Name of one that the interface or a store imports",
					"there is no function %s", w.Text)
			case !f.Exported() && f.Pkg() != b.repo.Output.Package:
				b.reports.Addf(w.Pos, "export it", "the output is written in package %s, which cannot call %s", b.repo.Output.Name, w.Text)
			default:
				makers = append(makers, convert.Maker{Func: f, Pos: w.Pos})
			}
		}
	}
	return makers
}

// makerNamed is the function of that name, New or pkg.New; nil where there is none.
func (b *builder) makerNamed(w text.Word) *types.Func {
	dot := strings.LastIndexByte(w.Text, '.')
	qualifier, name := w.Text[:max(dot, 0)], w.Text[dot+1:]
	if !token.IsIdentifier(name) {
		return nil
	}
	packages := b.packagesNamed(qualifier, nil)
	if qualifier != "" {
		if own := b.pkg.Types; own.Name() == qualifier || own.Path() == qualifier {
			packages = append(packages, own)
		}
		for _, s := range b.in.Stores {
			if s.Pkg != nil {
				packages = append(packages, b.packagesNamed(qualifier, s.Pkg)...)
			}
		}
	}
	for _, pkg := range packages {
		if f, ok := pkg.Scope().Lookup(name).(*types.Func); ok {
			return f
		}
	}
	return nil
}
