package load

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/source"
)

// Subject is the interface below a request, as it was loaded.
type Subject struct {
	Request *source.Request
	Program *Program
	Reports *report.List

	Pkg    *packages.Package
	File   *ast.File
	Spec   *ast.TypeSpec
	Object *types.TypeName
	Typ    types.Type // as the output spells it
	Iface  *types.Interface
	Params []*types.TypeParam
	Pos    token.Position // of the interface's name
	Doc    []string

	Methods []*Method
	Lines   []directive.Line // that the user has written
	Said    directive.Set
}

// Method is a method of the interface, with what the user says of it.
type Method struct {
	Name  string
	Sig   *types.Signature
	Pos   token.Position // as people see it
	place token.Position // in its file
	Doc   []string
	Said  directive.Method

	Origin *types.Package // that declares it: of an embedded interface another one
}

// FindSubject finds the interface below a request. It returns nil after reporting what is in the way.
func FindSubject(p *Program, r *source.Request, reports *report.List) *Subject {
	pkg, file := p.file(r.File)
	if pkg == nil || pkg.Types == nil || file == nil {
		reports.Add(r.Pos, "the package of this line cannot be loaded"+FirstError(pkg), "check its build tags, and that go build finds it")
		return nil
	}
	s := &Subject{Request: r, Program: p, Reports: reports, Pkg: pkg, File: file}
	if !s.findSpec() || !s.resolve() || !s.sound() {
		return nil
	}
	s.collect()
	return s
}

// FirstError is the first error of a package that was not loaded well, for a message.
func FirstError(pkg *packages.Package) string {
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
func (s *Subject) resolve() bool {
	name := s.Spec.Name
	s.Pos = s.Program.Position(name.Pos())
	object, ok := s.Pkg.Types.Scope().Lookup(name.Name).(*types.TypeName)
	if !ok {
		s.Reports.Addf(s.Pos, "rename one of the two declarations", "%s is declared twice", name.Name)
		return false
	}
	s.Object, s.Typ = object, object.Type()
	s.Params = TypeParams(s.Typ)
	if named, ok := s.Typ.(*types.Named); ok && len(s.Params) > 0 {
		s.instantiate(named)
	}
	iface, ok := s.Typ.Underlying().(*types.Interface)
	if !ok {
		if IsInvalid(s.Typ.Underlying()) {
			s.reportTypeErrors()
			return false
		}
		s.Reports.Addf(s.Pos, "put the //go:generate line directly above the interface",
			"%s is no interface but %s", name.Name, describe(s.Typ.Underlying()))
		return false
	}
	s.Iface = iface
	if !iface.IsMethodSet() {
		s.Reports.Addf(s.Pos, "wrap an interface that has methods only", "%s is a constraint: no value has its type", name.Name)
		return false
	}
	return true
}

// instantiate spells a generic interface with its own type parameters for arguments.
func (s *Subject) instantiate(named *types.Named) {
	args := make([]types.Type, len(s.Params))
	for i, p := range s.Params {
		args[i] = p
	}
	if t, err := types.Instantiate(nil, named, args, false); err == nil {
		s.Typ = t
	}
}

// TypeParams are the type parameters that a generic interface declares.
func TypeParams(t types.Type) []*types.TypeParam {
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
func (s *Subject) sound() bool {
	seen := map[types.Type]bool{}
	if !ContainsInvalid(s.Typ, seen) {
		return true
	}
	s.reportTypeErrors()
	return false
}

// reportTypeErrors reports the errors of the interface's package as the compiler would.
func (s *Subject) reportTypeErrors() {
	if ReportErrors(s.Program, s.Reports, s.Pkg) == 0 {
		s.Reports.Addf(s.Pos, "run go build to see what is wrong", "%s mentions a type that does not compile", s.Spec.Name.Name)
	}
}

// collect gathers the interface's methods and what is said above them.
func (s *Subject) collect() {
	for method := range s.Iface.Methods() {
		s.Methods = append(s.Methods, s.method(method))
	}
	s.readDirectives()
	slices.SortStableFunc(s.Methods, func(a, b *Method) int { return ComparePositions(a.place, b.place, s.Request.File) })
	for _, m := range s.Methods {
		m.Said = *s.Said.Of(m.Name)
	}
}

// ComparePositions orders positions: those of the given file first, then by file name, line and column.
func ComparePositions(a, b token.Position, first string) int {
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
func (s *Subject) method(f *types.Func) *Method {
	m := &Method{Name: f.Name(), Sig: f.Signature(), Pos: s.Program.Position(f.Pos()), place: s.Program.Place(f.Pos()), Origin: f.Pkg()}
	if field := s.Program.methodField(f.Pos()); field != nil {
		m.Doc = docLines(field.Doc)
	} else if m.place.Filename != s.Request.File {
		m.Pos, m.place = s.Pos, s.Program.Place(s.Spec.Name.Pos()) // of another module: the interface's own name is where the user can act
	}
	return m
}

// methodField is the syntax of an interface's method that was loaded from source, or nil.
func (p *Program) methodField(pos token.Pos) *ast.Field {
	p.index.Do(func() {
		p.fields = map[token.Pos]*ast.Field{}
		for _, pkg := range p.ByPath {
			for _, file := range pkg.Syntax {
				ast.Inspect(file, p.indexFields)
			}
		}
	})
	return p.fields[pos]
}

// indexFields notes the methods of an interface type.
func (p *Program) indexFields(n ast.Node) bool {
	if i, ok := n.(*ast.InterfaceType); ok {
		for _, field := range i.Methods.List {
			for _, name := range field.Names {
				p.fields[name.Pos()] = field
			}
		}
	}
	return true
}

// MethodNames are the interface's methods.
func (s *Subject) MethodNames() []string {
	var names []string
	for _, m := range s.Methods {
		names = append(names, m.Name)
	}
	return names
}
