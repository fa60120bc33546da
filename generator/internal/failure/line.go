package failure

import (
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/internal/plan"
)

// line is a directive that says by which errors the stores say one of the interface's.
type line struct {
	text string
	why  []string // of each store, where its word comes from
	open bool
}

// errorLine is a directive that says by which errors the stores say one of the interface's, with what they may mean filled in, and ?
// where a store has errors of its own and none of them is likely. It is open
// where a store says nothing of that error, though it has others of its own that may mean it, or though the other store does say it.
func (f *Errors) errorLine(verb string, e *plan.FuncRef, ask [2]bool) line {
	l := line{text: "//dualgen:" + verb + " " + f.refText(e)}
	var silent [2]bool
	for i, s := range f.in.Stores {
		if !ask[i] || e.Package == s.Pkg {
			l.addKnown(verb, i, f.known(i, e))
			continue
		}
		var files []string
		if pkg := f.subject.Program.ByPath[s.Pkg.Path()]; pkg != nil {
			files = pkg.GoFiles
		}
		if sentinel.Mentions(files, e) {
			l.addKnown(verb, i, known{f.refText(e), "package " + s.Pkg.Name() + " returns it"})
			continue
		}
		silent[i] = true
		word, why, own, guessed := "none", "", "", false
		if verb == "notfound" {
			word = f.refText(e) // it says so in some way
			why = fmt.Sprintf("%s=%s: package %s has no error of its own", model.Sides[i], word, s.Pkg.Name())
			own = why
		}
		if candidates := sentinel.Candidates(s.Pkg, files, e.Name); len(candidates) > 0 {
			word, l.open = candidates[0], true
			why = fmt.Sprintf("%s=%s was found by its name", model.Sides[i], word)
		} else if len(sentinel.Promised(s.Pkg))+len(sentinel.Tests(s.Pkg)) > 0 {
			word, l.open = "?", true
			why = fmt.Sprintf("%s=?: no error of package %s has a name that says so", model.Sides[i], s.Pkg.Name())
			if last := f.lastLeft(i, files, e); last != "" {
				word, guessed = last, true
				why = fmt.Sprintf("%s=%s is the only error of package %s that is left: take the ? away if it is the right one", model.Sides[i], last, s.Pkg.Name())
			}
		}
		if replaced := sentinel.Replaced(s.Pkg, files); verb == "notfound" && replaced != "" && (word == "?" || why == own) {
			word, l.open = "?", true
			why = fmt.Sprintf("%s=?: package %s looks for %s, and likely returns an error of its own in its place: no exported one has a name that says so", model.Sides[i], s.Pkg.Name(), replaced)
		}
		l.text += " " + model.Sides[i] + "=" + word
		if verb == "notfound" || guessed {
			l.why = append(l.why, why)
		}
		if guessed {
			l.text = strings.Replace(l.text, ":"+verb+" ", ":"+verb+"? ", 1)
		}
	}
	l.open = l.open || silent[0] != silent[1] && ask[0] && ask[1]
	return l
}

// known is by what a store says that there is nothing, where nobody need be asked, and why that is known.
type known struct{ word, why string }

// addKnown completes a notfound directive, so that it can be read without knowing what is left out of it. Of other errors a word more
// would be another one to translate.
func (l *line) addKnown(verb string, i int, k known) {
	if verb == "notfound" && k.word != "" {
		l.text += " " + model.Sides[i] + "=" + k.word
		l.why = append(l.why, fmt.Sprintf("%s=%s: %s", model.Sides[i], k.word, k.why))
	}
}

// known is by what a store is known to say that there is nothing; the zero value where a directive says so, or several errors do.
func (f *Errors) known(i int, e *plan.FuncRef) known {
	s := f.in.Stores[i]
	if !f.elsewhere(i) || e.Package == s.Pkg {
		why := fmt.Sprintf("the %s store is of the package of that error", model.Sides[i])
		if s.Same {
			why = fmt.Sprintf("the %s store is a %s", model.Sides[i], f.in.Object.Name())
		}
		return known{f.refText(e), why}
	}
	var own string
	for _, d := range f.in.Methods {
		for _, said := range f.saidNotFound(d) {
			if said.Stores[i].Text != "" {
				return known{}
			}
		}
		c := f.conventional(s.Pkg, d)
		switch {
		case c == nil || own == f.refText(c):
		case own != "":
			return known{}
		default:
			own = f.refText(c)
		}
	}
	if own == "" {
		return known{}
	}
	return known{own, "found by its name"}
}
