package rule

import (
	"fmt"
	"go/types"
	"strings"

	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/plan"
)

// Refuse reports that a request cannot be planned, with the path to it and the remedy.
func (p *Planner) Refuse(r Request, why, remedy string) plan.Conv {
	if first, _, _ := strings.Cut(remedy, "\n"); strings.HasPrefix(first, "say //dualgen:field ") {
		if p.refused[first] {
			return plan.Same{}
		}
		p.refused[first] = true
	}
	p.unsettled[r.Path] = true
	what := fmt.Sprintf("%s store: cannot convert %s from %s to %s: %s", r.Side(), r.Path, p.Text(r.From), p.Text(r.To), why)
	lines := p.Draw(r.Trail)
	if remedy != "" {
		lines = append(lines, remedy)
	}
	p.Faults.Add(r.At.Pos, what, lines...)
	return plan.Same{}
}

// SayConvert is the remedy that always works.
func (p *Planner) SayConvert(r Request) string {
	name, where := p.UserFunction(r.From, r.To)
	return fault.Say("convert %s, with func F(%s) (%s, error)%s", name, p.Text(r.From), p.Text(r.To), where)
}

// SaySuited is the remedy of a request that no rule plans: the directives under which one would, ready to be pasted, and the
// function that always works.
func (p *Planner) SaySuited(r Request) string {
	var suited []string
	if r.Base != nil && r.Base.Field.As == "" {
		for _, as := range []string{"json", "text"} {
			_, scalar := r.Base.Ours().Underlying().(*types.Basic)
			would := *r.Base
			would.Field.As = as
			if !(scalar && as == "json") && p.Suits(would) {
				suited = append(suited, fmt.Sprintf("say //dualgen:field %s as=%s", r.Base.Path, as))
				p.askedJSON[r.Base.Path] = p.askedJSON[r.Base.Path] || as == "json"
			}
		}
		p.settleGuess(r.Base.Path)
	}
	if len(suited) == 0 {
		return p.SayConvert(r)
	}
	return strings.Join(suited, "\n\tor ") + "\n\tor " + p.SayConvert(*r.Base)
}

// Guess notes that a store's type says by itself that a value is JSON.
func (p *Planner) Guess(r Request) {
	if _, ok := p.guessed[r.Path]; !ok {
		p.guessed[r.Path] = r
	}
	p.settleGuess(r.Path)
}

// settleGuess asks for as=json in both stores where it must be said for one: it is one directive.
func (p *Planner) settleGuess(path string) {
	if r, ok := p.guessed[path]; ok && p.askedJSON[path] {
		other := map[string]string{"old": "new", "new": "old"}[r.Side()]
		p.Refuse(r, fmt.Sprintf("it is JSON by its type here; that it is JSON in the %s store too must be said, once for both", other), fault.Say("field %s as=json", path))
	}
}
