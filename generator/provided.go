package generator

import (
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// reportMissing reports, for each request, the packages that its output needs and that the module does not provide: they
// are no fault of the output.
func (p *program) reportMissing(r *result) error {
	reports := &reports{}
	for _, repo := range r.repositories {
		if missing := p.missing(repo.Output.File, r); len(missing) > 0 {
			reports.addf(repo.Pos, "go get "+strings.Join(missing, " "), "the generated code needs %s, which this module does not provide", strings.Join(missing, " and "))
			continue
		}
		if missing := p.missing(repo.Output.TestFile, r); len(missing) > 0 {
			reports.addf(repo.Pos, "go get "+strings.Join(missing, " ")+"\nor leave the tests out: -test=false",
				"the conformance tests need %s, which this module does not provide", strings.Join(missing, " and "))
		}
	}
	return reports.err()
}

// missing are the packages that a generated file imports, directly or through the runtime's suite, and that were not found.
func (p *program) missing(name string, r *result) []string {
	var missing []string
	for _, f := range r.files {
		if f.Path != name {
			continue
		}
		for _, path := range importsIn(f.Source) {
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
	}
	slices.Sort(missing)
	return slices.Compact(missing)
}

// importsIn are the import paths of a source file.
func importsIn(source []byte) []string {
	file, err := parser.ParseFile(token.NewFileSet(), "", source, parser.ImportsOnly)
	if err != nil {
		return nil // the self-check reports it
	}
	var paths []string
	for _, spec := range file.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
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
