package structs

import (
	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/plan"
)

// assemble plans how a struct that no literal fills is made of pairs of columns.
func assemble(p *rule.Planner, r rule.Request, f *plan.StructFunc, made *access.Access, pairs []pair) {
	paired := map[string]pair{}
	for _, pair := range pairs {
		_, to := pair.ends(r)
		if !to.Writable() {
			unwritten(p, r, made, to)
			continue
		}
		paired[to.Name()] = pair
	}
	f.Assembly = made.Assembly(func(c *access.Column) bool {
		_, ok := paired[c.Name()]
		return ok
	})
	for _, part := range f.Assembly.Parts {
		pair, ok := paired[part.Name]
		if !ok { // left out on purpose
			f.Fields = append(f.Fields, plan.FieldConv{Name: part.Name, Type: part.Type})
			continue
		}
		field, _ := fieldConv(p, r, pair, part.Type)
		field.Name = part.Name
		f.Fields = append(f.Fields, field)
	}
	f.Ref.Fallible = f.Assembly.CanFail()
	f.Ref.Context = f.Assembly.Construct != nil && f.Assembly.Construct.Context
}

// madeNote says which constructor makes the result of a request, for explain.
func madeNote(p *rule.Planner, r rule.Request) string {
	a := p.AccessIn(r, r.To)
	if a == nil || a.Maker == nil {
		return ""
	}
	note := "made by " + a.Maker.Func.Name()
	if a.Maker.Ref().Fallible {
		note += ", which may refuse it"
	}
	return note
}
