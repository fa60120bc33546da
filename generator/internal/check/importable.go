package check

import (
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
)

// reportImports reports each request whose output would import a package that the go command forbids it: an internal one of
// another tree, or a program. The type checker knows nothing of either.
func (c *checker) reportImports(reports *report.List) {
	for _, o := range c.Outputs {
		output := o.Repo.Output.Path
		if o.Path == o.Repo.Output.Ctl {
			output = o.Repo.Output.CtlPath
		} else if o.Repo.Elsewhere(o.Path) {
			output = o.Repo.Proxy.Path
		}
		for _, path := range o.Imports {
			if tree, ok := internalTree(path); ok && !below(tree, output) {
				reports.Addf(o.Repo.Pos, "write the output to a package below "+tree+": -out, or move the package",
					"the output in package %s may not import %s, which is internal to %s", output, path, tree)
			}
			if pkg := c.program.ByPath[path]; pkg != nil && pkg.Name == "main" {
				reports.Addf(o.Repo.Pos, "drop -out, or move the types out of package main",
					"the output in package %s would import %s, which is a program", output, path)
			}
		}
	}
}

// internalTree is the import path of the directory that an internal package belongs to.
func internalTree(path string) (string, bool) {
	elements := strings.Split(path, "/")
	for i := len(elements) - 1; i > 0; i-- {
		if elements[i] == "internal" {
			return strings.Join(elements[:i], "/"), true
		}
	}
	return "", false
}

// below reports whether an import path is that of a tree or of a package in it.
func below(tree, path string) bool {
	return path == tree || strings.HasPrefix(path, tree+"/")
}
