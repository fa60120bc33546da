package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
)

// Proposal is a directive that would settle what isn't certain: a person reviews it.
type Proposal struct {
	Method *Method // that it stands above; nil for one above the interface
	Entity *Entity // of an entity directive
	Verb   string  // "read", "key", "entity"
	Args   string  // what follows the verb: "user.ID", "User key=ID get=GetUser"
	Why    string  // what makes it uncertain
}

// Line is the directive as it stands in the source, with a question mark where it is only proposed.
func (p *Proposal) Line(mark string) string {
	line := "//dualgen:" + p.Verb + mark
	if p.Method != nil && p.Method.Foreign {
		line += " " + p.Method.Name
	}
	if p.Args != "" {
		line += " " + p.Args
	}
	return line
}

// About is what a proposal concerns: a method, or an entity.
func (p *Proposal) About() string {
	if p.Method != nil {
		return p.Method.Name
	}
	return p.Entity.Name
}

// Directive is how a directive for a method is written where it can stand: above the method, or, for a method that is declared
// elsewhere, above the interface with the method's name.
func (m *Method) Directive(verb string, args ...string) string {
	p := Proposal{Method: m, Verb: verb, Args: strings.Join(args, " ")}
	return p.Line("")
}

// Place is where a directive for a method stands.
func (m *Method) Place() string {
	if m.Foreign {
		return "above the interface"
	}
	return "above it"
}

// Choose is a remedy: one of several directives.
func (m *Method) Choose(directives ...string) string {
	return "write one of these " + m.Place() + ":\n" + strings.Join(directives, "\n")
}

// Ask reports what is open about a method, and what would answer it.
func (in *Interface) Ask(m *Method, remedy, format string, args ...any) {
	in.Reports.Put(report.Diagnostic{Pos: m.Pos, What: fmt.Sprintf(format, args...), Remedy: remedy, Cause: report.Open, About: m.Name})
}

// AskLater is Ask for a question about what a method does: it waits until it is known what else would have to be said if the
// method writes, so that one look answers all.
func (in *Interface) AskLater(m *Method, remedy, format string, args ...any) {
	in.pending = append(in.pending, &report.Diagnostic{Pos: m.Pos, What: fmt.Sprintf(format, args...), Remedy: remedy, Cause: report.Open, About: m.Name})
}

// AndThen calls a stage for a method. Where it is still asked what the method does, what the stage would ask is added to that
// question.
func (in *Interface) AndThen(m *Method, stage func()) {
	i := slices.IndexFunc(in.pending, func(d *report.Diagnostic) bool { return d.About == m.Name })
	if i < 0 {
		stage()
		return
	}
	all := in.Reports
	in.Reports = &report.List{}
	proposals := in.Proposals
	stage()
	if asked := in.Reports.All(); len(asked) > 0 {
		in.pending[i].Remedy += "\nwith //dualgen:write, too: " + strings.ReplaceAll(asked[0].Remedy, "\n", "\n  ")
	}
	in.Reports, in.Proposals = all, proposals
}

// AskPending asks what has waited.
func (in *Interface) AskPending() {
	for _, d := range in.pending {
		in.Reports.Put(*d)
	}
	in.pending = nil
}

// Propose reports what is likely of a method, why nobody should rely on it without a look, and the directive that says it.
// other says what to write where the proposal is wrong.
func (in *Interface) Propose(p *Proposal, what, other string) {
	in.Proposals = append(in.Proposals, p)
	remedy := "if so, write " + p.Line("") + " " + p.Method.Place()
	if other != "" {
		remedy += "\n" + other
	}
	in.Reports.Put(report.Diagnostic{Pos: p.Method.Pos, What: what + ": " + p.Why, Remedy: remedy, Cause: report.Open, About: p.Method.Name})
}
