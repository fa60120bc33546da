package generator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// readDirectives reads the directives above the interface and above its methods.
func (s *subject) readDirectives() {
	s.said = *directive.Read(s.reports, s.marked(), s.object.Name(), s.methodNames())
}

// marked are the comment lines above the interface and above its methods that are directives of ours. They are no strays then.
func (s *subject) marked() []directive.Line {
	var lines []directive.Line
	take := func(comment *ast.Comment, method string) {
		if directive.Ours(comment.Text) {
			pos := s.program.position(comment.Pos())
			s.program.consume(pos)
			lines = append(lines, directive.Line{Text: comment.Text, Pos: pos, Method: method})
		}
	}
	begin := s.interfaceStart()
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			if comment.Pos() >= begin && comment.Pos() < s.spec.Name.Pos() {
				take(comment, "")
			}
		}
	}
	defer s.reportMisplaced(begin)
	for method := range s.iface.Methods() {
		field := s.program.methodField(method.Pos())
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
func (s *subject) interfaceStart() token.Pos {
	begin := s.spec.Name.Pos()
	for _, group := range s.file.Comments {
		first, last := s.program.place(group.Pos()).Line, s.program.place(group.End()).Line
		if first <= s.request.pos.Line && s.request.pos.Line <= last+1 {
			begin = group.Pos()
		}
	}
	return begin
}

// reportMisplaced reports comments in and above the interface that are meant to be directives, and are not read as such: in a block
// comment, or apart from what they are to stand above.
func (s *subject) reportMisplaced(begin token.Pos) {
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			pos := s.program.position(comment.Pos())
			switch {
			case comment.Pos() < begin || comment.Pos() > s.spec.End():
			case strings.HasPrefix(comment.Text, "/*") && directive.Mentions(comment.Text):
				s.reports.Add(pos, "no directive is read in a block comment", "write each on a line of its own: //dualgen:…")
			case strings.HasPrefix(comment.Text, "// dualgen:") && !s.program.isConsumed(pos):
				s.program.consume(pos)
				s.reports.Add(pos, "a directive has no space after //, and stands directly above a method", "write "+strings.Replace(comment.Text, "// ", "//", 1)+" there")
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
func (p *program) consume(pos token.Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.consumed[positionKey(pos)] = true
}

// isConsumed reports whether the directive at a position was read.
func (p *program) isConsumed(pos token.Position) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.consumed[positionKey(pos)]
}

// reportStrays reports the directives in a file that stand above nothing that dualgen wraps.
func reportStrays(p *program, reports *report.List, name string) {
	fset := p.fset
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
