package check

import (
	"errors"
	"go/token"
	"go/types"

	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/internal/plan"
)

// importer finds what output imports, and in the packages of other wrappers what is declared there when they are written.
type importer struct {
	types.Importer
	with    map[string]*types.Package // by import path
	missing map[string]bool           // imports that the module does not provide
}

// Import implements types.Importer.
func (i *importer) Import(path string) (*types.Package, error) {
	if pkg := i.with[path]; pkg != nil {
		return pkg, nil
	}
	pkg, err := i.Importer.Import(path)
	if errors.Is(err, load.ErrNotProvided) {
		i.missing[path] = true
	}
	return pkg, err
}

// absent reports whether an import was looked for, and the module does not provide it.
func (i *importer) absent(path string) bool { return i.missing[path] }

// importer finds what the output of a folder imports.
func (c *checker) importer() *importer {
	i := &importer{Importer: c.program.Universe, with: map[string]*types.Package{}, missing: map[string]bool{}}
	for _, repo := range c.Repositories {
		for _, sub := range repo.Subs {
			if sub.Of.Output.Path != repo.Output.Path {
				i.declare(sub.Of)
			}
		}
	}
	return i
}

// declare adds a wrapper and its constructor to its package. Our own output does not enter the load.
func (i *importer) declare(repo *plan.Repository) {
	path := repo.Output.Path
	pkg := i.with[path]
	if pkg == nil {
		pkg = types.NewPackage(path, repo.Output.Name)
		for _, name := range repo.Output.Package.Scope().Names() {
			pkg.Scope().Insert(repo.Output.Package.Scope().Lookup(name))
		}
		pkg.MarkComplete()
		i.with[path] = pkg
	}
	runtime, err := i.Importer.Import(load.DualPath)
	if err != nil {
		return // the output says so
	}
	wrapper := types.NewNamed(types.NewTypeName(token.NoPos, pkg, repo.Names.Wrapper, nil), types.NewStruct(nil, nil), nil)
	if pkg.Scope().Insert(wrapper.Obj()) != nil {
		return // handed out twice
	}
	pointer := types.NewPointer(wrapper)
	for m := range repo.Type.Underlying().(*types.Interface).Methods() {
		sig := m.Signature()
		receiver := types.NewParam(token.NoPos, pkg, "", pointer)
		wrapper.AddMethod(types.NewFunc(token.NoPos, pkg, m.Name(),
			types.NewSignatureType(receiver, nil, nil, sig.Params(), sig.Results(), sig.Variadic())))
	}
	var params []*types.Var
	for _, s := range repo.Stores {
		params = append(params, types.NewParam(token.NoPos, pkg, "", s.Type))
	}
	params = append(params, types.NewParam(token.NoPos, pkg, "", types.NewPointer(runtime.Scope().Lookup("Migration").Type())))
	pkg.Scope().Insert(types.NewFunc(token.NoPos, pkg, repo.Names.Constructor,
		types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), types.NewTuple(types.NewParam(token.NoPos, pkg, "", pointer)), false)))
}
