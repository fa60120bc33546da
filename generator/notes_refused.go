package generator

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/decide/touch"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/sentinel"
	"github.com/dualgen/dualgen/generator/internal/verb"
	"github.com/dualgen/dualgen/internal/plan"
)

// noteRefused tells of a write whose key the store makes, or may make, and that may be refused, unless the source says by which errors
// nothing of it stands then.
func noteRefused(in *model.Interface, m *model.Method, note func(pos token.Position, what string)) {
	if m.Kind != plan.Write || m.Owner == nil || m.Error < 0 || m.Said.NoEffect != nil || !makesKey(m) {
		return
	}
	whose := "a " + m.Name
	if m.Key.MayBeMade {
		whose += " without its key"
	}
	names, by, remedy := refusals(in, m), "the primary refuses", ""
	if len(names) > 0 {
		by = "fails by " + strings.Join(names, " or ")
		remedy = fmt.Sprintf("if nothing of %s stands after such an error, as of one statement or one transaction, write %s %s", m.Name, m.Directive("noeffect", names...), m.Place())
	} else {
		remedy = fmt.Sprintf("name the errors after which nothing of %s stands, as of one statement or one transaction, or a function func(error) bool that tells them: write %s %s, "+
			"with their names in the place of ?, or none", m.Name, m.Directive("noeffect", "?"), m.Place())
	}
	if key := callersKey(m); key != "" {
		remedy += fmt.Sprintf("\n\tif the caller always makes the key, write %s %s", m.Directive("key", key), m.Place())
	}
	note(m.Pos, fmt.Sprintf("after %s that %s the whole kind %s is unclean until verify --repair: the store may have made one under a key that nobody knows\n\t%s", whose, by, m.Owner.Name, remedy))
}

// makesKey reports whether the store makes the key of what a write stores, or may make it. Of one that is handed a text or a UUID by value, the
// caller does.
func makesKey(m *model.Method) bool {
	return m.Key.Form.Made() || m.Key.MayBeMade && (!m.Key.Untold || m.Trait == verb.Whole)
}

// refusals are the errors by which a write may be refused for what is there already: those that the source or the interface's package
// names, else those of the stores.
func refusals(in *model.Interface, m *model.Method) []string {
	var names []string
	for _, said := range m.Said.Errors {
		names = append(names, said.Caller.Text)
	}
	for _, e := range sentinel.Promised(in.Package) {
		if sentinel.MeansTaken(e.Name) && !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	if len(names) > 0 {
		return names
	}
	for _, s := range in.Stores {
		if s.Pkg == nil || s.Pkg == in.Package {
			continue
		}
		for _, name := range sentinel.Candidates(s.Pkg, nil, "ErrTaken") {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// callersKey is the key of a write as a directive says that the caller makes it; "" where the store returns it, or a directive says that
// the store makes it.
func callersKey(m *model.Method) string {
	if m.Said.Key != nil || m.Key.Form == plan.KeyResult || len(m.Key.Parts) == 0 {
		return ""
	}
	paths := strings.ReplaceAll(touch.Paths(m, m.Key.Parts), ", ", ",")
	if m.Key.Form == plan.KeyOutEach || m.Key.Form == plan.KeyEach {
		return "each " + paths
	}
	return paths
}
