package templates

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"
)

// expr prints an expression or a type. depth is how deep it stands in others, by which gofmt decides whether there is space
// around + and its like.
func (l *layout) expr(e ast.Expr, depth int) {
	switch e := e.(type) {
	case *ast.Ident:
		l.text(e.Name)
	case *ast.BasicLit:
		l.literal(e)
	case *ast.SelectorExpr:
		if l.line(e.X.End()) != l.line(e.Sel.Pos()) {
			l.giveUp()
		}
		l.expr(e.X, depth)
		l.text(".", e.Sel.Name)
	case *ast.CallExpr:
		l.call(e, depth)
	case *ast.CompositeLit:
		if e.Type != nil {
			l.expr(e.Type, 1)
		}
		l.list("{", e.Lbrace, e.Elts, 1, "}", e.Rbrace)
	case *ast.KeyValueExpr:
		l.expr(e.Key, 1)
		l.text(": ")
		l.expr(e.Value, 1)
	case *ast.FuncLit:
		start := l.column()
		l.text("func")
		l.signature(e.Type)
		l.body(e.Body, l.column()-start)
	case *ast.UnaryExpr:
		l.unary(e, depth)
	case *ast.StarExpr:
		l.text("*")
		l.expr(e.X, depth)
	case *ast.BinaryExpr:
		l.binary(e, depth)
	case *ast.ParenExpr:
		l.text("(")
		l.expr(e.X, max(depth-1, 1))
		l.text(")")
	case *ast.IndexExpr:
		l.expr(e.X, 1)
		l.text("[")
		l.expr(e.Index, depth+1)
		l.text("]")
	case *ast.IndexListExpr:
		l.expr(e.X, 1)
		l.text("[")
		l.row(e.Indices, depth+1)
		l.text("]")
	default:
		l.typ(e)
	}
}

// typ prints a type that is no name.
func (l *layout) typ(e ast.Expr) {
	switch e := e.(type) {
	case *ast.ArrayType:
		l.text("[")
		if e.Len != nil {
			l.expr(e.Len, 1)
		}
		l.text("]")
		l.expr(e.Elt, 1)
	case *ast.MapType:
		l.text("map[")
		l.expr(e.Key, 1)
		l.text("]")
		l.expr(e.Value, 1)
	case *ast.ChanType:
		if inner, ok := e.Value.(*ast.ChanType); ok && inner.Dir == ast.RECV {
			l.giveUp()
		}
		l.text(chanWord(e))
		l.expr(e.Value, 1)
	case *ast.FuncType:
		l.text("func")
		l.signature(e)
	case *ast.Ellipsis:
		l.text("...")
		if e.Elt != nil {
			l.expr(e.Elt, 1)
		}
	case *ast.StructType:
		l.structType(e)
	case *ast.InterfaceType:
		l.interfaceType(e)
	default:
		l.giveUp()
	}
}

// literal prints a number or a string.
func (l *layout) literal(e *ast.BasicLit) {
	if e.Kind == token.IMAG || e.Kind == token.FLOAT || strings.ContainsAny(e.Value, "\n\t") {
		l.giveUp() // gofmt has its ways with some of them
	}
	l.text(e.Value)
}

// unary prints a prefix and what it belongs to.
func (l *layout) unary(e *ast.UnaryExpr, depth int) {
	l.text(e.Op.String())
	if _, again := e.X.(*ast.UnaryExpr); again || e.Op == token.RANGE {
		l.giveUp()
	}
	l.expr(e.X, depth)
}

// binary prints two operands in one line. Those with arithmetic have space only where they stand by themselves.
func (l *layout) binary(e *ast.BinaryExpr, depth int) {
	if l.line(e.X.End()) != l.line(e.Y.Pos()) || ambiguous(e) {
		l.giveUp()
	}
	inner := func(operand ast.Expr) int {
		if b, ok := operand.(*ast.BinaryExpr); !ok || b.Op.Precedence() == e.Op.Precedence() {
			return depth
		}
		return depth + 1
	}
	l.expr(e.X, inner(e.X))
	if e.Op.Precedence() < 4 || depth == 1 {
		l.text(" ", e.Op.String(), " ")
	} else {
		l.text(e.Op.String())
	}
	l.expr(e.Y, depth+1)
}

