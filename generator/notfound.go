package generator

import (
	"go/types"
	"slices"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// notFound says how "absent" is told to the caller and by a store. results are the store's own without the error, nil
// where the store has the interface's signatures. It returns nil where nothing can be absent.
func (b *builder) notFound(i int, d *model.Method, results []*types.Var) *plan.NotFound {
	if d.Kind != plan.Read && d.Kind != plan.Write || d.Error < 0 && len(d.NonError()) == 0 {
		return nil
	}
	n := &plan.NotFound{Caller: b.callerSentinel(d)}
	b.resultForms(n, d)
	if results == nil {
		n.Store, n.StoreNil, n.StoreFound = n.Caller, n.CallerNil, n.CallerFound
	} else {
		n.Store, n.StoreTest = b.storeSentinel(i, d)
		n.StoreFound = len(results) > 1 && shape.IsBool(results[len(results)-1].Type())
		n.StoreNil = len(results) > 0 && shape.IsNilable(results[0].Type())
	}
	if *n == (plan.NotFound{}) {
		return nil
	}
	return n
}

// checkAbsences asks how the getters of written entities say that there is no such entity.
func (b *builder) checkAbsences() {
	for _, e := range b.in.Entities {
		if e.Written && e.Type != nil {
			b.checkAbsent(e)
		}
	}
}

// checkAbsent reports a getter that leaves open how it says that there is no such entity: a copy must know.
func (b *builder) checkAbsent(e *model.Entity) {
	if e.Get == nil || e.Get.Method == nil || e.Get.Method.Error < 0 {
		return
	}
	for _, d := range slices.Concat(b.in.Methods, b.in.Extra) {
		if d.Method != e.Get.Method {
			continue
		}
		before := b.reports.Len()
		n := b.notFound(0, d, nil)
		if b.reports.Len() > before {
			continue // its directive was reported
		}
		if n == nil || n.Caller == nil && !n.CallerNil && !n.CallerFound {
			b.in.Ask(d, "write //dualgen:notfound ErrNotFound above the interface, with the name of that error",
				"cannot tell by which error %s says that there is no such %s", d.Name, e.Name)
		}
	}
}

// resultForms says whether nil or a flag means "absent" to the caller.
func (b *builder) resultForms(n *plan.NotFound, d *model.Method) {
	list := d.NonError()
	if d.Kind != plan.Read || len(list) == 0 || shape.ElementOf(d.Results[list[0]].Type).Many {
		return
	}
	n.CallerFound = len(list) > 1 && shape.IsBool(d.Results[list[len(list)-1]].Type)
	n.CallerNil = shape.IsNilable(d.Results[list[0]].Type)
}

// saidNotFound are the directives that may speak of a method, its own first.
func (b *builder) saidNotFound(d *model.Method) []*directive.NotFound {
	if d.Said.NotFound != nil {
		return []*directive.NotFound{d.Said.NotFound}
	}
	return b.said.NotFounds
}

// callerSentinel is the error that tells the caller that there is no such entity: by directive, else the package's own.
func (b *builder) callerSentinel(d *model.Method) *plan.FuncRef {
	if d.Error < 0 {
		return nil
	}
	for _, said := range b.saidNotFound(d) {
		if said.Caller.Text != "" && said.Caller.Text != "nil" {
			return b.sentinel(said.Caller, b.pkg.Types)
		}
	}
	if own := b.conventional(b.pkg.Types, d); own != nil || d.Origin == nil {
		return own
	}
	return b.conventional(d.Origin, d)
}

// storeSentinel is the error by which a store says that there is no such entity, or the function that tells it.
func (b *builder) storeSentinel(i int, d *model.Method) (ref *plan.FuncRef, test bool) {
	if !d.Calls[i].Error {
		return nil, false
	}
	for _, said := range b.saidNotFound(d) {
		if w := said.Stores[i]; w.Text != "" && w.Text != "nil" {
			test := b.errorTest(w, b.in.Stores[i].Pkg)
			return test.Ref, test.Func
		}
	}
	if pkg := b.in.Stores[i].Pkg; pkg != nil && pkg != b.pkg.Types {
		if own := b.conventional(pkg, d); own != nil {
			return own, false
		}
	}
	return b.callerSentinel(d), false
}

// conventional is the error variable of a package that means "absent" by its name: ErrUserNotFound, ErrNotFound.
func (b *builder) conventional(pkg *types.Package, d *model.Method) *plan.FuncRef {
	var names []string
	if d.Entity != nil {
		e := text.UpperFirst(d.Entity.Name)
		names = append(names, "Err"+e+"NotFound", "ErrNo"+e, "Err"+e+"NotExist", "ErrNoSuch"+e)
	}
	names = append(names, "ErrNotFound", "ErrNotExist", "ErrDoesNotExist", "ErrNoSuch", "ErrRecordNotFound")
	for _, name := range names {
		if v, ok := pkg.Scope().Lookup(name).(*types.Var); ok && sentinel.IsError(v) {
			return &plan.FuncRef{Name: name, Package: pkg}
		}
	}
	return nil
}

// sentinel resolves an error variable: a name of the interface's package, pkg.Name of an imported one, or a full path.
func (b *builder) sentinel(w text.Word, near *types.Package) *plan.FuncRef {
	test := b.errorTest(w, near)
	if test.Func {
		b.reports.Addf(w.Pos, "name a variable of type error, which callers get", "%s is a function: no caller can be given it", w.Text)
		return nil
	}
	return test.Ref
}

// packagesNamed are the packages that a name or an import path means: imported by the interface's file, or by a store.
func (b *builder) packagesNamed(name string, near *types.Package) []*types.Package {
	return sentinel.Scope{Package: b.pkg.Types, File: b.file, Near: near}.Packages(name)
}
