package generator

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// subject is the interface below a request, as it was loaded.
type subject struct {
	request *request
	program *program
	reports *report.List

	pkg    *packages.Package
	file   *ast.File
	spec   *ast.TypeSpec
	object *types.TypeName
	typ    types.Type // as the output spells it
	iface  *types.Interface
	params []*types.TypeParam
	pos    token.Position // of the interface's name
	doc    []string

	methods []*method
	said    directive.Set
}

// method is a method of the interface, with what the user says of it.
type method struct {
	name  string
	sig   *types.Signature
	pos   token.Position // as people see it
	place token.Position // in its file
	doc   []string
	said  directive.Method

	origin *types.Package // that declares it: of an embedded interface another one
}

// findSubject finds the interface below a request. It returns nil after reporting what is in the way.
func findSubject(p *program, r *request, reports *report.List) *subject {
	pkg, file := p.file(r.file)
	if pkg == nil || pkg.Types == nil || file == nil {
		reports.Add(r.pos, "the package of this line cannot be loaded"+firstError(pkg), "check its build tags, and that go build finds it")
		return nil
	}
	s := &subject{request: r, program: p, reports: reports, pkg: pkg, file: file}
	if !s.findSpec() || !s.resolve() || !s.sound() {
		return nil
	}
	s.collect()
	return s
}

// firstError is the first error of a package that was not loaded well, for a message.
func firstError(pkg *packages.Package) string {
	if pkg == nil || len(pkg.Errors) == 0 {
		return ""
	}
	return ": " + pkg.Errors[0].Msg
}

// docLines is a doc comment without directives and without the comment marks.
func docLines(doc *ast.CommentGroup) []string {
	text := strings.TrimSpace(doc.Text())
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// resolve finds the interface's type.
func (s *subject) resolve() bool {
	name := s.spec.Name
	s.pos = s.program.position(name.Pos())
	object, ok := s.pkg.Types.Scope().Lookup(name.Name).(*types.TypeName)
	if !ok {
		s.reports.Addf(s.pos, "rename one of the two declarations", "%s is declared twice", name.Name)
		return false
	}
	s.object, s.typ = object, object.Type()
	s.params = typeParams(s.typ)
	if named, ok := s.typ.(*types.Named); ok && len(s.params) > 0 {
		s.instantiate(named)
	}
	iface, ok := s.typ.Underlying().(*types.Interface)
	if !ok {
		if isInvalid(s.typ.Underlying()) {
			s.reportTypeErrors()
			return false
		}
		s.reports.Addf(s.pos, "put the //go:generate line directly above the interface",
			"%s is no interface but %s", name.Name, describe(s.typ.Underlying()))
		return false
	}
	s.iface = iface
	if !iface.IsMethodSet() {
		s.reports.Addf(s.pos, "wrap an interface that has methods only", "%s is a constraint: no value has its type", name.Name)
		return false
	}
	return true
}

// instantiate spells a generic interface with its own type parameters for arguments.
func (s *subject) instantiate(named *types.Named) {
	args := make([]types.Type, len(s.params))
	for i, p := range s.params {
		args[i] = p
	}
	if t, err := types.Instantiate(nil, named, args, false); err == nil {
		s.typ = t
	}
}

// typeParams are the type parameters that a generic interface declares.
func typeParams(t types.Type) []*types.TypeParam {
	var list *types.TypeParamList
	switch t := t.(type) {
	case *types.Named:
		list = t.TypeParams()
	case *types.Alias:
		list = t.TypeParams()
	}
	if list == nil {
		return nil
	}
	return slices.Collect(list.TypeParams())
}

// describe says what kind of type something is.
func describe(t types.Type) string {
	switch t.(type) {
	case *types.Struct:
		return "a struct"
	case *types.Signature:
		return "a function"
	case *types.Pointer:
		return "a pointer"
	default:
		return t.String()
	}
}

// sound reports whether every type that the interface mentions is known, and reports the compiler's errors if not.
func (s *subject) sound() bool {
	seen := map[types.Type]bool{}
	if !containsInvalid(s.typ, seen) {
		return true
	}
	s.reportTypeErrors()
	return false
}

// reportTypeErrors reports the errors of the interface's package as the compiler would.
func (s *subject) reportTypeErrors() {
	if reportErrors(s.program, s.reports, s.pkg) == 0 {
		s.reports.Addf(s.pos, "run go build to see what is wrong", "%s mentions a type that does not compile", s.spec.Name.Name)
	}
}

// collect gathers the interface's methods and what is said above them.
func (s *subject) collect() {
	for method := range s.iface.Methods() {
		s.methods = append(s.methods, s.method(method))
	}
	s.readDirectives()
	slices.SortStableFunc(s.methods, func(a, b *method) int { return comparePositions(a.place, b.place, s.request.file) })
	for _, m := range s.methods {
		m.said = *s.said.Of(m.name)
	}
}

// comparePositions orders positions: those of the given file first, then by file name, line and column.
func comparePositions(a, b token.Position, first string) int {
	if a.Filename != b.Filename {
		switch {
		case a.Filename == first:
			return -1
		case b.Filename == first:
			return 1
		}
		return strings.Compare(a.Filename, b.Filename)
	}
	if a.Line != b.Line {
		return a.Line - b.Line
	}
	return a.Column - b.Column
}

// method describes one method.
func (s *subject) method(f *types.Func) *method {
	m := &method{name: f.Name(), sig: f.Signature(), pos: s.program.position(f.Pos()), place: s.program.place(f.Pos()), origin: f.Pkg()}
	if field := s.program.methodField(f.Pos()); field != nil {
		m.doc = docLines(field.Doc)
	} else if m.place.Filename != s.request.file {
		m.pos, m.place = s.pos, s.program.place(s.spec.Name.Pos()) // of another module: the interface's own name is where the user can act
	}
	return m
}

// methodField is the syntax of an interface's method that was loaded from source, or nil.
func (p *program) methodField(pos token.Pos) *ast.Field {
	p.index.Do(func() {
		p.fields = map[token.Pos]*ast.Field{}
		for _, pkg := range p.byPath {
			for _, file := range pkg.Syntax {
				ast.Inspect(file, p.indexFields)
			}
		}
	})
	return p.fields[pos]
}

// indexFields notes the methods of an interface type.
func (p *program) indexFields(n ast.Node) bool {
	if i, ok := n.(*ast.InterfaceType); ok {
		for _, field := range i.Methods.List {
			for _, name := range field.Names {
				p.fields[name.Pos()] = field
			}
		}
	}
	return true
}

// methodNames are the interface's methods.
func (s *subject) methodNames() []string {
	var names []string
	for _, m := range s.methods {
		names = append(names, m.name)
	}
	return names
}
