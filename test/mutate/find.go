package main

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
)

// finder collects the mutants of one file.
type finder struct {
	*source
	root, path string
	file       *ast.File
	fn         *ast.FuncDecl
	results    *ast.FieldList // of the innermost function
	found      []*mutant
}

// findMutants are all mutants of a package, in the order of its source.
func findMutants(root, name string) ([]*mutant, error) {
	source, err := load(root, name)
	if err != nil {
		return nil, err
	}
	var all []*mutant
	for _, file := range source.files {
		f := &finder{source: source, root: root, path: source.fset.File(file.Pos()).Name(), file: file}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil && !shown(fn.Name.Name) {
				f.fn, f.results = fn, fn.Type.Results
				f.walk(fn.Body)
			}
		}
		all = append(all, f.found...)
	}
	seen := map[string]int{}
	for _, m := range all {
		name := m.Name()
		m.Nth = seen[name]
		seen[name]++
	}
	return all, nil
}

// shown reports whether a function only writes text for people, or is the broken order of a red control.
func shown(name string) bool {
	return name == "String" || name == "Error" || name == "GoString" || name == "copyThenClear" || strings.HasPrefix(name, "log")
}

// walk finds the mutants below a node. What is written for people, and what the red controls switch off, is left out.
func (f *finder) walk(node ast.Node) {
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			outer := f.results
			f.results = n.Type.Results
			f.walk(n.Body)
			f.results = outer
			return false
		case *ast.ArrayType:
			return false
		case *ast.GenDecl:
			return n.Tok != token.CONST
		case *ast.CallExpr:
			if f.forPeople(n) {
				return false
			}
		case *ast.IfStmt:
			if f.switchedOff(n.Cond) {
				if n.Init != nil {
					f.walk(n.Init)
				}
				if n.Else != nil {
					f.walk(n.Else)
				}
				return false
			}
		}
		f.mutate(n)
		return true
	})
}

// forPeople reports whether a call logs, panics or makes an error's text.
func (f *finder) forPeople(call *ast.CallExpr) bool {
	return forPeople.MatchString(f.source.source(call.Fun))
}

var forPeople = regexp.MustCompile(`^panic$|^fmt\.|^errors\.New$|\b(s?log|logger|Logger)\b|\.log[A-Z]\w*$|^log[A-Z]?\w*$`)

// switchedOff reports whether a condition is a red control: true only where a test switched a rule off.
func (f *finder) switchedOff(cond ast.Expr) bool {
	return switchedOff.MatchString(f.source.source(cond))
}

var switchedOff = regexp.MustCompile(`^[\w.()]*\b[oO]ff\.\w+$`)

// redControl finds a red control within a condition, which is proved where it is switched; ruleOn is one that holds unless it is.
var (
	redControl = regexp.MustCompile(`\b[oO]ff\.\w`)
	ruleOn     = regexp.MustCompile(`^![\w.()]*\b[oO]ff\.\w+$`)
)

// source is the text of a node.
func (s *source) source(n ast.Node) string {
	file := s.fset.File(n.Pos())
	return string(s.text[file.Name()][file.Offset(n.Pos()):file.Offset(n.End())])
}

// add notes a mutant of the whole node.
func (f *finder) add(n ast.Node, op string, text func(on, old string) string) {
	old := f.source.source(n)
	if redControl.MatchString(old) && op != "drop" {
		return
	}
	file := f.fset.File(n.Pos())
	below, err := filepath.Rel(filepath.Join(f.root, "runtime"), f.path)
	if err != nil {
		below = f.path
	}
	name := f.fn.Name.Name
	if f.fn.Recv != nil {
		name = strings.Trim(receiver.FindString(f.source.source(f.fn.Recv.List[0].Type)), "*") + "." + name
	}
	f.found = append(f.found, &mutant{Path: f.path, File: filepath.ToSlash(below), Func: name, Op: op, Old: short(old),
		Line: f.fset.Position(n.Pos()).Line, Start: file.Offset(n.Pos()), End: file.Offset(n.End()),
		Text: func(on string) string { return text(on, old) }})
}

var receiver = regexp.MustCompile(`^\*?\w+`)
