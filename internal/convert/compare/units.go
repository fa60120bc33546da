package compare

import (
	"slices"
	"time"

	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/plan"
)

// sliceHelper compares slices in order, unless a directive or a conversion to a set says otherwise.
func (p *Planner) sliceHelper(s subject, v view) string {
	_, unordered := p.Directives.Compare(s.owner, s.field)
	switch {
	case p.Lost[s.owner+"."+s.field].Set:
		return "DiffSets"
	case unordered, v.extra != nil && slices.Contains(v.extra.Unordered, s.field):
		return "DiffUnordered"
	default:
		return "DiffSlices"
	}
}

// precision is the coarsest unit in which a time comes back.
func (p *Planner) precision(s subject, v view) time.Duration {
	return max(p.roundOf(s, v), p.Lost[s.owner+"."+s.field].Round, p.Keeps[0], p.Keeps[1])
}

// roundOf is the unit that directives name for a field, or for every time.
func (p *Planner) roundOf(s subject, v view) time.Duration {
	round := max(p.namedRound(s, v), p.Directives.Round(s.owner, ""))
	if v.extra != nil {
		round = max(round, v.extra.Round[""])
	}
	return round
}

// namedRound is the unit that directives name for a field.
func (p *Planner) namedRound(s subject, v view) time.Duration {
	if s.field == "" {
		return 0
	}
	round := p.Directives.Round(s.owner, s.field)
	if v.extra != nil {
		round = max(round, v.extra.Round[s.field])
	}
	return round
}

// comparingUnits compares numbers that count a time, with == where one unit is exact.
func (p *Planner) comparingUnits(helper string, coarser time.Duration, operand plan.Operand) plan.Compare {
	if coarser <= 0 {
		return plan.CompareEqual{}
	}
	return plan.CompareTest{Func: build.Leaf(helper), Operands: []plan.Operand{operand}}
}
