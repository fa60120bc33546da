package compare

import (
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/build"
	"github.com/dualgen/dualgen/internal/plan"
)

// readParts are the parts of a struct that can be read: its fields, or what directives have methods read.
func (p *Planner) readParts(t types.Type) []plan.FieldCompare {
	var parts []plan.FieldCompare
	if a := p.AccessOf(t, ""); a != nil {
		for _, c := range a.Columns {
			if !c.Readable() {
				continue
			}
			if c.Get != nil {
				parts = append(parts, c.Get.Compares(c.Name()))
				continue
			}
			read, typ := c.Value()
			parts = append(parts, plan.FieldCompare{Name: c.Name(), Read: read, Type: typ})
		}
		return parts
	}
	for field := range t.Underlying().(*types.Struct).Fields() {
		if field.Name() != "_" && p.Reaches(field) {
			parts = append(parts, plan.FieldCompare{Name: field.Name(), Type: field.Type()})
		}
	}
	return parts
}

// throughOne has a part that is made of one value compared by that.
func (p *Planner) throughOne(part plan.FieldCompare) plan.FieldCompare {
	a := p.AccessOf(part.Type, "").OfOne()
	if a == nil || part.Got || a.Columns[0].Get != nil && a.Columns[0].Get.Form != access.GetsValue {
		return part
	}
	if part.Read == nil {
		part.Read = plan.Select{Name: part.Name}
	}
	read, t := a.Columns[0].Value()
	part.Read, part.Type = build.Then(part.Read, read), t
	return part
}

// leftOut says whether a field that is out of reach is left out on purpose: of the comparison, or of a store.
func (p *Planner) leftOut(s subject, v view) bool {
	old, new := p.Directives.Ignored(0, s.field, s.owner), p.Directives.Ignored(1, s.field, s.owner)
	return old || new || p.notCompared(s, v)
}
