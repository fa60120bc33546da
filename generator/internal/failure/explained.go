package failure

import (
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/internal/plan"
)

// Said is one thing that callers are told by an error, a nil result or a flag, and by what each store says it.
type Said struct {
	Means  string // "no such User", or "" of an error that the package promises
	Caller string
	Stores [2]string
	By     [2]string // "directive", "its name", or "the same"
}

// Explained are the ways in which callers are told something, for explain, each once, in the order of the methods.
func (f *Errors) Explained() []Said {
	var all []Said
	seen := map[Said]bool{}
	add := func(s Said) {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	for _, d := range f.in.Methods {
		if s, ok := f.absence(d); ok {
			add(s)
		}
	}
	for _, said := range f.saidErrors() {
		s := Said{Caller: said.Caller.Text}
		for i := range s.Stores {
			if s.Stores[i], s.By[i] = said.Stores[i].Text, "directive"; s.Stores[i] == "" {
				s.Stores[i], s.By[i] = s.Caller, "the same"
			}
		}
		add(s)
	}
	return all
}

// absence is how callers of a read are told that there is nothing.
func (f *Errors) absence(d *model.Method) (Said, bool) {
	if d.Kind != plan.Read || d.Entity == nil || d.Calls[0].NotFound == nil || d.Calls[1].NotFound == nil {
		return Said{}, false
	}
	first := d.Calls[0].NotFound
	s := Said{Means: "no such " + d.Entity.Name, Caller: f.toldBy(first.Caller, first.CallerNil, first.CallerFound)}
	for i := range s.Stores {
		n := d.Calls[i].NotFound
		s.Stores[i], s.By[i] = f.toldBy(n.Store, n.StoreNil, n.StoreFound), f.foundBy(i, d, n)
	}
	return s, s.Caller != ""
}

// toldBy names what says that there is nothing.
func (f *Errors) toldBy(ref *plan.FuncRef, isNil, found bool) string {
	switch {
	case ref != nil:
		return f.refText(ref)
	case found:
		return "false"
	case isNil:
		return "nil"
	}
	return ""
}

// foundBy says how a store's error for nothing was found.
func (f *Errors) foundBy(i int, d *model.Method, n *plan.NotFound) string {
	for _, said := range f.saidNotFound(d) {
		if said.Stores[i].Text != "" {
			return "directive"
		}
	}
	switch {
	case n.Store == nil:
		return "its form"
	case n.Caller != nil && n.Store.Name == n.Caller.Name && n.Store.Package == n.Caller.Package:
		return "the same"
	}
	return "its name"
}
