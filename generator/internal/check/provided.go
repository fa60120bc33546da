package check

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/render"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/internal/plan"
)

// reportMissing reports, for each request, the packages that its output needs and that the module does not provide: they
// are no fault of the output.
func (c *checker) reportMissing(reports *report.List) {
	var said *plan.Repository
	for _, o := range c.Outputs {
		missing := c.missing(o)
		switch {
		case len(missing) == 0 || o.Repo == said:
		case o.Path == o.Repo.Output.File:
			said = o.Repo
			reports.Addf(o.Repo.Pos, "go get "+strings.Join(missing, " "), "the generated code needs %s, which this module does not provide", strings.Join(missing, " and "))
		case o.Path == o.Repo.Output.TestFile:
			reports.Addf(o.Repo.Pos, "go get "+strings.Join(missing, " ")+"\nor leave the tests out: -test=false",
				"the conformance tests need %s, which this module does not provide", strings.Join(missing, " and "))
		}
	}
}

// missing are the packages that a generated file imports, directly or through the runtime's suite, and that were not found.
func (c *checker) missing(o *render.Output) []string {
	var missing []string
	for _, path := range o.Imports {
		if c.program.Absent(path) && !slices.ContainsFunc(o.Repo.Subs, func(s *plan.SubRepository) bool { return s.Of.Output.Path == path }) {
			missing = append(missing, path)
		}
		if pkg := c.program.ByPath[path]; pkg != nil && path == load.SuitePath {
			for imported := range pkg.Imports {
				if c.program.Absent(imported) {
					missing = append(missing, imported)
				}
			}
		}
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}
