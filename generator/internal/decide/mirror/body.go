package mirror

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/model"
)

// calls reports whether a function's body is seen to call a method of that name. One that calls it by another function's help does not
// count, nor one that cannot be read.
func calls(in *model.Interface, f *types.Func, method string) bool {
	file, err := parser.ParseFile(token.NewFileSet(), in.Position(f.Pos()).Filename, nil, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(file.Decls, func(declaration ast.Decl) bool {
		d, ok := declaration.(*ast.FuncDecl)
		if !ok || d.Recv != nil || d.Name.Name != f.Name() || d.Body == nil {
			return false
		}
		found := false
		ast.Inspect(d.Body, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				called, ok := call.Fun.(*ast.SelectorExpr)
				found = found || ok && called.Sel.Name == method
			}
			return !found
		})
		return found
	})
}
