package templates

import (
	"go/ast"
	"go/token"
	"strings"
)

// function prints a function's declaration.
func (l *layout) function(d *ast.FuncDecl) {
	if d.Doc != nil {
		l.comment(d.Doc, true)
		l.newline()
	}
	start := l.column()
	l.text("func ")
	if d.Recv != nil {
		l.params(d.Recv, "(", ")")
		l.text(" ")
	}
	l.text(d.Name.Name)
	l.signature(d.Type)
	if d.Body != nil {
		l.body(d.Body, l.column()-start+1) // as gofmt counts
	}
}

// body prints a function's body, in one line where gofmt does. header is the width of what stands before it.
func (l *layout) body(b *ast.BlockStmt, header int) {
	const most = 100
	l.text(" ")
	if !l.oneLine(b) || len(b.List) > 5 {
		l.block(b)
		return
	}
	if len(b.List) == 0 {
		l.text("{}")
		return
	}
	start := len(l.out)
	l.text("{ ")
	before := l.column()
	for i, s := range b.List {
		if i > 0 {
			l.text("; ")
		}
		l.statement(s)
	}
	if header+l.column()-before > most {
		l.out = l.out[:start]
		l.block(b)
		return
	}
	l.text(" }")
}

// declaration prints imports, constants, variables and types.
func (l *layout) declaration(d *ast.GenDecl) {
	if d.Doc != nil {
		l.comment(d.Doc, true)
		l.newline()
	}
	l.text(d.Tok.String(), " ")
	if !d.Lparen.IsValid() {
		l.spec(d.Specs[0])
		return
	}
	l.text("(")
	l.indent++
	last := l.line(d.Lparen)
	for i, s := range d.Specs {
		if i == 0 {
			l.newline()
		} else {
			l.gap(last, l.line(s.Pos()))
		}
		last = l.line(s.End())
		if v, ok := s.(*ast.ValueSpec); ok && (v.Type != nil || len(v.Names) != 1 || v.Names[0].Name != "_") {
			l.giveUp() // these are aligned
		}
		l.spec(s)
	}
	l.indent--
	l.newline()
	l.text(")")
}

// spec prints one of the things that are declared.
func (l *layout) spec(spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.ImportSpec:
		if s.Name != nil {
			l.text(s.Name.Name, " ")
		}
		l.text(s.Path.Value)
	case *ast.ValueSpec:
		l.names(s.Names)
		if s.Type != nil {
			l.text(" ")
			l.expr(s.Type, 1)
		}
		if len(s.Values) > 0 {
			l.text(" = ")
			l.row(s.Values, 1)
		}
	case *ast.TypeSpec:
		l.text(s.Name.Name)
		if s.TypeParams != nil {
			l.params(s.TypeParams, "[", "]")
		}
		if s.Assign.IsValid() {
			l.text(" =")
		}
		l.text(" ")
		l.expr(s.Type, 1)
	}
}

// structType prints a struct, its types and comments aligned.
func (l *layout) structType(t *ast.StructType) {
	fields := t.Fields.List
	if len(fields) == 0 && l.oneLine(t) {
		l.text("struct{}")
		return
	}
	if l.oneLine(t) {
		l.shortStruct(fields)
		return
	}
	l.text("struct {")
	l.indent++
	last := l.line(t.Fields.Opening)
	for i := 0; i < len(fields); {
		n := 1 // those that are aligned with each other: without a blank line or an embedded field between them
		for i+n < len(fields) && fields[i].Names != nil && fields[i+n].Names != nil && l.line(fields[i+n].Pos()) == l.line(fields[i+n-1].End())+1 {
			n++
		}
		if i == 0 {
			l.newline()
		} else {
			l.gap(last, l.line(fields[i].Pos()))
		}
		l.fields(fields[i : i+n])
		last = l.line(fields[i+n-1].End())
		i += n
	}
	l.indent--
	l.newline()
	l.text("}")
}

