// Package failure decides by which errors callers and stores say things: that there is no such entity, that a write is refused, that
// nothing of it stands, and what else the interface promises.
package failure

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/load"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// Errors are those that directives and packages say of an interface and its stores.
type Errors struct {
	named   map[*types.Package][]string // the names of packages' errors, see errorsOf
	in      *model.Interface
	subject *load.Subject
	asked   bool // by which error callers are told that there is nothing
}

// New looks in what the interface's package and its stores' packages declare and import.
func New(in *model.Interface, s *load.Subject) *Errors { return &Errors{in: in, subject: s} }

// Refusals are the errors by which the stores refuse writes. Those after which nothing of a write stands become the method's.
func (f *Errors) Refusals() []plan.Refusal {
	var all []plan.Refusal
	for _, said := range f.in.Said.Refusals {
		all = append(all, f.refusals(said.Said, said.Errors)...)
	}
	for _, d := range f.in.Methods {
		said := d.Said.NoEffect
		switch {
		case said == nil:
		case d.Kind != plan.Write:
			f.in.Reports.Addf(said.Pos, "take it away, or state //dualgen:write", "//dualgen:noeffect speaks of %s, which does not write", d.Name)
		case d.Error < 0:
			f.in.Reports.Addf(said.Pos, "take it away", "//dualgen:noeffect speaks of %s, which returns no error", d.Name)
		case len(said.Errors) == 1 && said.Errors[0].Text == "none": // it is known that no error says so
		default:
			d.NoEffect = f.refusals(said.Said, said.Errors)
		}
	}
	return all
}

// refusals resolves the errors that a directive names. A name is looked up as any store's.
func (f *Errors) refusals(said directive.Said, names []text.Word) []plan.Refusal {
	var refusals []plan.Refusal
	for n, w := range names {
		test := f.errorTest(w, f.storeOf(w))
		if slices.ContainsFunc(names[:n], func(o text.Word) bool { return o.Text == w.Text }) {
			f.in.Reports.Addf(w.Pos, "keep one of the two", "//dualgen:%s names %s twice", said.Verb, w.Text)
			continue
		}
		if test.Ref != nil {
			refusals = append(refusals, plan.Refusal{Ref: test.Ref, Test: test.Func})
		}
	}
	return refusals
}

// storeOf is the package of the store that has an error of that name; of the old one if none does.
func (f *Errors) storeOf(w text.Word) *types.Package {
	best := f.in.Stores[0].Pkg
	for _, s := range f.in.Stores {
		test, wrong, _ := f.errorsNear(s.Pkg).Find(w)
		switch {
		case wrong == "":
			return s.Pkg
		case test.Ref != nil: // it has one that is unexported
			best = s.Pkg
		}
	}
	return best
}

// errorsNear is where the names of errors are looked up. near is a store's package, nil for none.
func (f *Errors) errorsNear(near *types.Package) sentinel.Scope {
	return sentinel.Scope{Package: f.in.Package, File: f.subject.File, Near: near}
}

// errorTest resolves the error, or the predicate function, that a directive names.
func (f *Errors) errorTest(w text.Word, near *types.Package) sentinel.Test {
	test, wrong, remedy := f.errorsNear(near).Find(w)
	switch {
	case wrong != "":
		f.in.Reports.Add(w.Pos, wrong, remedy)
		return sentinel.Test{}
	case test.Ref.Package == f.in.Package && f.in.Output != f.in.Package && !token.IsExported(test.Ref.Name):
		f.in.Reports.Addf(w.Pos, "export it: call it "+text.UpperFirst(w.Text)+", here and where it is declared", "the output is written in package %s, which cannot see %s", f.in.Output.Name(), w.Text)
		return sentinel.Test{}
	}
	return test
}

// SaysErrors reports whether a directive says by which errors a store says something.
func (f *Errors) SaysErrors(i int) bool {
	for _, d := range f.saidErrors() {
		if d.Stores[i].Text != "" && d.Stores[i].Text != "none" {
			return true
		}
	}
	notFounds := slices.Clone(f.in.Said.NotFounds)
	for _, m := range f.subject.Methods {
		if m.Said.NotFound != nil {
			notFounds = append(notFounds, m.Said.NotFound)
		}
	}
	return slices.ContainsFunc(notFounds, func(d *directive.NotFound) bool {
		return d.Stores[i].Text != "" && d.Stores[i].Text != "nil" && d.Stores[i].Text != d.Caller.Text
	})
}

// saidErrors are all that is said of errors, of the interface and of its methods.
func (f *Errors) saidErrors() []*directive.Error {
	all := slices.Clone(f.in.Said.Errors)
	for _, m := range f.subject.Methods {
		all = append(all, m.Said.Errors...)
	}
	return all
}

