package structs

import (
	"fmt"
	"go/types"

	"github.com/dualgen/dualgen/internal/convert/access"
	"github.com/dualgen/dualgen/internal/convert/fault"
	"github.com/dualgen/dualgen/internal/convert/rule"
	"github.com/dualgen/dualgen/internal/identifier"
)

// unread reports a column whose value must be had, and that nothing reads.
func unread(p *rule.Planner, r rule.Request, c *access.Column) {
	a := p.AccessIn(r, r.From)
	if c.Bad || a == nil {
		return
	}
	p.Faults.Add(a.Pos(), fmt.Sprintf("%s.%s cannot be read: %s has no method %[2]s or Get%[2]s", a.Name, c.Name(), p.Text(a.Typ)),
		append(p.Draw(r.Trail), fault.Say("field %s.%s get=METHOD, or ignore %[1]s.%[2]s", a.Name, c.Name()))...)
}

// unwritten reports a column that can be read, and that nothing writes.
func unwritten(p *rule.Planner, r rule.Request, a *access.Access, c *access.Column) {
	if c.Bad {
		return
	}
	why := "there is no method Set" + identifier.UpperFirst(c.Name())
	remedy := fault.Say("construct F, with a function that takes it, or field %s.%s set=METHOD, or ignore %[1]s.%[2]s", a.Name, c.Name())
	if a.Maker != nil {
		why = a.Maker.Func.Name() + " does not take it, and " + why
	}
	p.Faults.Add(a.Pos(), fmt.Sprintf("%s.%s can be read but not written: %s", a.Name, c.Name(), why), append(p.Draw(r.Trail), remedy)...)
}

// reportHidden reports what a pair of structs keeps to itself.
func (m *matching) reportHidden(t types.Type, name string) {
	if a := m.p.AccessIn(m.r, t); a != nil {
		ignored := func(field string) bool { return m.p.Directives.Ignored(m.r.At.Store, field, name) }
		m.p.ReportHidden(a, ignored, m.r.Trail)
	}
}
