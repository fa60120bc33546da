package templates

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/printer"
	"go/token"
	"strings"
)

// gofmt prints as the program of that name does.
var gofmt = printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}

// formatted prints a file as gofmt does. The printer of the standard library takes longer than all that comes before it, since
// it prints lists over and over to find out what fits in a line; so the layout below does that for what stands in nearly
// every file. It hands over to the printer what it does not know, and what it may not have kept: formatting changes nothing
// but white space.
func formatted(fset *token.FileSet, file *ast.File, source []byte) ([]byte, error) {
	l := &layout{lines: fset.File(file.FileStart), out: make([]byte, 0, len(source)*5/4)}
	if l.file(file); !l.unknown && sameWithoutSpace(source, l.out) {
		return l.out, nil
	}
	var out bytes.Buffer
	if err := gofmt.Fprint(&out, fset, file); err != nil {
		return nil, fmt.Errorf("format: %w", err)
	}
	return out.Bytes(), nil
}

// sameWithoutSpace reports whether two texts differ in white space only.
func sameWithoutSpace(a, b []byte) bool {
	space := func(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }
	i, j := 0, 0
	for {
		for i < len(a) && space(a[i]) {
			i++
		}
		for j < len(b) && space(b[j]) {
			j++
		}
		if i == len(a) || j == len(b) {
			return i == len(a) && j == len(b)
		}
		if a[i] != b[j] {
			return false
		}
		i, j = i+1, j+1
	}
}

// layout is a file while it is printed.
type layout struct {
	lines   *token.File
	out     []byte
	indent  int
	unknown bool // something is there that it has no rule for
	placed  int  // comments that were printed
}

// line is the line of a position in the source.
func (l *layout) line(pos token.Pos) int { return l.lines.PositionFor(pos, false).Line }

// oneLine reports whether a node stands in one line of the source.
func (l *layout) oneLine(n ast.Node) bool { return l.line(n.Pos()) == l.line(n.End()) }

func (l *layout) text(parts ...string) {
	for _, s := range parts {
		l.out = append(l.out, s...)
	}
}

// newline ends a line and begins the next.
func (l *layout) newline() {
	l.out = append(l.out, '\n')
	for range l.indent {
		l.out = append(l.out, '\t')
	}
}

// gap begins the line of a node, after a blank one if there is one in the source. last is the line that the source is at.
func (l *layout) gap(last, next int) {
	if next > last+1 {
		l.out = append(l.out, '\n')
	}
	l.newline()
}

// column is where the current line has got to, in characters.
func (l *layout) column() int { return len([]rune(string(l.out[bytes.LastIndexByte(l.out, '\n')+1:]))) }

// giveUp leaves the file to the printer.
func (l *layout) giveUp() { l.unknown = true }

// file prints the whole file.
func (l *layout) file(file *ast.File) {
	last := 0
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			break
		}
		if last > 0 {
			l.gap(last, l.line(group.Pos()))
		}
		l.comment(group, group == file.Doc)
		last = l.line(group.End())
	}
	if last > 0 {
		l.gap(last, l.line(file.Package))
	}
	l.text("package ", file.Name.Name)
	for _, declaration := range file.Decls {
		l.text("\n\n")
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			l.function(d)
		case *ast.GenDecl:
			l.declaration(d)
		default:
			l.giveUp()
		}
	}
	l.text("\n")
	if l.placed != len(file.Comments) {
		l.giveUp() // one stands where no rule looks for it
	}
}

// comment prints a group of // comments. What gofmt would rearrange in a doc comment is left to it.
func (l *layout) comment(group *ast.CommentGroup, doc bool) {
	l.placed++
	for i, c := range group.List {
		text := strings.TrimRight(c.Text, " \t")
		if !strings.HasPrefix(text, "//") || doc && !plainProse(text[2:]) {
			l.giveUp()
			return
		}
		if i > 0 {
			l.newline()
		}
		l.text(text)
	}
}

// plainProse reports whether a line of a doc comment is text that gofmt leaves alone: no heading, list, code or link, and no
// quotes that it knows.
func plainProse(text string) bool {
	if text == "" {
		return true
	}
	if text[0] != ' ' || len(text) < 2 || strings.Contains(text, "``") || strings.Contains(text, "''") {
		return false
	}
	first := text[1]
	return first >= 'a' && first <= 'z' || first >= 'A' && first <= 'Z'
}
