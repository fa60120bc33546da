package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// source is a package with its types.
type source struct {
	fset  *token.FileSet
	pkg   *types.Package
	info  *types.Info
	files []*ast.File
	text  map[string][]byte
}

// load reads a package below runtime/ as it is built on this machine.
func load(root, name string) (*source, error) {
	path := "./runtime/" + name
	command := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Export,GoFiles,Dir", path)
	command.Dir = root
	var faults bytes.Buffer
	command.Stderr = &faults
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w\n%s", path, err, &faults)
	}
	type listed struct {
		ImportPath, Export, Dir string
		GoFiles                 []string
	}
	var last listed // the package itself comes after what it imports
	exports := map[string]string{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var one listed
		if err := decoder.Decode(&one); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		exports[one.ImportPath], last = one.Export, one
	}
	s := &source{fset: token.NewFileSet(), text: map[string][]byte{},
		info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
	for _, file := range last.GoFiles {
		full := filepath.Join(last.Dir, file)
		if s.text[full], err = os.ReadFile(full); err != nil {
			return nil, err
		}
		parsed, err := parser.ParseFile(s.fset, full, s.text[full], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, parsed)
	}
	config := types.Config{Importer: importer.ForCompiler(s.fset, "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})}
	s.pkg, err = config.Check(last.ImportPath, s.fset, s.files, s.info)
	return s, err
}
