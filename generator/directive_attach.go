package generator

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// methodDirectives is what is said of one method.
type methodDirectives struct {
	kind     *kindDirective
	key      *keyDirective
	mirror   *mirrorDirective
	call     *callDirective
	entity   *kindOfDirective
	compare  *compareDirective
	notFound *notFoundDirective
	rollover *rolloverDirective
	cursor   *cursorDirective
	bad      bool // one of its directives could not be read
}

// interfaceDirectives is what is said of an interface.
type interfaceDirectives struct {
	methods   map[string]*methodDirectives
	entities  []*entityDirective
	fields    []*fieldDirective
	ignores   []*ignoreDirective
	converts  []*convertDirective
	makers    []*constructDirective
	compares  []*compareDirective
	notFounds []*notFoundDirective
	rollovers []*rolloverDirective
	gens      []*genDirective
}

// of is what is said of a method; empty where nothing is.
func (d *interfaceDirectives) of(method string) *methodDirectives {
	m := d.methods[method]
	if m == nil {
		m = &methodDirectives{}
		d.methods[method] = m
	}
	return m
}

// readDirectives reads the directives above the interface and above its methods.
func (s *subject) readDirectives() {
	begin := s.interfaceStart()
	for _, group := range s.file.Comments {
		for _, comment := range group.List {
			if comment.Pos() >= begin && comment.Pos() < s.spec.Name.Pos() {
				s.readLine(comment, nil)
			}
		}
	}
	for method := range s.iface.Methods() {
		field := s.program.methodField(method.Pos())
		if field == nil || field.Doc == nil {
			continue
		}
		for _, comment := range field.Doc.List {
			s.readLine(comment, &word{text: method.Name()})
		}
	}
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

// readLine reads one comment line. method is the method that it stands above, or nil for the interface.
func (s *subject) readLine(comment *ast.Comment, method *word) {
	pos := s.program.position(comment.Pos())
	if !looksLikeOurs(comment.Text) {
		return
	}
	s.program.consume(pos)
	if strings.HasPrefix(comment.Text, "// ") {
		s.markBad(method)
		s.reports.add(pos, "a directive has no space after //", "write "+strings.Replace(comment.Text, "// ", "//", 1))
		return
	}
	d, named := parseDirective(s.reports, comment.Text, pos, method != nil)
	if d == nil {
		s.markBad(method)
		return
	}
	if method != nil {
		named = []word{*method}
	}
	for _, name := range named {
		if !s.hasMethod(name.text) {
			s.reports.addf(name.pos, hint(name.text, s.methodNames()), "%s has no method %s", s.object.Name(), name.text)
			return
		}
		s.attach(d, name.text)
	}
	if named == nil {
		s.attachToAll(d)
	}
}

// markBad notes that something is said of a method that could not be read.
func (s *subject) markBad(method *word) {
	if method != nil {
		s.said.of(method.text).bad = true
	}
}

// looksLikeOurs reports whether a comment line is one of our directives, or meant to be one.
func looksLikeOurs(text string) bool {
	return strings.HasPrefix(text, "//dualgen:") || strings.HasPrefix(text, "// dualgen:")
}

// hasMethod reports whether the interface has a method of that name.
func (s *subject) hasMethod(name string) bool {
	return slices.ContainsFunc(s.methods, func(m *method) bool { return m.name == name })
}

// methodNames are the interface's methods.
func (s *subject) methodNames() []string {
	var names []string
	for _, m := range s.methods {
		names = append(names, m.name)
	}
	return names
}

// attach notes a directive for one method, and reports one that was said twice.
func (s *subject) attach(d directive, name string) {
	m := s.said.of(name)
	switch d := d.(type) {
	case *kindDirective:
		once(s.reports, &m.kind, d, name)
	case *keyDirective:
		once(s.reports, &m.key, d, name)
	case *mirrorDirective:
		once(s.reports, &m.mirror, d, name)
	case *callDirective:
		once(s.reports, &m.call, d, name)
	case *kindOfDirective:
		once(s.reports, &m.entity, d, name)
	case *compareDirective:
		once(s.reports, &m.compare, d, name)
	case *notFoundDirective:
		once(s.reports, &m.notFound, d, name)
	case *rolloverDirective:
		once(s.reports, &m.rollover, d, name)
	case *cursorDirective:
		once(s.reports, &m.cursor, d, name)
	}
}

// once sets a method's directive, and reports a second one.
func once[D interface {
	comparable
	directive
}](reports *reports, at *D, d D, method string) {
	var none D
	if *at != none && *at != d {
		reports.addf(d.position(), "keep one of the two", "//dualgen:%s contradicts //dualgen:%s in line %d: both speak of %s",
			d.verb(), (*at).verb(), (*at).position().Line, method)
		return
	}
	*at = d
}

// attachToAll notes a directive that speaks of the interface.
func (s *subject) attachToAll(d directive) {
	said := &s.said
	switch d := d.(type) {
	case *entityDirective:
		said.entities = append(said.entities, d)
		for _, name := range d.methods {
			if !s.hasMethod(name.text) {
				s.reports.addf(name.pos, hint(name.text, s.methodNames()), "%s has no method %s", s.object.Name(), name.text)
				continue
			}
			s.attach(&kindOfDirective{said: saidAt(d, name), entity: d.entity}, name.text)
		}
	case *fieldDirective:
		said.fields = append(said.fields, d)
	case *ignoreDirective:
		said.ignores = append(said.ignores, d)
	case *convertDirective:
		said.converts = append(said.converts, d)
	case *constructDirective:
		said.makers = append(said.makers, d)
	case *compareDirective:
		said.compares = append(said.compares, d)
	case *notFoundDirective:
		said.notFounds = append(said.notFounds, d)
	case *rolloverDirective:
		said.rollovers = append(said.rollovers, d)
	case *genDirective:
		said.gens = append(said.gens, d)
	}
}

// saidAt is what a directive says at one of its words.
func saidAt(d *entityDirective, at word) said {
	return said{d.name, at.pos}
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
func reportStrays(p *program, reports *reports, name string) {
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
				reports.add(pos, "this directive stands above nothing that dualgen wraps",
					"put it directly above a method, or above the interface under its //go:generate line")
			}
		}
	}
}
