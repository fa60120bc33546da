package begin

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/source"
)

// noInterface is the error of an init for what names no interface: a package's are named.
func noInterface(dir, name string) error {
	interfaces := interfacesIn(source.Absolute(dir, name))
	if len(interfaces) == 0 {
		return fmt.Errorf("%s names no interface: want ./dir.Type or importpath.Type", name)
	}
	for i, known := range interfaces {
		interfaces[i] = "dualgen init " + strings.TrimSuffix(name, "/") + "." + known
		if name == "." {
			interfaces[i] = "dualgen init ." + known
		}
	}
	return fmt.Errorf("%s names a package, and init takes an interface: %s", name, strings.Join(interfaces, ", or "))
}

// interfacesIn are the interfaces with methods that a directory's Go files declare, by what stands there alone.
func interfacesIn(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") || strings.HasSuffix(entry.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), source.Absolute(dir, entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		for _, declaration := range file.Decls {
			types, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range types.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok {
					if i, ok := t.Type.(*ast.InterfaceType); ok && i.Methods.NumFields() > 0 {
						names = append(names, t.Name.Name)
					}
				}
			}
		}
	}
	return names
}
