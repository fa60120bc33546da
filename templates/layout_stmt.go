package templates

import "go/ast"

// block prints statements between braces, each in a line of its own.
func (l *layout) block(b *ast.BlockStmt) {
	l.text("{")
	l.statements(b.List, l.line(b.Lbrace), 1)
	l.newline()
	l.text("}")
}

// statements prints statements, indented by so many more tabs. last is the line that the source is at.
func (l *layout) statements(list []ast.Stmt, last, indent int) {
	l.indent += indent
	for _, s := range list {
		l.gap(last, l.line(s.Pos()))
		l.statement(s)
		last = l.line(s.End())
	}
	l.indent -= indent
}

// statement prints a statement.
func (l *layout) statement(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.ExprStmt:
		l.expr(s.X, 1)
	case *ast.AssignStmt:
		depth := 1
		if len(s.Lhs) > 1 && len(s.Rhs) > 1 {
			depth = 2
		}
		l.row(s.Lhs, depth)
		l.text(" ", s.Tok.String(), " ")
		l.row(s.Rhs, depth)
	case *ast.ReturnStmt:
		l.text("return")
		if len(s.Results) > 0 {
			l.text(" ")
			l.row(s.Results, 1)
		}
	case *ast.DeferStmt:
		l.text("defer ")
		l.expr(s.Call, 1)
	case *ast.IncDecStmt:
		l.expr(s.X, 2)
		l.text(s.Tok.String())
	case *ast.BranchStmt:
		if s.Label != nil {
			l.giveUp()
		}
		l.text(s.Tok.String())
	case *ast.DeclStmt:
		d, ok := s.Decl.(*ast.GenDecl)
		if !ok || d.Lparen.IsValid() {
			l.giveUp()
			return
		}
		l.declaration(d)
	case *ast.BlockStmt:
		l.block(s)
	default:
		l.control(s)
	}
}

// control prints a statement that has a body.
func (l *layout) control(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.IfStmt:
		l.conditional(s)
	case *ast.RangeStmt:
		l.text("for ")
		if s.Key != nil {
			l.expr(s.Key, 1)
			if s.Value != nil {
				l.text(", ")
				l.expr(s.Value, 1)
			}
			l.text(" ", s.Tok.String(), " ")
		}
		l.text("range ")
		l.expr(s.X, 1)
		l.text(" ")
		l.block(s.Body)
	case *ast.ForStmt:
		if s.Init != nil || s.Post != nil {
			l.giveUp()
		}
		l.text("for ")
		if s.Cond != nil {
			l.expr(s.Cond, 1)
			l.text(" ")
		}
		l.block(s.Body)
	case *ast.SwitchStmt:
		l.text("switch ")
		if s.Init != nil {
			l.statement(s.Init)
			l.text("; ")
		}
		if s.Tag != nil {
			l.expr(s.Tag, 1)
			l.text(" ")
		}
		l.cases(s.Body)
	default:
		l.giveUp()
	}
}

// conditional prints an if statement.
func (l *layout) conditional(s *ast.IfStmt) {
	l.text("if ")
	if s.Init != nil {
		l.statement(s.Init)
		l.text("; ")
	}
	l.expr(s.Cond, 1)
	l.text(" ")
	l.block(s.Body)
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		l.text(" else ")
		l.block(e)
	case *ast.IfStmt:
		l.text(" else ")
		l.conditional(e)
	}
}

// cases prints the cases of a switch.
func (l *layout) cases(b *ast.BlockStmt) {
	l.text("{")
	last := l.line(b.Lbrace)
	for _, s := range b.List {
		c, ok := s.(*ast.CaseClause)
		if !ok {
			l.giveUp()
			return
		}
		l.gap(last, l.line(c.Pos()))
		if c.List == nil {
			l.text("default:")
		} else {
			l.text("case ")
			l.row(c.List, 1)
			l.text(":")
		}
		l.statements(c.Body, l.line(c.Colon), 1)
		last = l.line(c.End())
	}
	l.newline()
	l.text("}")
}
