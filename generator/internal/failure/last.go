package failure

import (
	"slices"

	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/internal/plan"
)

// lastLeft is the one error of a store's package that means none of the interface's other errors, where e is the only one of these that
// none means by its name; else "".
func (f *Errors) lastLeft(i int, files []string, e *plan.FuncRef) string {
	pkg := f.in.Stores[i].Pkg
	taken := map[string]bool{}
	for _, said := range f.saidErrors() {
		taken[said.Stores[i].Text] = true
	}
	for _, said := range f.in.Said.NotFounds {
		taken[said.Stores[i].Text] = true
	}
	for _, other := range f.promised() {
		if other.Name == e.Name && other.Package == e.Package {
			continue
		}
		candidates := sentinel.Candidates(pkg, files, other.Name)
		switch {
		case len(candidates) > 0:
			taken[candidates[0]] = true
		case !f.isSaid(i, other) && !sentinel.Mentions(files, other):
			return "" // it may be that one's
		}
	}
	var left []string
	for _, own := range sentinel.Promised(pkg) {
		left = append(left, pkg.Name()+"."+own.Name)
	}
	for _, test := range sentinel.Tests(pkg) {
		left = append(left, pkg.Name()+"."+test)
	}
	left = slices.DeleteFunc(left, func(name string) bool { return taken[name] })
	if len(left) != 1 {
		return ""
	}
	return left[0]
}

// isSaid reports whether a directive says by what a store says one of the interface's errors.
func (f *Errors) isSaid(i int, e *plan.FuncRef) bool {
	for _, said := range f.saidErrors() {
		if said.Caller.Text == f.refText(e) && said.Stores[i].Text != "" {
			return true
		}
	}
	for _, said := range f.in.Said.NotFounds {
		if said.Caller.Text == f.refText(e) && said.Stores[i].Text != "" {
			return true
		}
	}
	return false
}
