package absent

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"

	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// nullValue is the value that null=VALUE names, of the interface's type: a constant of the type's package or of the output's,
// else a text, a number or a bool.
func nullValue(p *rule.Planner, r rule.Request, t types.Type) (*plan.Value, bool) {
	for _, pkg := range []*types.Package{packageOf(t), p.Pkg} {
		if pkg == nil {
			continue
		}
		if c, ok := pkg.Scope().Lookup(r.Field.Null).(*types.Const); ok && types.AssignableTo(c.Type(), t) && p.Reaches(c) {
			return &plan.Value{Const: c}, true
		}
	}
	basic, ok := t.Underlying().(*types.Basic)
	if !ok {
		return nil, false
	}
	if basic.Info()&types.IsString != 0 {
		return &plan.Value{Text: strconv.Quote(r.Field.Null)}, true
	}
	found, err := types.Eval(token.NewFileSet(), nil, token.NoPos, fmt.Sprintf("%s(%s)", basic.Name(), r.Field.Null))
	if err != nil || found.Value == nil || !isLiteral(r.Field.Null) {
		return nil, false
	}
	return &plan.Value{Text: r.Field.Null}, true
}

// isLiteral says whether a text is a number, with its sign, or true or false.
func isLiteral(text string) bool {
	expr, err := parser.ParseExpr(text)
	if err != nil {
		return false
	}
	if sign, ok := expr.(*ast.UnaryExpr); ok {
		expr = sign.X
	}
	switch expr := expr.(type) {
	case *ast.BasicLit:
		return true
	case *ast.Ident:
		return expr.Name == "true" || expr.Name == "false"
	}
	return false
}

// packageOf is the package that declares a type, or nil.
func packageOf(t types.Type) *types.Package {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Obj().Pkg()
	}
	return nil
}