// shortStruct prints a struct of one short field in one line: struct{ name string }.
func (l *layout) shortStruct(fields []*ast.Field) {
	const most = 30
	l.text("struct{ ")
	before := len(l.out)
	l.fields(fields)
	if len(fields) > 1 || fields[0].Comment != nil || len(l.out)-before > most {
		l.giveUp()
	}
	l.text(" }")
}

// fields prints fields of a struct whose types are aligned.
func (l *layout) fields(fields []*ast.Field) {
	width := 0
	for _, f := range fields {
		width = max(width, nameWidth(f.Names))
		if !l.oneLine(f) || f.Tag != nil || f.Doc != nil {
			l.giveUp()
		}
	}
	commented := 0
	for i, f := range fields {
		if i > 0 {
			l.newline()
		}
		if len(f.Names) > 0 {
			l.names(f.Names)
			l.text(strings.Repeat(" ", width-nameWidth(f.Names)+1))
		}
		l.expr(f.Type, 1)
		if f.Comment != nil {
			commented++
			l.text(" ")
			l.comment(f.Comment, false)
		}
	}
	if commented > 1 {
		l.giveUp() // these are aligned too
	}
}

// nameWidth is how wide names are in a list.
func nameWidth(names []*ast.Ident) int {
	width := 2 * (len(names) - 1)
	for _, n := range names {
		width += len([]rune(n.Name))
	}
	return width
}

// interfaceType prints an interface, one method a line.
func (l *layout) interfaceType(t *ast.InterfaceType) {
	if l.oneLine(t) {
		if len(t.Methods.List) > 0 {
			l.giveUp()
		}
		l.text("interface{}")
		return
	}
	l.text("interface {")
	l.indent++
	last := l.line(t.Methods.Opening)
	for i, m := range t.Methods.List {
		if i == 0 {
			l.newline()
		} else {
			l.gap(last, l.line(m.Pos()))
		}
		last = l.line(m.End())
		signature, method := m.Type.(*ast.FuncType)
		if m.Doc != nil || m.Comment != nil || method && len(m.Names) != 1 {
			l.giveUp()
			return
		}
		if method {
			l.text(m.Names[0].Name)
			l.signature(signature)
			continue
		}
		l.expr(m.Type, 1)
	}
	l.indent--
	l.newline()
	l.text("}")
}

// signature prints parameters and results.
func (l *layout) signature(t *ast.FuncType) {
	if t.TypeParams != nil {
		l.params(t.TypeParams, "[", "]")
	}
	l.params(t.Params, "(", ")")
	switch r := t.Results; {
	case r == nil || len(r.List) == 0:
	case len(r.List) == 1 && r.List[0].Names == nil:
		l.text(" ")
		l.expr(r.List[0].Type, 1)
	default:
		l.text(" ")
		l.params(r, "(", ")")
	}
}

// params prints parameters in one line.
func (l *layout) params(list *ast.FieldList, open, end string) {
	if l.line(list.Opening) != l.line(list.Closing) {
		l.giveUp()
	}
	l.text(open)
	for i, p := range list.List {
		if i > 0 {
			l.text(", ")
		}
		if len(p.Names) > 0 {
			l.names(p.Names)
			l.text(" ")
		}
		l.expr(p.Type, 1)
	}
	l.text(end)
}

// names prints names in a row.
func (l *layout) names(names []*ast.Ident) {
	for i, n := range names {
		if i > 0 {
			l.text(", ")
		}
		l.text(n.Name)
	}
}

// chanWord is how a channel's type begins.
func chanWord(t *ast.ChanType) string {
	switch {
	case t.Dir == ast.SEND|ast.RECV:
		return "chan "
	case t.Dir == ast.SEND:
		return "chan<- "
	case t.Arrow == token.NoPos:
		return "chan "
	default:
		return "<-chan "
	}
}
