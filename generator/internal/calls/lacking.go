package calls

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/shape"
	"github.com/dualgen/dualgen/generator/internal/verb"
)

// lack is a method of the interface that a store has under no such name.
type lack struct {
	store  int
	method *model.Method
	fits   []string // the store's methods that may be it
	likely string   // the one that is; "" where none is, or several are
}

// findLacking finds the methods that a store does not have by their names, and which of its own may be meant.
func (c *Stage) findLacking(i int) {
	var found []*lack
	for _, d := range c.In.Methods {
		if said := d.Said.Call; c.In.Stores[i].Method[d.Name] == nil && (said == nil || said.Names[i].Text == "") {
			fits := c.fitting(i, d)
			if alike := c.alike(i, d, fits); len(alike) == 1 {
				fits = alike
			}
			found = append(found, &lack{store: i, method: d, fits: fits})
		}
	}
	for changed := true; changed; {
		changed = false
		for _, l := range found {
			if l.likely == "" && len(l.fits) == 1 && !slices.ContainsFunc(found, func(o *lack) bool { return o != l && len(o.fits) == 1 && o.fits[0] == l.fits[0] }) {
				l.likely, changed = l.fits[0], true
				for _, o := range found {
					if o != l {
						o.fits = slices.DeleteFunc(slices.Clone(o.fits), func(name string) bool { return name == l.likely })
					}
				}
			}
		}
	}
	c.lacks = append(c.lacks, found...)
}

// free are a store's methods that no method of the interface is known to call.
func (c *Stage) free(i int) []string {
	s := c.In.Stores[i]
	return slices.DeleteFunc(s.Names(), func(name string) bool {
		called := func(d *model.Method) bool {
			said := d.Said.Call
			return d.Name == name || said != nil && said.Names[i].Text == name
		}
		return s.Method[name] == nil || !token.IsExported(name) && s.Pkg != c.In.Output || slices.ContainsFunc(c.In.Methods, called)
	})
}

// fitting are a store's methods of the form of one of the interface's, whose names say nothing else.
func (c *Stage) fitting(i int, d *model.Method) []string {
	return slices.DeleteFunc(c.free(i), func(name string) bool {
		said := verb.Read(name, nil)
		other := said.Known() && (said.Kind != d.Kind || (said.Trait == verb.Removes) != d.Delete)
		return other || !sameForm(d.Sig, c.In.Stores[i].Signature(name))
	})
}

// sameForm reports whether two signatures take and return as many values of like forms, beside a context, an error and a found flag.
func sameForm(a, b *types.Signature) bool {
	if b == nil || a.Variadic() != b.Variadic() {
		return false
	}
	return likeForms(values(a.Params()), values(b.Params())) && likeForms(withoutFlag(values(a.Results())), withoutFlag(values(b.Results())))
}

// values are the types of a tuple without a context and an error.
func values(tuple *types.Tuple) []types.Type {
	var all []types.Type
	for v := range tuple.Variables() {
		if !shape.IsContext(v.Type()) && !shape.IsError(v.Type()) {
			all = append(all, v.Type())
		}
	}
	return all
}

func withoutFlag(results []types.Type) []types.Type {
	if n := len(results); n > 1 && shape.IsBool(results[n-1]) {
		return results[:n-1]
	}
	return results
}

func likeForms(a, b []types.Type) bool {
	return slices.EqualFunc(a, b, func(a, b types.Type) bool {
		x, y := shape.ElementOf(a), shape.ElementOf(b)
		first, _ := shape.NamedStruct(x.Type)
		second, _ := shape.NamedStruct(y.Type)
		return x.Many == y.Many && (first == nil) == (second == nil)
	})
}

// isLacking reports whether it is asked what a store calls a method.
func (c *Stage) isLacking(i int, d *model.Method) bool {
	return slices.ContainsFunc(c.lacks, func(l *lack) bool { return l.store == i && l.method == d })
}

// likely is what a store probably calls a method that it does not have by its name.
func (c *Stage) likely(i int, d *model.Method) string {
	for _, l := range c.lacks {
		if l.store == i && l.method == d {
			return l.likely
		}
	}
	return ""
}

// askLacking asks what the stores call the methods that they do not have by their names: one question for each method.
func (c *Stage) askLacking() {
	for _, d := range c.In.Methods {
		var lacking, known []string
		names, open := [2]string{}, false
		if d.Said.Call != nil {
			names[0], names[1] = d.Said.Call.Names[0].Text, d.Said.Call.Names[1].Text
		}
		for _, l := range c.lacks {
			if l.method != d {
				continue
			}
			lacking = append(lacking, fmt.Sprintf("the %s store %s", model.Sides[l.store], shape.String(c.In.Stores[l.store].Type)))
			if names[l.store] = l.likely; l.likely == "" {
				names[l.store], open = "?", true
				known = append(known, c.knownFor(l))
			}
		}
		if len(lacking) > 0 {
			verb := map[bool]string{true: "have", false: "has"}[len(lacking) > 1]
			c.In.Reports.Addf(d.Pos, c.sayCall(d, names, open, known), "%s %s no method %s", strings.Join(lacking, " and "), verb, d.Name)
		}
	}
}

// sayCall is the remedy: the directive with the stores' own names, as far as they are likely.
func (c *Stage) sayCall(d *model.Method, names [2]string, open bool, known []string) string {
	var args []string
	for i, name := range names {
		if name != "" {
			args = append(args, model.Sides[i]+"="+name)
		}
	}
	remedy := "if these are their names for it, write "
	if open {
		remedy = "say the store's own name for it: "
	}
	remedy += d.Directive("call", args...) + " " + d.Place()
	if len(known) > 0 {
		remedy += "\n" + strings.Join(known, "\n")
	}
	for i := range names {
		if c.isLacking(i, d) && c.Functions.ImportsUs(c.In.Stores[i].Type) == nil {
			return remedy + "\nor name a function over the store in its place"
		}
	}
	return remedy
}

// knownFor are the names of a store's methods that may be meant: those of the form, or else all that are left.
func (c *Stage) knownFor(l *lack) string {
	names, of := l.fits, "that may be it"
	if len(names) == 0 {
		names, of = c.free(l.store), "of other forms"
	}
	if len(names) == 0 {
		return fmt.Sprintf("the %s store has no other method: give it one", model.Sides[l.store])
	}
	return fmt.Sprintf("the %s store's methods %s: %s", model.Sides[l.store], of, strings.Join(names, ", "))
}
