package load

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// readDirectives reads the directives above the interface and above its methods.
func (s *Subject) readDirectives() {
	s.Lines = s.marked()
	s.Said = *directive.Read(s.Reports, s.Lines, s.Object.Name(), s.MethodNames())
}

// marked are the comment lines above the interface and above its methods that are directives of ours. They are no strays then.
func (s *Subject) marked() []directive.Line {
	var lines []directive.Line
	take := func(comment *ast.Comment, method string) {
		if directive.Ours(comment.Text) {
			pos := s.Program.Position(comment.Pos())
			s.Program.consume(pos)
			lines = append(lines, directive.Line{Text: comment.Text, Pos: pos, Method: method})
		}
	}
	begin := s.interfaceStart()
	for _, group := range s.File.Comments {
		for _, comment := range group.List {
			if comment.Pos() >= begin && comment.Pos() < s.Spec.Name.Pos() {
				take(comment, "")
			}
		}
	}
	defer s.reportMisplaced(begin)
	for method := range s.Iface.Methods() {
		field := s.Program.methodField(method.Pos())
		if field == nil || field.Doc == nil {
			continue
		}
		for _, comment := range field.Doc.List {
			take(comment, method.Name())
		}
	}
	return lines
}

// interfaceStart is where the comments above the interface begin: at the group with the request's line, or that ends just
// above it.
func (s *Subject) interfaceStart() token.Pos {
	begin := s.Spec.Name.Pos()
	for _, group := range s.File.Comments {
		first, last := s.Program.Place(group.Pos()).Line, s.Program.Place(group.End()).Line
		if first <= s.Request.Pos.Line && s.Request.Pos.Line <= last+1 {
			begin = group.Pos()
		}
	}
	return begin
}

// reportMisplaced reports comments in and above the interface that are meant to be directives, and are not read as such: in a block
// comment, or apart from what they are to stand above.
func (s *Subject) reportMisplaced(begin token.Pos) {
	for _, group := range s.File.Comments {
		for _, comment := range group.List {
			pos := s.Program.Position(comment.Pos())
			switch {
			case comment.Pos() < begin || comment.Pos() > s.Spec.End():
			case strings.HasPrefix(comment.Text, "/*") && directive.Mentions(comment.Text):
				s.Reports.Add(pos, "no directive is read in a block comment", "write each on a line of its own: //dualgen:…")
			case strings.HasPrefix(comment.Text, "// dualgen:") && !s.Program.isConsumed(pos):
				s.Program.consume(pos)
				s.Reports.Add(pos, "a directive has no space after //, and stands directly above a method", "write "+strings.Replace(comment.Text, "// ", "//", 1)+" there")
			}
		}
	}
}

// positionKey identifies a position.
func positionKey(pos token.Position) string {
	pos.Offset = 0
	return pos.String()
}

// consume notes that the directive at a position was read.
func (p *Program) consume(pos token.Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.consumed[positionKey(pos)] = true
}

// isConsumed reports whether the directive at a position was read.
func (p *Program) isConsumed(pos token.Position) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.consumed[positionKey(pos)]
}

// ReportStrays reports the directives in a file that stand above nothing that dualgen wraps.
func ReportStrays(p *Program, reports *report.List, name string) {
	fset := p.Fset
	pkg, file := p.file(name)
	if file == nil || len(pkg.Errors) > 0 { // not in this build, or perhaps not parsed to its end
		fset = token.NewFileSet()
		var err error
		file, err = parser.ParseFile(fset, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if file == nil || err != nil {
			return // the compiler reports it
		}
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if !strings.HasPrefix(comment.Text, "//dualgen:") {
				continue
			}
			if pos := fset.Position(comment.Pos()); !p.isConsumed(pos) {
				reports.Add(pos, "this directive stands above nothing that dualgen wraps",
					"put it directly above a method, or above the interface under its //go:generate line")
			}
		}
	}
}
