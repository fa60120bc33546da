package generator

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/generator/plan"
)

// errorTest resolves the error, or the predicate function, that a directive names. near is a store's package, nil for none.
func (b *builder) errorTest(w text.Word, near *types.Package) sentinel.Test {
	test, wrong, remedy := sentinel.Scope{Package: b.pkg.Types, File: b.file, Near: near}.Find(w)
	switch {
	case wrong != "":
		b.reports.Add(w.Pos, wrong, remedy)
	case test.Ref.Package == b.pkg.Types && b.repo.Output.Package != b.pkg.Types && !token.IsExported(test.Ref.Name):
		b.reports.Addf(w.Pos, "export it", "the output is written in package %s, which cannot see %s", b.repo.Output.Name, w.Text)
		return sentinel.Test{}
	}
	return test
}

// saysErrors reports whether a directive says by which errors a store says something.
func (b *builder) saysErrors(i int) bool {
	for _, d := range b.saidErrors() {
		if d.Stores[i].Text != "" && d.Stores[i].Text != "none" {
			return true
		}
	}
	notFounds := slices.Clone(b.said.NotFounds)
	for _, m := range b.subject.methods {
		if m.said.NotFound != nil {
			notFounds = append(notFounds, m.said.NotFound)
		}
	}
	return slices.ContainsFunc(notFounds, func(d *directive.NotFound) bool {
		return d.Stores[i].Text != "" && d.Stores[i].Text != "nil" && d.Stores[i].Text != d.Caller.Text
	})
}

// saidErrors are all that is said of errors, of the interface and of its methods.
func (b *builder) saidErrors() []*directive.Error {
	all := slices.Clone(b.said.Errors)
	for _, m := range b.subject.methods {
		all = append(all, m.said.Errors...)
	}
	return all
}

// errorMaps are the errors of a store's method that mean one of the interface's, by directive: the method's own first.
func (b *builder) errorMaps(i int, d *model.Method) []plan.ErrorMap {
	if d.Error < 0 || !d.Calls[i].Error {
		return nil
	}
	var maps []plan.ErrorMap
	for _, said := range slices.Concat(d.Said.Errors, b.said.Errors) {
		w := said.Stores[i]
		if w.Text == "" || w.Text == "none" {
			continue
		}
		caller, store := b.errorTest(said.Caller, nil), b.errorTest(w, b.in.Stores[i].Pkg)
		if caller.Ref == nil || store.Ref == nil {
			continue
		}
		if caller.Func {
			b.reports.Addf(said.Caller.Pos, "name a variable of type error, which callers get", "%s is a function: no caller can be given it", said.Caller.Text)
			continue
		}
		maps = append(maps, plan.ErrorMap{Caller: caller.Ref, Store: store.Ref, Test: store.Func})
	}
	return maps
}

// askErrors asks by which of their own errors stores of other packages say what the interface's package promises to callers.
func (b *builder) askErrors() {
	absent := b.callersOfAbsent()
	said := map[string]bool{}
	for _, d := range b.saidErrors() {
		said[d.Caller.Text] = true
	}
	var lines, names []string
	for _, e := range b.promised() {
		if said[e.Name] || slices.ContainsFunc(absent, func(a *plan.FuncRef) bool { return a.Name == e.Name && a.Package == e.Package }) {
			continue
		}
		if line, open := b.errorLine("error", e, b.storesWithErrors()); open {
			lines, names = append(lines, line), append(names, e.Name)
		}
	}
	if len(lines) > 0 {
		b.reports.Put(report.Diagnostic{Pos: b.pos, Cause: report.ErrorUnsaid, About: strings.Join(names, ","),
			What:   fmt.Sprintf("nothing says by which of the stores' errors callers of %s get %s", b.object.Name(), strings.Join(names, ", ")),
			Remedy: "write above the interface, with each store's own error, a function that tells it, or none where the store never says so:\n" + strings.Join(lines, "\n")})
	}
	for _, e := range absent {
		if line, open := b.errorLine("notfound", e, b.storesSilentOf(e)); open {
			b.reports.Put(report.Diagnostic{Pos: b.pos, Cause: report.ErrorUnsaid, About: e.Name,
				What:   fmt.Sprintf("nothing says by which of the stores' errors callers of %s get %s", b.object.Name(), e.Name),
				Remedy: "write above the interface, with each store's own error, a function that tells it, or nil where it returns no error but nil:\n" + line})
		}
	}
}

