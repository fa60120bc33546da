package failure

import (
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// NotFound says how "absent" is told to the caller and by a store. results are the store's own without the error, nil
// where the store has the interface's signatures. It returns nil where nothing can be absent.
func (f *Errors) NotFound(i int, d *model.Method, results []*types.Var) *plan.NotFound {
	if d.Kind != plan.Read && d.Kind != plan.Write || d.Error < 0 && len(d.NonError()) == 0 {
		return nil
	}
	n := &plan.NotFound{Caller: f.callerSentinel(d)}
	f.resultForms(n, d)
	if results == nil {
		n.Store, n.StoreNil, n.StoreFound = n.Caller, n.CallerNil, n.CallerFound
	} else {
		n.Store, n.StoreTest = f.storeSentinel(i, d)
		n.StoreFound = len(results) > 1 && shape.IsBool(results[len(results)-1].Type())
		n.StoreNil = len(results) > 0 && shape.IsNilable(results[0].Type())
	}
	if *n == (plan.NotFound{}) {
		return nil
	}
	return n
}

// CheckAbsences asks how the getters of written entities say that there is no such entity.
func (f *Errors) CheckAbsences() {
	for _, e := range f.in.Entities {
		if e.Written && e.Type != nil {
			f.checkAbsent(e)
		}
	}
}

// checkAbsent reports a getter that leaves open how it says that there is no such entity: a copy must know.
func (f *Errors) checkAbsent(e *model.Entity) {
	if e.Get == nil || e.Get.Method == nil || e.Get.Method.Error < 0 {
		return
	}
	for _, d := range slices.Concat(f.in.Methods, f.in.Extra) {
		if d.Method != e.Get.Method {
			continue
		}
		before := f.in.Reports.Len()
		n := f.NotFound(0, d, nil)
		if f.in.Reports.Len() > before {
			continue // its directive was reported
		}
		if n == nil || n.Caller == nil && !n.CallerNil && !n.CallerFound {
			f.asked = true
			f.in.Ask(d, f.absentRemedy(),
				"cannot tell by which error %s says that there is no such %s", d.Name, e.Name)
		}
	}
}

// absentRemedy shows the directive that says what tells callers that there is nothing: with the error of the package that means it by
// its name, if there is one, and what the stores have in its place.
func (f *Errors) absentRemedy() string {
	var lines string
	for _, e := range f.promised() {
		if sentinel.MeansAbsent(e.Name) {
			l := f.errorLine("notfound", e, f.storesWithErrors())
			lines += "\n" + strings.Join(append([]string{l.text}, l.why...), "\n")
		}
	}
	if lines == "" {
		return "write //dualgen:notfound ErrNotFound above the interface, with the name of that error"
	}
	return "write above the interface, if it is that error, with each store's own, or a function that tells it:" + lines
}

// resultForms says whether nil or a flag means "absent" to the caller.
func (f *Errors) resultForms(n *plan.NotFound, d *model.Method) {
	list := d.NonError()
	if d.Kind != plan.Read || len(list) == 0 || shape.ElementOf(d.Results[list[0]].Type).Many {
		return
	}
	n.CallerFound = len(list) > 1 && shape.IsBool(d.Results[list[len(list)-1]].Type)
	n.CallerNil = shape.IsNilable(d.Results[list[0]].Type)
}

// saidNotFound are the directives that may speak of a method, its own first.
func (f *Errors) saidNotFound(d *model.Method) []*directive.NotFound {
	if d.Said.NotFound != nil {
		return []*directive.NotFound{d.Said.NotFound}
	}
	return f.in.Said.NotFounds
}

// callerSentinel is the error that tells the caller that there is no such entity: by directive, else the package's own.
func (f *Errors) callerSentinel(d *model.Method) *plan.FuncRef {
	if d.Error < 0 {
		return nil
	}
	for _, said := range f.saidNotFound(d) {
		if said.Caller.Text != "" && said.Caller.Text != "nil" {
			return f.sentinel(said.Caller, f.in.Package)
		}
	}
	if own := f.conventional(f.in.Package, d); own != nil || d.Origin == nil {
		return own
	}
	return f.conventional(d.Origin, d)
}

// storeSentinel is the error by which a store says that there is no such entity, or the function that tells it.
func (f *Errors) storeSentinel(i int, d *model.Method) (ref *plan.FuncRef, test bool) {
	if !d.Calls[i].Error {
		return nil, false
	}
	for _, said := range f.saidNotFound(d) {
		if w := said.Stores[i]; w.Text != "" && w.Text != "nil" {
			test := f.errorTest(w, f.in.Stores[i].Pkg)
			return test.Ref, test.Func
		}
	}
	if pkg := f.in.Stores[i].Pkg; pkg != nil && pkg != f.in.Package {
		if own := f.conventional(pkg, d); own != nil {
			return own, false
		}
	}
	return f.callerSentinel(d), false
}

// absences are the names of errors that mean "absent": before an entity's name and after it, the likeliest first.
var absences = []struct{ before, after string }{{"Err", "NotFound"}, {"ErrNo", ""}, {"Err", "NotExist"}, {"ErrNoSuch", ""}}

// absentNames are those that say it of any entity.
var absentNames = []string{"ErrNotFound", "ErrNotExist", "ErrDoesNotExist", "ErrNoSuch", "ErrRecordNotFound"}

// conventional is the error variable of a package that means "absent" by its name: ErrUserNotFound, ErrNotFound.
func (f *Errors) conventional(pkg *types.Package, d *model.Method) *plan.FuncRef {
	all := f.errorsOf(pkg)
	if d.Entity != nil {
		e := text.UpperFirst(d.Entity.Name)
		for _, form := range absences {
			for _, name := range all {
				if rest, ok := strings.CutPrefix(name, form.before); ok && len(rest) == len(e)+len(form.after) && strings.HasPrefix(rest, e) && strings.HasSuffix(rest, form.after) {
					return &plan.FuncRef{Name: name, Package: pkg}
				}
			}
		}
	}
	for _, name := range absentNames {
		if slices.Contains(all, name) {
			return &plan.FuncRef{Name: name, Package: pkg}
		}
	}
	return nil
}

// errorsOf are the names of a package's error variables that begin with Err. They are asked for by each method.
func (f *Errors) errorsOf(pkg *types.Package) []string {
	if all, ok := f.named[pkg]; ok {
		return all
	}
	var all []string
	for _, name := range pkg.Scope().Names() {
		if !strings.HasPrefix(name, "Err") {
			continue
		}
		if v, ok := pkg.Scope().Lookup(name).(*types.Var); ok && sentinel.IsError(v) {
			all = append(all, name)
		}
	}
	if f.named == nil {
		f.named = map[*types.Package][]string{}
	}
	f.named[pkg] = all
	return all
}

// sentinel resolves an error variable: a name of the interface's package, pkg.Name of an imported one, or a full path.
func (f *Errors) sentinel(w text.Word, near *types.Package) *plan.FuncRef {
	test := f.errorTest(w, near)
	if test.Func {
		f.in.Reports.Addf(w.Pos, "name a variable of type error, which callers get", "%s is a function: no caller can be given it", w.Text)
		return nil
	}
	return test.Ref
}
