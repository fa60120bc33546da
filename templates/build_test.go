package templates

import (
	"cmp"
	"errors"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/identifier"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/draw"
	"github.com/dualgen/dualgen/templates/internal/printing"
)

// exported holds where the export data of each package is that the fixtures and the output import.
var exported = sync.OnceValues(func() (map[string]string, error) {
	out, err := exec.Command("go", "list", "-e", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Export}}",
		printing.DualPath, printing.ConvertPath, draw.SuitePath, "pgregory.net/rapid", "github.com/stretchr/testify/require",
		"iter", "time", "testing").Output()
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		path, file, _ := strings.Cut(strings.TrimSpace(line), "\t")
		files[path] = file
	}
	return files, nil
})

// checker type-checks sources of one package.
type checker struct {
	path     string // of the package
	fset     *token.FileSet
	importer types.Importer
}

func newChecker(t *testing.T, path string) *checker {
	files, err := exported()
	require.NoError(t, err)
	fset := token.NewFileSet()
	return &checker{path, fset, importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if files[path] == "" {
			return nil, errors.New("no export data for " + path)
		}
		return os.Open(files[path])
	})}
}

func (c *checker) check(sources ...string) (*types.Package, error) {
	var files []*ast.File
	for i, source := range sources {
		file, err := parser.ParseFile(c.fset, strconv.Itoa(i)+".go", source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	var all []error
	config := types.Config{Importer: c.importer, Error: func(err error) { all = append(all, err) }}
	pkg, _ := config.Check(c.path, c.fset, files, nil)
	return pkg, errors.Join(all...)
}

// fixture is a package of a user's, and what was decided about the interface in it.
type fixture struct {
	path   string // of the package; any if empty
	source string
	name   string // of the interface
	decide func(*builder)
}

// builder makes a plan as short as a test can be: what is not said is derived from the signatures.
type builder struct {
	*plan.Repository
	t      *testing.T
	pkg    *types.Package
	method map[string]*plan.Method
}

// plan builds the fixture's plan.
func (x fixture) plan(t *testing.T) (*plan.Repository, *checker) {
	c := newChecker(t, cmp.Or(x.path, "example.com/users"))
	pkg, err := c.check(x.source)
	require.NoError(t, err)
	name := pkg.Scope().Lookup(x.name).(*types.TypeName)
	typ := name.Type()
	b := &builder{t: t, pkg: pkg, method: map[string]*plan.Method{}, Repository: &plan.Repository{
		Interface: name,
		Type:      typ,
		Output:    plan.Output{Package: pkg, Name: pkg.Name(), Path: pkg.Path(), File: "users_dual.go", TestFile: "users_dual_test.go"},
		Names:     plan.Names{Wrapper: "Dual" + x.name, Constructor: "NewDual" + x.name, Receiver: "d", Conformance: "Run" + x.name + "Conformance"},
		Stores:    [2]plan.Store{{Type: typ}, {Type: typ}},
	}}
	if named, ok := typ.(*types.Named); ok && named.TypeParams().Len() > 0 {
		b.generic(named)
	}
	methods := types.NewMethodSet(b.Type)
	for i := range methods.Len() {
		f := methods.At(i).Obj().(*types.Func)
		m := b.signature(f)
		b.Methods = append(b.Methods, m)
		b.method[m.Name] = m
	}
	if x.decide != nil {
		x.decide(b)
	}
	return b.Repository, c
}

func (b *builder) generic(named *types.Named) {
	var args []types.Type
	for p := range named.TypeParams().TypeParams() {
		b.TypeParams = append(b.TypeParams, p)
		args = append(args, p)
	}
	var err error
	b.Type, err = types.Instantiate(nil, named, args, false)
	require.NoError(b.t, err)
	b.Stores = [2]plan.Store{{Type: b.Type}, {Type: b.Type}}
}

// signature derives a method that reads and has no key.
func (b *builder) signature(f *types.Func) *plan.Method {
	sig := f.Signature()
	m := &plan.Method{Name: f.Name(), Sig: sig, Context: -1, Error: -1, Kind: plan.Read, Field: identifier.LowerFirst(f.Name())}
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		name := v.Name()
		if name == "" || name == "_" {
			name = "arg" + strconv.Itoa(i)
		}
		m.Params = append(m.Params, &plan.Param{Name: name, Said: name, Type: v.Type(), Variadic: sig.Variadic() && i == sig.Params().Len()-1})
		if v.Type().String() == "context.Context" {
			m.Context = i
			continue
		}
		m.Args.Index = append(m.Args.Index, i)
		m.Args.Fields = append(m.Args.Fields, name)
		m.Args.Type = v.Type()
	}
	for i := range sig.Results().Len() {
		v := sig.Results().At(i)
		name := v.Name()
		if name == "" {
			name = "r" + strconv.Itoa(i)
		}
		m.Results = append(m.Results, &plan.Result{Name: name, Type: v.Type()})
		if v.Type().String() == "error" {
			m.Error = i
			continue
		}
		m.Values.Index = append(m.Values.Index, i)
		m.Values.Fields = append(m.Values.Fields, name)
		m.Values.Type = v.Type()
	}
	b.bundle(&m.Args, m.Field+"Args")
	b.bundle(&m.Values, m.Field+"Values")
	return m
}

func (b *builder) bundle(bundle *plan.Bundle, name string) {
	if len(bundle.Index) > 1 {
		bundle.Name, bundle.Type = name, nil
	} else {
		bundle.Fields = nil
	}
}

// write makes a method a write on an entity.
func (b *builder) write(name string, mirror plan.MirrorMode, e *plan.Entity, form plan.KeyForm, parts ...plan.KeyPart) *plan.Method {
	m := b.method[name]
	m.Kind, m.Mirror, m.Entity = plan.Write, mirror, e
	m.Key = plan.Key{Form: form, Func: e.KeyFunc, Parts: parts}
	return m
}

// read makes a method a read of one entity.
func (b *builder) read(name string, e *plan.Entity, parts ...plan.KeyPart) *plan.Method {
	m := b.method[name]
	m.Entity = e
	m.Key = plan.Key{Form: plan.KeyOne, Func: e.KeyFunc, Parts: parts}
	return m
}

// entity adds an entity whose key is its field ID.
func (b *builder) entity(name string) *plan.Entity {
	e := &plan.Entity{
		Name: name, Type: b.typ(name),
		Key:       []plan.KeyPart{field(0, "ID")},
		KeyFunc:   &plan.FuncRef{Name: identifier.LowerFirst(name) + "Key"},
		ParseFunc: &plan.FuncRef{Name: "parse" + name + "Key"},
	}
	e.Key[0].Type = types.Typ[types.String]
	b.Entities = append(b.Entities, e)
	return e
}

func (b *builder) typ(name string) types.Type { return b.pkg.Scope().Lookup(name).Type() }

// call uses a method to copy an entity.
func (b *builder) call(name string) *plan.EntityCall { return &plan.EntityCall{Method: b.method[name]} }

// notFound makes a sentinel a method's way to say that there is nothing.
func (b *builder) notFound(sentinel string, methods ...string) {
	for _, name := range methods {
		b.method[name].Calls[0].NotFound = &plan.NotFound{Caller: &plan.FuncRef{Name: sentinel, Package: b.pkg}}
	}
}

// field is a key part: a field of a parameter, or the parameter itself without names.
func field(param int, names ...string) plan.KeyPart {
	part := plan.KeyPart{Param: param}
	for _, name := range names {
		part.Path = append(part.Path, plan.PathStep{Name: name})
	}
	return part
}

// render prints the fixture's wrapper and type-checks it together with the fixture.
func (x fixture) render(t *testing.T) []printing.Printed {
	repo, c := x.plan(t)
	files, err := Render(repo, token.NewFileSet())
	require.NoError(t, err)
	sources := []string{x.source}
	for _, file := range files {
		sources = append(sources, string(file.Source))
	}
	_, err = c.check(sources...)
	require.NoError(t, err, "%s", printing.Numbered([]byte(strings.Join(sources[1:], "\n"))))
	return files
}
