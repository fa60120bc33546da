package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
)

// source is a Go file.
type source struct {
	name      string // from the root
	folder    string
	test      bool
	generated bool
	lines     int
	syntax    *ast.File
}

// sources are the Go files of the repository, those of nested modules included.
type sources struct {
	positions *token.FileSet
	files     []source
}

func load(root string) (*sources, error) {
	s := &sources{positions: token.NewFileSet()}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(path, ".go"):
			return nil
		}
		return s.read(root, path)
	})
	return s, err
}

func (s *sources) read(root, path string) error {
	file, err := parser.ParseFile(s.positions, path, nil, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return fmt.Errorf("read the sources: %w", err)
	}
	name, err := filepath.Rel(root, path)
	if err != nil {
		return err
	}
	name = filepath.ToSlash(name)
	s.files = append(s.files, source{
		name:      name,
		folder:    filepath.ToSlash(filepath.Dir(name)),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(file),
		lines:     s.positions.File(file.Pos()).LineCount(),
		syntax:    file,
	})
	return nil
}

// shapes are the lengths of files and functions, their parameters, and the methods of types.
func (s *sources) shapes() []finding {
	var found []finding
	methods := make(map[string]int)
	for _, file := range s.files {
		if file.generated {
			continue
		}
		found = append(found, finding{"file", file.name, file.lines})
		for _, declaration := range file.syntax.Decls {
			f, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			receiver := receiver(f)
			if receiver != "" && !file.test {
				methods[file.folder+" "+receiver]++
			}
			what := file.folder + " " + strings.TrimPrefix(receiver+"."+f.Name.Name, ".")
			found = append(found,
				finding{"function", what, s.line(f.End()) - s.line(f.Pos()) + 1},
				finding{"parameters", what, f.Type.Params.NumFields()})
		}
	}
	for what, count := range methods {
		found = append(found, finding{"methods", what, count})
	}
	return found
}

func (s *sources) line(at token.Pos) int { return s.positions.Position(at).Line }

// receiver is the name of a method's type, or "".
func receiver(f *ast.FuncDecl) string {
	if f.Recv == nil || len(f.Recv.List) == 0 {
		return ""
	}
	return typeName(f.Recv.List[0].Type)
}

// typeName is the name of a type behind a pointer and in front of its arguments.
func typeName(of ast.Expr) string {
	switch t := of.(type) {
	case *ast.StarExpr:
		return typeName(t.X)
	case *ast.IndexExpr:
		return typeName(t.X)
	case *ast.IndexListExpr:
		return typeName(t.X)
	case *ast.Ident:
		return t.Name
	case *ast.SelectorExpr:
		return t.Sel.Name
	}
	return ""
}
