package generator

import (
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io"
	"slices"
	"strings"
)

// leavesOut reports whether the build constraints exclude the file of a request: the go command then runs none of its
// lines, and neither does a run over the module.
func (p *program) leavesOut(r *request) bool {
	if p.config.Line != 0 {
		return false
	}
	for _, pkg := range p.byPath {
		if slices.Contains(pkg.IgnoredFiles, r.file) {
			if p.config.LeftOut != nil {
				p.config.LeftOut(r.pos)
			}
			return true
		}
	}
	return false
}

// constraintOf is the build constraint of a file, as its //go:build line and its name say it, or "".
func constraintOf(file *ast.File, name string) string {
	var parts []string
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if comment.Pos() < file.Package && constraint.IsGoBuild(comment.Text) {
				parts = append(parts, strings.TrimSpace(strings.TrimPrefix(comment.Text, "//go:build")))
			}
		}
	}
	said := nameConstraint(name)
	if len(parts) > 0 && len(said) > 0 && strings.Contains(parts[0], "||") {
		parts[0] = "(" + parts[0] + ")"
	}
	return strings.Join(append(parts, said...), " && ")
}

// nameConstraint is what a file's name says of the system it is for: linux and arm64 of store_linux_arm64.go.
func nameConstraint(name string) []string {
	words := strings.Split(strings.TrimSuffix(name, ".go"), "_")
	if len(words) < 2 {
		return nil
	}
	last := words[len(words)-1]
	if matchesOn("", last) {
		return nil
	}
	if before := words[len(words)-2]; len(words) > 2 && !matchesOn(last, before+"_"+last) {
		return []string{before, last}
	}
	return []string{last}
}

// matchesOn reports whether a file whose name ends in the words is compiled for a system or processor; "" is none that
// there is.
func matchesOn(system, words string) bool {
	context := build.Context{GOOS: system, Compiler: "gc", OpenFile: func(string) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader("package p\n")), nil
	}}
	ok, err := context.MatchFile("", "x_"+words+".go")
	return err == nil && ok
}

// constrained reports whether a file has a //go:build line: whether a line asks for it is known only where that holds.
func constrained(name string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly|parser.ParseComments)
	return err == nil && constraintOf(file, "") != ""
}
