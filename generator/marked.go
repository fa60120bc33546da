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
		first, last := s.program.position(group.Pos()).Line, s.program.position(group.End()).Line
		if first <= s.request.pos.Line && s.request.pos.Line <= last+1 {
			begin = group.Pos()
		}
	}
	return begin
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
			if pos := fset.Position(comment.Pos()); !p.consumed[positionKey(pos)] {
				reports.Add(pos, "this directive stands above nothing that dualgen wraps",
					"put it directly above a method, or above the interface under its //go:generate line")
			}
		}
	}
}
