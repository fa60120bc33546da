package convert

import (
	"go/types"

	"github.com/dualgen/dualgen/generator/plan"
)

// readParts are the parts of a struct that can be read: its fields, or what directives have methods read.
func (p *Planner) readParts(t types.Type) []plan.FieldCompare {
	var parts []plan.FieldCompare
	if a := p.accessOf(t, ""); a != nil {
		for _, c := range a.columns {
			if !c.readable() {
				continue
			}
			if c.get != nil {
				parts = append(parts, c.get.compares(c.name()))
				continue
			}
			read, typ := c.value()
			parts = append(parts, plan.FieldCompare{Name: c.name(), Read: read, Type: typ})
		}
		return parts
	}
	for field := range t.Underlying().(*types.Struct).Fields() {
		if field.Name() != "_" && p.reaches(field) {
			parts = append(parts, plan.FieldCompare{Name: field.Name(), Type: field.Type()})
		}
	}
	return parts
}

// throughOne has a part that is made of one value compared by that.
func (p *Planner) throughOne(part plan.FieldCompare) plan.FieldCompare {
	a := p.accessOf(part.Type, "").ofOne()
	if a == nil || part.Got || a.columns[0].get != nil && a.columns[0].get.form != getsValue {
		return part
	}
	if part.Read == nil {
		part.Read = plan.Select{Name: part.Name}
	}
	read, t := a.columns[0].value()
	part.Read, part.Type = then(part.Read, read), t
	return part
}

// selecting is the way from a struct to a field.
func selecting(path []*types.Var) plan.Conv {
	var steps []plan.Conv
	for _, name := range names(path) {
		steps = append(steps, plan.Select{Name: name})
	}
	return then(steps...)
}

// leftOut says whether a field that is out of reach is left out on purpose: of the comparison, or of a store.
func (p *Planner) leftOut(s subject, v view) bool {
	old, new := p.directives.ignored(0, s.field, s.owner), p.directives.ignored(1, s.field, s.owner)
	return old || new || p.notCompared(s, v)
}
