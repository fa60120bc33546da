package rule

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/given"
)

// MayLack notes that a row of the old store may lack a field that the interface's struct always has. The store has returned such rows,
// so whether a read of one fails is for a person to say. What a new store holds is written by the wrapper, and never lacks it.
func (p *Planner) MayLack(r Request) {
	known := func(o Request) bool { return o.Path == r.Path }
	if r.Field.Null == "" && r.At.Store == 0 && r.At.Direction == given.FromStore && !r.Outer && r.Recorded && !slices.ContainsFunc(p.Lacking, known) {
		p.Lacking = append(p.Lacking, r)
	}
}

// AskLacking asks what a missing value is in all fields of which nothing says it: one question.
func (p *Planner) AskLacking() {
	p.Lacking = slices.DeleteFunc(p.Lacking, func(r Request) bool { return p.unsettled[r.Path] }) // a function may say it
	if len(p.Lacking) == 0 {
		return
	}
	var paths, lines []string
	for _, r := range p.Lacking {
		paths = append(paths, r.Path)
		lines = append(lines, fmt.Sprintf("//dualgen:field %s null=?", r.Path))
	}
	first := p.Lacking[0]
	p.Lacking = nil
	remedy := "write above the interface, with error in the place of a ? if no row lacks it, else zero or a value, which is then stored as missing:"
	p.Faults.Add(p.place(first.At.Pos), "old store: a row may lack what is never missing on your side, and each read of such a row would fail: "+strings.Join(paths, ", "),
		append([]string{remedy}, lines...)...)
}

// place is where a question stands whose directives stand above the interface.
func (p *Planner) place(at token.Position) token.Position {
	if p.Interface.IsValid() {
		return p.Interface
	}
	return at
}