// ErrorMaps are the errors of a store's method that mean one of the interface's, by directive: the method's own first.
func (f *Errors) ErrorMaps(i int, d *model.Method) []plan.ErrorMap {
	if d.Error < 0 || !d.Calls[i].Error {
		return nil
	}
	var maps []plan.ErrorMap
	for _, said := range slices.Concat(d.Said.Errors, f.in.Said.Errors) {
		w := said.Stores[i]
		if w.Text == "" || w.Text == "none" {
			continue
		}
		caller, store := f.errorTest(said.Caller, nil), f.errorTest(w, f.in.Stores[i].Pkg)
		if caller.Ref == nil || store.Ref == nil {
			continue
		}
		if caller.Func {
			f.in.Reports.Addf(said.Caller.Pos, "name a variable of type error, which callers get", "%s is a function: no caller can be given it", said.Caller.Text)
			continue
		}
		maps = append(maps, plan.ErrorMap{Caller: caller.Ref, Store: store.Ref, Test: store.Func})
	}
	return maps
}

// Ask asks by which of their own errors stores of other packages say what the interface's package promises to callers.
func (f *Errors) Ask() {
	absent := f.callersOfAbsent()
	said := map[string]bool{}
	for _, d := range f.saidErrors() {
		said[d.Caller.Text] = true
	}
	var lines, names, why []string
	for _, e := range f.promised() {
		if said[e.Name] || f.asked && sentinel.MeansAbsent(e.Name) || slices.ContainsFunc(absent, func(a *plan.FuncRef) bool { return a.Name == e.Name && a.Package == e.Package }) {
			continue
		}
		if l := f.errorLine("error", e, f.storesWithErrors()); l.open {
			lines, names = append(lines, l.text), append(names, e.Name)
			why = append(why, l.why...)
		}
	}
	if len(lines) > 0 {
		f.put(names, append(lines, why...), "or none where the store never says so")
	}
	for _, e := range absent {
		if l := f.errorLine("notfound", e, f.storesSilentOf(e)); l.open {
			f.put([]string{e.Name}, append([]string{l.text}, l.why...), "yours where it returns that, or nil where it returns no error but nil")
		}
	}
}

// put asks by which of the stores' errors callers get some, with the directives that say so. Other interfaces of the package may lack the
// same, and are asked about with this one.
func (f *Errors) put(names, lines []string, others string) {
	ask := func(of []string) (what, remedy string) {
		above := "the interface"
		if len(of) > 1 {
			above = "each of these interfaces"
		}
		return fmt.Sprintf("nothing says by which of the stores' errors callers of %s get %s", text.And(of), strings.Join(names, ", ")),
			fmt.Sprintf("write above %s, with each store's own error, a function that tells it, %s:\n%s", above, others, strings.Join(lines, "\n"))
	}
	name := f.in.Object.Name()
	what, remedy := ask([]string{name})
	f.in.Reports.Put(report.Diagnostic{Pos: f.in.Pos, Cause: report.ErrorUnsaid, About: strings.Join(names, ","), What: what, Remedy: remedy, Of: name, Ask: ask})
}

// promised are the errors of the interface's package, and of those whose interfaces it embeds.
func (f *Errors) promised() []*plan.FuncRef {
	packages := []*types.Package{f.in.Package}
	for _, m := range f.subject.Methods {
		if m.Origin != nil && !slices.Contains(packages, m.Origin) {
			packages = append(packages, m.Origin)
		}
	}
	var all []*plan.FuncRef
	for _, pkg := range packages {
		all = append(all, sentinel.Promised(pkg)...)
	}
	return all
}

// callersOfAbsent are the errors by which callers are told that there is nothing, each once.
func (f *Errors) callersOfAbsent() []*plan.FuncRef {
	var all []*plan.FuncRef
	for _, d := range f.in.Methods {
		if d.Error < 0 || d.Kind != plan.Read && d.Kind != plan.Write {
			continue
		}
		own := f.callerSentinel(d)
		if own != nil && !slices.ContainsFunc(all, func(a *plan.FuncRef) bool { return a.Name == own.Name && a.Package == own.Package }) {
			all = append(all, own)
		}
	}
	return all
}

// elsewhere reports whether a store is of another package than the interface, and so has errors of its own.
func (f *Errors) elsewhere(i int) bool {
	s := f.in.Stores[i]
	return !s.Same && s.Pkg != nil && s.Pkg != f.in.Package
}

// storesWithErrors are the stores of other packages.
func (f *Errors) storesWithErrors() (open [2]bool) {
	for i := range f.in.Stores {
		open[i] = f.elsewhere(i)
	}
	return open
}

// storesSilentOf are the stores of which nothing says by which error they say that there is nothing.
func (f *Errors) storesSilentOf(e *plan.FuncRef) (open [2]bool) {
	for i, s := range f.in.Stores {
		said := slices.ContainsFunc(f.in.Methods, func(d *model.Method) bool {
			return slices.ContainsFunc(f.saidNotFound(d), func(n *directive.NotFound) bool { return n.Stores[i].Text != "" })
		})
		open[i] = f.elsewhere(i) && !said && e.Package != s.Pkg && !slices.ContainsFunc(f.in.Methods, func(d *model.Method) bool {
			return f.conventional(s.Pkg, d) != nil
		})
	}
	return open
}

// refText is how a directive names an error.
func (f *Errors) refText(e *plan.FuncRef) string {
	if e.Package == f.in.Package {
		return e.Name
	}
	return e.Package.Name() + "." + e.Name
}
