package main

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strings"
)

// mutate adds the mutants of one node itself.
func (f *finder) mutate(n ast.Node) {
	switch n := n.(type) {
	case *ast.IfStmt:
		f.never(n.Cond)
		f.always(n.Cond)
	case *ast.ForStmt:
		if n.Cond != nil {
			f.never(n.Cond)
		}
	case *ast.SwitchStmt:
		if n.Tag == nil {
			f.cases(n.Body)
		}
	case *ast.BinaryExpr:
		f.binary(n)
	case *ast.BlockStmt:
		f.statements(n.List)
	case *ast.CaseClause:
		f.statements(n.Body)
	case *ast.CommClause:
		f.statements(n.Body)
	case *ast.BasicLit:
		f.literal(n)
	case *ast.ReturnStmt:
		f.returned(n)
	}
}

func (f *finder) never(cond ast.Expr) {
	f.add(cond, "never", func(on, old string) string { return "(!" + on + " && (" + old + "))" })
}

func (f *finder) always(cond ast.Expr) {
	f.add(cond, "always", func(on, old string) string { return "(" + on + " || (" + old + "))" })
}

func (f *finder) cases(body *ast.BlockStmt) {
	for _, clause := range body.List {
		for _, cond := range clause.(*ast.CaseClause).List {
			f.never(cond)
			f.always(cond)
		}
	}
}

// flipped is what a boundary, or a sum, becomes.
var flipped = map[token.Token]string{token.LSS: "<=", token.LEQ: "<", token.GTR: ">=", token.GEQ: ">",
	token.ADD: "-", token.SUB: "+", token.MUL: "/", token.QUO: "*"}

// binary drops an operand of && and ||, moves a boundary, or turns a calculation over.
func (f *finder) binary(n *ast.BinaryExpr) {
	switch n.Op {
	case token.LAND:
		f.always(n.X)
		f.always(n.Y)
	case token.LOR:
		if ruleOn.MatchString(f.source.source(n.Y)) {
			return // it holds whatever the other operand is
		}
		f.never(n.X)
		f.never(n.Y)
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
		x, y := f.source.source(n.X), f.source.source(n.Y)
		f.add(n, "boundary", func(on, old string) string {
			return fmt.Sprintf("(%s && (%s) %s (%s) || !%s && (%s))", on, x, flipped[n.Op], y, on, old)
		})
	case token.ADD, token.SUB, token.MUL, token.QUO:
		f.calculation(n)
	}
}

func (f *finder) calculation(n *ast.BinaryExpr) {
	of := f.info.Types[n]
	name, ok := f.typeName(of.Type)
	if of.Value != nil || !ok || !numeric(of.Type) {
		return
	}
	x, y := f.source.source(n.X), f.source.source(n.Y)
	f.add(n, "calculate", func(on, old string) string {
		return fmt.Sprintf("func() %s { if %s { return (%s) %s (%s) }; return %s }()", name, on, x, flipped[n.Op], y, old)
	})
}

func numeric(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsNumeric != 0
}

// typeName is the type as this file writes it, if it can.
func (f *finder) typeName(t types.Type) (string, bool) {
	ok := true
	name := types.TypeString(t, func(p *types.Package) string {
		if p == f.pkg {
			return ""
		}
		for _, spec := range f.file.Imports {
			if strings.Trim(spec.Path.Value, `"`) == p.Path() && spec.Name == nil {
				return p.Name()
			}
		}
		ok = false
		return ""
	})
	return name, ok && !strings.Contains(name, "untyped")
}

// literal adds one to a whole number that is not part of a declared constant, a default or an array's length.
func (f *finder) literal(n *ast.BasicLit) {
	of := f.info.Types[n]
	if n.Kind != token.INT || f.fn.Name.Name == "withDefaults" || of.Value == nil || of.Value.Kind() != constant.Int {
		return
	}
	name, ok := f.typeName(of.Type)
	if !ok || !numeric(of.Type) {
		return
	}
	f.add(n, "one more", func(on, old string) string {
		return fmt.Sprintf("func() %s { if %s { return %s + 1 }; return %s }()", name, on, old, old)
	})
}

// returned turns a returned truth over, and returns nil for an error.
func (f *finder) returned(n *ast.ReturnStmt) {
	for _, result := range n.Results {
		if of := f.info.Types[result]; of.Type != nil && types.Identical(of.Type.Underlying(), types.Typ[types.Bool]) ||
			of.Type == types.Typ[types.UntypedBool] {
			name, ok := f.typeName(of.Type)
			if of.Type == types.Typ[types.UntypedBool] || ok && name == "bool" {
				f.add(result, "not", func(on, old string) string { return "(" + on + " != (" + old + "))" })
			}
		}
	}
	if f.results == nil || len(n.Results) == 0 || len(n.Results) != f.results.NumFields() {
		return
	}
	last := n.Results[len(n.Results)-1]
	if of := f.info.Types[last]; of.IsNil() || of.Type == nil || f.source.source(f.results.List[len(f.results.List)-1].Type) != "error" {
		return
	}
	var others []string
	for _, result := range n.Results[:len(n.Results)-1] {
		others = append(others, f.source.source(result)+", ")
	}
	failed := f.source.source(last)
	f.add(n, "nil error", func(on, old string) string {
		return fmt.Sprintf("if %s { _ = %s; return %snil }; %s", on, failed, strings.Join(others, ""), old)
	})
}

// statements drops each statement that can be missing.
func (f *finder) statements(list []ast.Stmt) {
	for _, statement := range list {
		switch s := statement.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok && f.forPeople(call) {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				continue
			}
		case *ast.DeferStmt:
			if f.source.source(s.Call) == "cancel()" {
				continue // go vet finds that, and no test can
			}
		case *ast.GoStmt, *ast.IncDecStmt, *ast.SendStmt:
		case *ast.BranchStmt:
			if s.Tok != token.BREAK && s.Tok != token.CONTINUE {
				continue
			}
		default:
			continue
		}
		f.add(statement, "drop", func(on, old string) string { return "if !" + on + " { " + old + " }" })
	}
}
