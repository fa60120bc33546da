package structs

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/convert/gotype"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// Value converts a struct that a constructor makes of a single value, to and from what holds that value elsewhere: an Email
// made by NewEmail(string) and a string.
func Value(p *rule.Planner, r rule.Request) (plan.Conv, bool) {
	from, to := single(p, r, r.From), single(p, r, r.To)
	switch {
	case from != nil && to == nil && plain(p, r, r.To):
		read, gives := from.Columns[0].Value()
		return build.Then(read, p.Convert(r.Inner(gives, r.To))), true
	case to != nil && from == nil && plain(p, r, r.From):
		return makeValue(p, r, to), true
	}
	return nil, false
}

// single is how a struct of a request is reached that a constructor makes of a single value, which can be read; else nil.
func single(p *rule.Planner, r rule.Request, t types.Type) *access.Access {
	return p.AccessIn(r, t).OfOne()
}

// plain says whether a type is a value, or holds one that may be missing, and no struct with fields.
func plain(p *rule.Planner, r rule.Request, t types.Type) bool {
	if elem, ok := gotype.Pointee(t); ok {
		return plain(p, r, elem)
	}
	if _, ok := t.Underlying().(*types.Struct); !ok {
		return true
	}
	_, option := build.OptionOf(t)
	_, text := build.TextOf(t)
	return p.AccessIn(r, t) == nil && (option || text || gotype.IsTime(t))
}

// makeValue calls the constructor.
func makeValue(p *rule.Planner, r rule.Request, a *access.Access) plan.Conv {
	return build.Then(p.Convert(r.Inner(r.From, a.Maker.Parts()[0].Type())), a.Call(madeNote(p, r)))
}
