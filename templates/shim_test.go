package templates

import (
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/internal/convert"
	"github.com/dualgen/dualgen/internal/convert/given"
	"github.com/dualgen/dualgen/internal/plan"
	"github.com/dualgen/dualgen/templates/internal/helpers"
	"github.com/dualgen/dualgen/templates/internal/printing"
	"github.com/dualgen/dualgen/templates/internal/shims"
)

// TestShimsRun generates a shim around a store that differs from the interface in names, types, contexts, errors and in
// how it says "absent", and runs it.
func TestShimsRun(t *testing.T) {
	dir, pkg := loadCase(t, "shims")
	lookup := func(name string) *plan.FuncRef { return &plan.FuncRef{Name: name, Package: pkg} }
	noRows := &plan.FuncRef{Name: "ErrNoRows", Package: types.NewPackage("database/sql", "sql")}
	repo := shimPlan(t, pkg, map[string]string{"Get": "ByID", "Save": "Upsert"}, map[string]*plan.NotFound{
		"Get":    {Store: noRows, Caller: lookup("ErrNotFound")},
		"Find":   {StoreNil: true, Caller: lookup("ErrNotFound")},
		"Lookup": {Store: noRows, CallerFound: true},
		"Peek":   {StoreFound: true, CallerFound: true},
		"Delete": {StoreFound: true, Caller: lookup("ErrNotFound")},
	})
	f := printing.NewFile(repo, printing.NotForImports(repo))
	shims.Print(f, repo)
	helpers.Functions(f, repo)
	helpers.Guards(f, repo)
	printed, err := f.Finish(token.NewFileSet(), "")
	require.NoError(t, err)
	runCase(t, dir, printed.Source)
}

// loadCase type-checks types.go of a folder of testdata, and copies the folder where its output can be run.
func loadCase(t *testing.T, name string) (dir string, pkg *types.Package) {
	dir = t.TempDir()
	for _, file := range []string{"types.go", "main.go"} {
		source, err := os.ReadFile(filepath.Join("testdata", name, file))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, file), source, 0o600))
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedTypes | packages.NeedImports | packages.NeedSyntax | packages.NeedTypesInfo,
	}, filepath.Join(dir, "types.go"))
	require.NoError(t, err)
	require.Empty(t, loaded[0].Errors)
	return dir, loaded[0].Types
}

// runCase runs generated source with its case; main prints what is wrong.
func runCase(t *testing.T, dir string, source []byte) {
	generated := filepath.Join(dir, "generated.go")
	require.NoError(t, os.WriteFile(generated, source, 0o600))
	out, err := exec.Command("go", "run", filepath.Join(dir, "types.go"), filepath.Join(dir, "main.go"), generated).CombinedOutput()
	require.NoError(t, err, "%s\n%s", out, printing.Numbered(source))
	require.Empty(t, string(out))
}

// shimPlan plans the shim of a package's Store as its Users: parameters and results in order.
func shimPlan(t *testing.T, pkg *types.Package, names map[string]string, notFound map[string]*plan.NotFound) *plan.Repository {
	object := pkg.Scope().Lookup("Users").(*types.TypeName)
	store := types.NewPointer(pkg.Scope().Lookup("Store").Type())
	user := func(name string) given.User { return given.User{Func: pkg.Scope().Lookup(name).(*types.Func)} }
	planner := convert.New(given.Options{Name: freshNames(), Package: pkg, Users: []given.User{user("ParseID"), user("FormatID")},
		Fields: []given.Field{{Path: "User.Age", Null: "error"}}})
	repo := &plan.Repository{
		Interface: object, Type: object.Type(),
		Output: plan.Output{Package: pkg, Name: pkg.Name(), Path: pkg.Path()},
		Names:  plan.Names{Receiver: "d2"},
		Stores: [2]plan.Store{{Type: store, Shim: &plan.Shim{Name: "oldUsers", Field: "store"}}, {Type: object.Type()}},
	}
	for m := range object.Type().Underlying().(*types.Interface).Methods() {
		name := m.Name()
		if other, ok := names[name]; ok {
			name = other
		}
		method := signatureOf(m)
		selection := types.NewMethodSet(store).Lookup(pkg, name)
		require.NotNil(t, selection, name)
		method.Calls[0] = storeCall(t, planner, method, selection.Obj().(*types.Func), notFound[m.Name()])
		repo.Methods = append(repo.Methods, method)
	}
	repo.Functions, repo.Guards = planner.Functions(), planner.Guards()
	require.Empty(t, planner.Unused())
	return repo
}

func signatureOf(f *types.Func) *plan.Method {
	sig := f.Signature()
	m := &plan.Method{Name: f.Name(), Sig: sig, Context: -1, Error: -1}
	for i := range sig.Params().Len() {
		v := sig.Params().At(i)
		if v.Name() == "ctx" {
			m.Context = i
		}
		m.Params = append(m.Params, &plan.Param{Name: v.Name(), Type: v.Type(), Variadic: sig.Variadic() && i == sig.Params().Len()-1})
	}
	for i := range sig.Results().Len() {
		v := sig.Results().At(i)
		if types.Identical(v.Type(), types.Universe.Lookup("error").Type()) {
			m.Error = i
		}
		m.Results = append(m.Results, &plan.Result{Name: v.Name(), Type: v.Type()})
	}
	return m
}

func storeCall(t *testing.T, planner *convert.Planner, m *plan.Method, f *types.Func, notFound *plan.NotFound) plan.StoreCall {
	store := signatureOf(f)
	call := plan.StoreCall{
		Method: f.Name(), Context: store.Context >= 0, Error: store.Error >= 0,
		Variadic: store.Sig.Variadic(), NotFound: notFound,
	}
	value := func(from, to types.Type, direction given.Direction) plan.Conv {
		conv, faults := planner.Value(from, to, given.At{Direction: direction, Path: m.Name})
		require.Empty(t, faults)
		return conv
	}
	next := 0
	for i, p := range m.Params {
		if i == m.Context {
			continue
		}
		if next == store.Context {
			next++
		}
		to := store.Params[next].Type
		arg := plan.Arg{Index: i, Conv: value(p.Type, to, given.ToStore)}
		if ours, ok := p.Type.(*types.Pointer); ok {
			arg.Back = value(to.(*types.Pointer).Elem(), ours.Elem(), given.FromStore)
		}
		call.Args = append(call.Args, arg)
		next++
	}
	for i, r := range store.Results {
		if i == store.Error {
			continue
		}
		call.Returns++
		if i < len(m.Results) && i != m.Error {
			call.Results = append(call.Results, plan.Arg{Index: i, Conv: value(r.Type, m.Results[i].Type, given.FromStore)})
		}
	}
	return call
}
