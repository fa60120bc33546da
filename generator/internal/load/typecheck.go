package load

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"os"

	"golang.org/x/tools/go/packages"
)

// check parses and type-checks a package, and leaves its errors in it as go/packages does.
func (u *universe) check(s *checked) {
	s.once.Do(func() {
		for _, name := range s.CompiledGoFiles {
			file, err := u.parse(name)
			if err != nil {
				s.note(err)
			}
			if file != nil {
				s.Syntax = append(s.Syntax, file)
			}
		}
		s.Types = types.NewPackage(s.PkgPath, s.Name)
		config := types.Config{Importer: importsFor{u, s.Package}, Error: s.note, Sizes: u.Sizes}
		if s.Module != nil && s.Module.GoVersion != "" {
			config.GoVersion = "go" + s.Module.GoVersion
		}
		err := types.NewChecker(&config, u.fset, s.Types, nil).Files(s.Syntax)
		if err != nil && len(s.Errors) == 0 {
			s.note(err)
		}
		u.mu.Lock()
		defer u.mu.Unlock()
		u.exported[s.PkgPath] = s.Types // for export data that mentions it
	})
}

// parse parses a file of a package that is listed.
func (u *universe) parse(name string) (*ast.File, error) {
	content, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return parseSignatures(u.fset, name, content)
}

// parseSignatures parses a file without the bodies of its functions: nothing here depends on them, and a body that does
// not compile, or that waits for our output, is none of our business.
func parseSignatures(fset *token.FileSet, name string, content []byte) (*ast.File, error) {
	file, err := parser.ParseFile(fset, name, content, parser.ParseComments|parser.SkipObjectResolution|parser.AllErrors)
	if file == nil {
		return nil, err
	}
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			function.Body = nil
		}
	}
	return file, err
}

// note adds an error to those of the package.
func (s *checked) note(err error) {
	var unread *os.PathError
	var list scanner.ErrorList
	var fault types.Error
	switch {
	case errors.As(err, &unread):
		s.Errors = append(s.Errors, packages.Error{Pos: unread.Path + ":1", Msg: unread.Err.Error(), Kind: packages.ParseError})
	case errors.As(err, &list):
		for _, e := range list {
			s.Errors = append(s.Errors, packages.Error{Pos: e.Pos.String(), Msg: e.Msg, Kind: packages.ParseError})
		}
	case errors.As(err, &fault):
		s.Errors = append(s.Errors, packages.Error{Pos: fault.Fset.Position(fault.Pos).String(), Msg: fault.Msg, Kind: packages.TypeError})
	default:
		s.Errors = append(s.Errors, packages.Error{Pos: "-", Msg: err.Error(), Kind: packages.UnknownError})
	}
}

// importsFor finds the packages that a listed package imports.
type importsFor struct {
	*universe
	pkg *packages.Package
}

// Import implements types.Importer.
func (i importsFor) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	imported := i.pkg.Imports[path]
	if imported == nil {
		return nil, fmt.Errorf("the go command does not list %s", path)
	}
	return i.types(imported)
}
