package convert

import (
	"fmt"
	"go/scanner"
	"go/token"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// request asks for the conversion of one value, maybe inside others.
type request struct {
	from, to types.Type
	at       At
	path     string   // what a field directive calls the value: "User.Age", "Commit.expiry"
	field    Field    // what field directives say of it
	trail    []hop    // from the outermost value
	outer    bool     // a parameter or result itself
	bare     bool     // a struct with a flag inside is taken for its value: the flag was looked at
	recorded bool     // explain shows it
	methods  []string // the methods by which it is read and written, for explain
	depth    int      // how many values it is inside
	base     *request // of the field or parameter of which directives speak
}

// hop is one step of the path to a value.
type hop struct {
	name     string
	from, to types.Type
}

// inner is the request for a value inside, under the same directives.
func (r request) inner(from, to types.Type) request {
	r.from, r.to = from, to
	r.outer, r.recorded, r.bare, r.methods = false, false, false, nil
	r.depth++
	return r
}

// element is the request for what a collection holds.
func (r request) element(from, to types.Type) request {
	r = r.inner(from, to)
	r.trail = append(r.trail[:len(r.trail):len(r.trail)], hop{"[…]", from, to})
	return r
}

// ours is the type on the repository interface's side, theirs the store's.
func (r request) ours() types.Type {
	if r.at.Direction == ToStore {
		return r.from
	}
	return r.to
}

func (r request) theirs() types.Type {
	if r.at.Direction == ToStore {
		return r.to
	}
	return r.from
}

// sideNames are the positions' names in directives and diagnostics.
var sideNames = [2]string{"old", "new"}

// side is the store's position.
func (r request) side() string { return sideNames[r.at.Store] }

// faults collects diagnostics, each once.
type faults struct {
	list scanner.ErrorList
	seen map[string]bool
}

func newFaults() *faults { return &faults{seen: map[string]bool{}} }

// add reports what is wrong, and on indented lines what would put it right.
func (f *faults) add(pos token.Position, what string, remedy ...string) {
	if f.seen[what] {
		return
	}
	f.seen[what] = true
	f.list.Add(pos, strings.Join(append([]string{what}, remedy...), "\n\t"))
}

// take returns what was collected since the last take.
func (f *faults) take() scanner.ErrorList {
	list := f.list
	f.list = nil
	return list
}

// refuse reports that a request cannot be planned, with the path to it and the remedy.
func (p *Planner) refuse(r request, why, remedy string) plan.Conv {
	what := fmt.Sprintf("%s store: cannot convert %s from %s to %s: %s", r.side(), r.path, p.text(r.from), p.text(r.to), why)
	lines := p.draw(r.trail)
	if remedy != "" {
		lines = append(lines, remedy)
	}
	p.faults.add(r.at.Pos, what, lines...)
	return plan.Same{}
}

// draw shows the path to a value, a line for each step; a path of one step says nothing new.
func (p *Planner) draw(trail []hop) []string {
	if len(trail) < 2 {
		return nil
	}
	var lines []string
	for depth, hop := range trail {
		line := fmt.Sprintf("%s%s: %s → %s", strings.Repeat("  ", depth), hop.name, p.text(hop.from), p.text(hop.to))
		lines = append(lines, line)
	}
	return lines
}

// say writes a directive as a remedy.
func say(format string, args ...any) string { return fmt.Sprintf("say //dualgen:"+format, args...) }

// sayConvert is the remedy that always works.
func (p *Planner) sayConvert(r request) string {
	return say("convert F, with func F(%s) (%s, error)", p.text(r.from), p.text(r.to))
}

// saySuited is the remedy of a request that no rule plans: the directives under which one would, ready to be pasted, and the
// function that always works.
func (p *Planner) saySuited(r request) string {
	var suited []string
	if r.base != nil && r.base.field.As == "" {
		for _, as := range []string{"json", "text"} {
			_, scalar := r.base.ours().Underlying().(*types.Basic)
			if !(scalar && as == "json") && p.suits(*r.base, as) {
				suited = append(suited, fmt.Sprintf("say //dualgen:field %s as=%s", r.base.path, as))
				p.askedJSON[r.base.path] = p.askedJSON[r.base.path] || as == "json"
			}
		}
		p.settleGuess(r.base.path)
	}
	if len(suited) == 0 {
		return p.sayConvert(r)
	}
	return strings.Join(suited, "\n\tor ") + "\n\tor " + p.sayConvert(*r.base)
}

// suits reports whether a request would be planned if a directive said as= of it.
func (p *Planner) suits(r request, as string) bool {
	options := p.options
	options.Name = func(base string) string { return base }
	trial := New(options)
	trial.faults.take()
	r.field.As, r.base = as, nil
	trial.convert(r)
	return len(trial.faults.take()) == 0
}

// text writes a type for people: packages by their names, the output's own without.
func (p *Planner) text(t types.Type) string {
	return types.TypeString(t, func(pkg *types.Package) string {
		if p.options.Package != nil && pkg.Path() == p.options.Package.Path() {
			return ""
		}
		return pkg.Name()
	})
}
