package main

import (
	"fmt"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
)

// cycles finds, in each package of the root module, the largest set of files of which each calls, perhaps through others,
// every other one: what no smaller package could be cut from.
func cycles(root string) ([]finding, error) {
	loaded, err := packages.Load(&packages.Config{
		Dir:  root,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports,
	}, "./...")
	if err != nil {
		return nil, fmt.Errorf("load the packages: %w", err)
	}
	var found []finding
	for _, p := range loaded {
		if len(p.Errors) > 0 {
			return nil, fmt.Errorf("load the packages: %w", p.Errors[0])
		}
		// A circle of fewer than two files is none.
		if largest := largestCircle(calls(p)); largest > 1 {
			found = append(found, finding{"cycle", strings.TrimPrefix(p.PkgPath, module+"/"), largest})
		}
	}
	return found, nil
}

// module is the path of the root module.
const module = "github.com/dualgen/dualgen"

// calls are, for each file of a package, the other files whose functions and methods it names.
func calls(p *packages.Package) map[string]map[string]bool {
	file := func(at token.Pos) string { return filepath.Base(p.Fset.Position(at).Filename) }
	graph := make(map[string]map[string]bool)
	for name, object := range p.TypesInfo.Uses {
		called, ok := object.(*types.Func)
		if !ok || called.Pkg() != p.Types || isAbstract(called) {
			continue
		}
		from, to := file(name.Pos()), file(called.Origin().Pos())
		if from == to {
			continue
		}
		if graph[from] == nil {
			graph[from] = make(map[string]bool)
		}
		graph[from][to] = true
	}
	return graph
}

// isAbstract reports whether a method is one of an interface: to call it binds no file to another.
func isAbstract(called *types.Func) bool {
	receiver := called.Signature().Recv()
	return receiver != nil && types.IsInterface(receiver.Type())
}

// largestCircle is the size of the graph's largest strongly connected part.
func largestCircle(graph map[string]map[string]bool) int {
	reached := make(map[string]map[string]bool)
	for from := range graph {
		reached[from] = make(map[string]bool)
		reach(graph, from, reached[from])
	}
	largest := 0
	for from := range graph {
		size := 0
		for to := range reached[from] {
			if reached[to][from] {
				size++
			}
		}
		largest = max(largest, size)
	}
	return largest
}

// reach adds to seen all that can be reached from a node, by one step or more.
func reach(graph map[string]map[string]bool, from string, seen map[string]bool) {
	for to := range graph[from] {
		if !seen[to] {
			seen[to] = true
			reach(graph, to, seen)
		}
	}
}