// ambiguous reports whether an operation mixes arithmetic, or has a sign for its second operand: then gofmt decides by more.
func ambiguous(e *ast.BinaryExpr) bool {
	arithmetic := func(x ast.Expr) bool {
		b, ok := x.(*ast.BinaryExpr)
		return ok && b.Op.Precedence() >= 4
	}
	switch e.Y.(type) {
	case *ast.UnaryExpr, *ast.StarExpr:
		return e.Op.Precedence() >= 4 && e.Op != token.OR
	}
	return arithmetic(e) && (arithmetic(e.X) || arithmetic(e.Y)) && e.Op != token.OR
}

// call prints a call.
func (l *layout) call(e *ast.CallExpr, depth int) {
	if len(e.Args) > 1 {
		depth++
	}
	if _, isFunc := e.Fun.(*ast.FuncType); isFunc {
		l.giveUp() // it gets parentheses
	}
	l.expr(e.Fun, depth)
	if !e.Ellipsis.IsValid() {
		l.list("(", e.Lparen, e.Args, depth, ")", e.Rparen)
		return
	}
	if l.line(e.Lparen) != l.line(e.Rparen) {
		l.giveUp()
	}
	l.text("(")
	l.row(e.Args, depth)
	l.text("...)")
}

// row prints expressions in one line.
func (l *layout) row(list []ast.Expr, depth int) {
	for i, e := range list {
		if i > 0 {
			if l.line(list[i-1].End()) != l.line(e.Pos()) {
				l.giveUp()
			}
			l.text(", ")
		}
		l.expr(e, depth)
	}
}

// list prints expressions between two delimiters, each in the line that it has in the source.
func (l *layout) list(open string, from token.Pos, list []ast.Expr, depth int, end string, to token.Pos) {
	l.text(open)
	last, broken := l.line(from), false
	for i := 0; i < len(list); i++ {
		if i > 0 {
			l.text(",")
		}
		line := l.line(list[i].Pos())
		if line <= last {
			if i > 0 {
				l.text(" ")
			}
			l.expr(list[i], depth)
			last = l.line(list[i].End())
			continue
		}
		if !broken {
			broken = true
			l.indent++
		}
		if line > last+1 {
			l.giveUp()
		}
		l.newline()
		if len(list) == 1 || !isPair(list[i]) {
			l.expr(list[i], depth)
			last = l.line(list[i].End())
			continue
		}
		n := l.following(list[i:])
		l.pairs(list[i : i+n])
		i += n - 1
		last = l.line(list[i].End())
	}
	if broken {
		l.indent--
	}
	if l.line(to) > last {
		l.text(",")
		l.newline()
	}
	l.text(end)
}

// isPair reports whether an element of a list is a key with a value.
func isPair(e ast.Expr) bool {
	_, ok := e.(*ast.KeyValueExpr)
	return ok
}

// following is how many pairs stand at the beginning of a list, each in the line after the one before.
func (l *layout) following(list []ast.Expr) int {
	n := 1
	for n < len(list) && isPair(list[n]) && l.line(list[n].Pos()) == l.line(list[n-1].End())+1 {
		n++
	}
	return n
}

// pairs prints keys with values, each in a line of its own. The values are aligned; one that takes several lines is not, and
// separates those before it from those after it.
func (l *layout) pairs(list []ast.Expr) {
	const most = 40 // of wider keys, gofmt compares the widths
	start := len(l.out)
	values := make([][]byte, len(list))
	for i, e := range list {
		l.expr(e.(*ast.KeyValueExpr).Value, 1)
		values[i] = bytes.Clone(l.out[start:])
		l.out = l.out[:start]
	}
	alone := func(i int) bool { return bytes.IndexByte(values[i], '\n') >= 0 }
	width := 0
	for i, e := range list {
		key, ok := e.(*ast.KeyValueExpr).Key.(*ast.Ident)
		if !ok || len(key.Name) > most {
			l.giveUp()
			return
		}
		if i > 0 {
			l.text(",")
			l.newline()
		}
		l.text(key.Name, ": ")
		if alone(i) {
			l.out = append(l.out, values[i]...)
			width = 0
			continue
		}
		if width == 0 {
			for j := i; j < len(list) && !alone(j); j++ {
				if next, ok := list[j].(*ast.KeyValueExpr).Key.(*ast.Ident); ok {
					width = max(width, len(next.Name))
				}
			}
		}
		l.text(strings.Repeat(" ", width-len(key.Name)))
		l.out = append(l.out, values[i]...)
	}
}
