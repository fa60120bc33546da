package printing

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"sync"

	"github.com/dave/jennifer/jen"
)

// comment writes each line as a // line of its own, wrapped nowhere: the user's line breaks stay.
func comment(lines ...string) *jen.Statement {
	s := jen.Null()
	for i, line := range lines {
		if i > 0 {
			s.Line()
		}
		space := " "
		if strings.HasPrefix(line, "\t") { // as gofmt has a list
			space = ""
		}
		s.Add(jen.Comment(strings.TrimRight("//"+space+line, " \t")))
	}
	return s
}

// Commented is a declaration under its doc comment; without lines it is the declaration alone.
func Commented(lines []string, declaration jen.Code) *jen.Statement {
	if len(lines) == 0 {
		return jen.Add(declaration)
	}
	return comment(lines...).Line().Add(declaration)
}

// Wrap breaks text into comment lines of at most width characters, words kept whole.
func Wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > width:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// CommentWidth is where our own comments break, without their "// ".
const CommentWidth = 116

// Entry is one field of a composite literal.
type Entry struct {
	Name  string
	Value jen.Code
}

// Literal is a composite literal over several lines, its fields in the given order:
//
//	T{
//		A: a,
//		B: b,
//	}
func Literal(typ jen.Code, fields ...Entry) *jen.Statement {
	return jen.Add(typ).Add(Lines(keyed(fields)...))
}

// keyed writes fields as name: value.
func keyed(fields []Entry) []jen.Code {
	items := make([]jen.Code, len(fields))
	for i, field := range fields {
		items[i] = jen.Id(field.Name).Op(":").Add(field.Value)
	}
	return items
}

// InlineLiteral is literal in one line: T{A: a, B: b}.
func InlineLiteral(typ jen.Code, fields ...Entry) *jen.Statement {
	return Brief(typ, keyed(fields)...)
}

// Lines is a braced list with one item a line; an empty one is {}.
func Lines(items ...jen.Code) *jen.Statement {
	if len(items) == 0 {
		return jen.Values()
	}
	return jen.Custom(jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}, items...)
}

// Brief is a composite literal in one line: T{a, b}.
func Brief(typ jen.Code, values ...jen.Code) *jen.Statement { return jen.Add(typ).Values(values...) }

// Inline is a function's body, in one line where it is one statement: { return d.name }.
func Inline(body ...jen.Code) *jen.Statement {
	if len(body) != 1 {
		return jen.Block(body...)
	}
	return jen.Op("{").Add(body[0]).Op("}")
}

// Finish renders a file: formatted, its imports grouped, the standard library first. The syntax that it returns too has the
// positions that it had before it was formatted.
func (f *File) Finish(fset *token.FileSet, path string) (Printed, error) {
	f.NoFormat = true // it is formatted below, once
	raw := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(raw)
	raw.Reset()
	if err := f.Render(raw); err != nil {
		return Printed{}, fmt.Errorf("%s: render: %w", path, err)
	}
	source := groupImports(raw.Bytes())
	if f.build != "" { // jennifer has no blank line between the comments above the package
		source = bytes.Replace(source, []byte("\npackage "), []byte("\n//go:build "+f.build+"\n\npackage "), 1)
	}
	syntax, err := parser.ParseFile(fset, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return Printed{}, fmt.Errorf("%s: the generated source does not parse: %w\n%s", path, err, Numbered(source))
	}
	ast.SortImports(fset, syntax)
	printed, err := formatted(fset, syntax)
	if err != nil {
		return Printed{}, fmt.Errorf("%s: %w", path, err)
	}
	return Printed{Path: path, Source: printed, Syntax: syntax}, nil
}

// buffers are for sources that are not formatted yet.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// groupImports splits the one import block that jennifer writes into standard library and the rest.
func groupImports(source []byte) []byte {
	const begin, end = "\nimport (\n", "\n)\n"
	head, rest, ok := bytes.Cut(source, []byte(begin))
	if !ok {
		return source
	}
	block, tail, ok := bytes.Cut(rest, []byte(end))
	if !ok {
		return source
	}
	var standard, other []string
	for line := range strings.SplitSeq(string(block), "\n") {
		path := line[strings.Index(line, `"`)+1:]
		first, _, _ := strings.Cut(strings.TrimSuffix(path, `"`), "/")
		if strings.Contains(first, ".") {
			other = append(other, line)
		} else {
			standard = append(standard, line)
		}
	}
	if len(standard) > 0 && len(other) > 0 {
		standard = append(standard, "")
	}
	grouped := strings.Join(slices.Concat(standard, other), "\n")
	return slices.Concat(head, []byte(begin), []byte(grouped), []byte(end), tail)
}

// Numbered puts a line number before each line.
func Numbered(source []byte) string {
	var b strings.Builder
	n := 0
	for line := range bytes.Lines(source) {
		n++
		fmt.Fprintf(&b, "%5d  %s", n, line)
	}
	return b.String()
}

// Zero is the zero value of a type, as an expression.
func (f *File) Zero(t types.Type) *jen.Statement {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return f.Dual("Zero").Types(f.Typ(t)).Call()
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return zeroBasic(u)
	case *types.Struct, *types.Array:
		return f.Typ(t).Values()
	default:
		return jen.Nil()
	}
}

// zeroBasic is the zero value of a basic type.
func zeroBasic(t *types.Basic) *jen.Statement {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return jen.False()
	case info&types.IsString != 0:
		return jen.Lit("")
	case info&types.IsNumeric != 0:
		return jen.Lit(0)
	default:
		return jen.Nil()
	}
}

// Printed is one generated file.
type Printed struct {
	Path   string // absolute
	Source []byte // formatted
	// Syntax is that of the source, with the positions that it had before it was formatted.
	Syntax *ast.File
}