// promised are the errors of the interface's package, and of those whose interfaces it embeds.
func (b *builder) promised() []*plan.FuncRef {
	packages := []*types.Package{b.pkg.Types}
	for _, m := range b.subject.methods {
		if m.origin != nil && !slices.Contains(packages, m.origin) {
			packages = append(packages, m.origin)
		}
	}
	var all []*plan.FuncRef
	for _, pkg := range packages {
		all = append(all, sentinel.Promised(pkg)...)
	}
	return all
}

// callersOfAbsent are the errors by which callers are told that there is nothing, each once.
func (b *builder) callersOfAbsent() []*plan.FuncRef {
	var all []*plan.FuncRef
	for _, d := range b.in.Methods {
		if d.Error < 0 || d.Kind != plan.Read && d.Kind != plan.Write {
			continue
		}
		own := b.callerSentinel(d)
		if own != nil && !slices.ContainsFunc(all, func(a *plan.FuncRef) bool { return a.Name == own.Name && a.Package == own.Package }) {
			all = append(all, own)
		}
	}
	return all
}

// elsewhere reports whether a store is of another package than the interface, and so has errors of its own.
func (b *builder) elsewhere(i int) bool {
	s := b.in.Stores[i]
	return !s.Same && s.Pkg != nil && s.Pkg != b.pkg.Types
}

// storesWithErrors are the stores of other packages.
func (b *builder) storesWithErrors() (open [2]bool) {
	for i := range b.in.Stores {
		open[i] = b.elsewhere(i)
	}
	return open
}

// storesSilentOf are the stores of which nothing says by which error they say that there is nothing.
func (b *builder) storesSilentOf(e *plan.FuncRef) (open [2]bool) {
	for i, s := range b.in.Stores {
		said := slices.ContainsFunc(b.in.Methods, func(d *model.Method) bool {
			return slices.ContainsFunc(b.saidNotFound(d), func(n *directive.NotFound) bool { return n.Stores[i].Text != "" })
		})
		open[i] = b.elsewhere(i) && !said && e.Package != s.Pkg && !slices.ContainsFunc(b.in.Methods, func(d *model.Method) bool {
			return b.conventional(s.Pkg, d) != nil
		})
	}
	return open
}

// errorLine is a directive that says by which errors the stores say one of the interface's, with what they may mean filled in. It is open
// where a store says nothing of that error, though it has others of its own that may mean it, or though the other store does say it.
func (b *builder) errorLine(verb string, e *plan.FuncRef, ask [2]bool) (line string, open bool) {
	line = "//dualgen:" + verb + " " + b.refText(e)
	var silent [2]bool
	for i, s := range b.in.Stores {
		if !ask[i] || e.Package == s.Pkg {
			continue
		}
		if pkg := b.program.byPath[s.Pkg.Path()]; pkg != nil && sentinel.Mentions(pkg.GoFiles, e) {
			continue // it returns the interface's own
		}
		silent[i] = true
		word := "none"
		if candidates := sentinel.Candidates(s.Pkg, e.Name); len(candidates) > 0 {
			word, open = candidates[0], true
		} else if len(sentinel.Promised(s.Pkg)) > 0 {
			open = true
		}
		line += " " + model.Sides[i] + "=" + word
	}
	return line, open || silent[0] != silent[1] && ask[0] && ask[1]
}

// refText is how a directive names an error.
func (b *builder) refText(e *plan.FuncRef) string {
	if e.Package == b.pkg.Types {
		return e.Name
	}
	return e.Package.Name() + "." + e.Name
}
