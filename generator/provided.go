package generator

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/plan"
)

// reportMissing reports, for each request, the packages that its output needs and that the module does not provide: they
// are no fault of the output.
func (p *program) reportMissing(f *folder, reports *report.List) {
	var said *plan.Repository
	for _, o := range f.outputs {
		missing := p.missing(o)
		switch {
		case len(missing) == 0 || o.repo == said:
		case o.Path == o.repo.Output.File:
			said = o.repo
			reports.Addf(o.repo.Pos, "go get "+strings.Join(missing, " "), "the generated code needs %s, which this module does not provide", strings.Join(missing, " and "))
		case o.Path == o.repo.Output.TestFile:
			reports.Addf(o.repo.Pos, "go get "+strings.Join(missing, " ")+"\nor leave the tests out: -test=false",
				"the conformance tests need %s, which this module does not provide", strings.Join(missing, " and "))
		}
	}
}

// missing are the packages that a generated file imports, directly or through the runtime's suite, and that were not found.
func (p *program) missing(o *output) []string {
	var missing []string
	for _, path := range o.imports {
		if p.absent(path) {
			missing = append(missing, path)
		}
		if pkg := p.byPath[path]; pkg != nil && path == suitePath {
			for imported := range pkg.Imports {
				if p.absent(imported) {
					missing = append(missing, imported)
				}
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// absent reports whether the load looked for a package and did not find it. Of one that it did not look for, the
// self-check asks the go command.
func (p *program) absent(path string) bool {
	pkg := p.byPath[path]
	for _, root := range p.byPath {
		if pkg == nil {
			pkg = root.Imports[path]
		}
	}
	return pkg != nil && path != "unsafe" && path != "C" && pkg.ExportFile == "" && len(pkg.GoFiles) == 0
}
