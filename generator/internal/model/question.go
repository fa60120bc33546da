package model

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
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

// Answers are the proposal as an answer, without the blanks that stand for what nobody knows.
func (p *Proposal) Answers() []report.Answer {
	words := slices.DeleteFunc(strings.Fields(p.said()), func(word string) bool { return strings.HasSuffix(word, "=?") })
	return []report.Answer{{Line: "//dualgen:" + strings.Join(words, " ")}}
}

// said is what a proposal says, without the name of a method.
func (p *Proposal) said() string {
	if p.Args == "" {
		return p.Verb
	}
	return p.Verb + " " + p.Args
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

// PlaceByName is Place in a message that stands elsewhere than at the method.
func (m *Method) PlaceByName() string {
	if m.Foreign {
		return "above the interface"
	}
	return "above " + m.Name
}

// Choose is a remedy: one of several directives.
func (m *Method) Choose(directives ...string) string {
	return "write one of these " + m.Place() + ":\n" + strings.Join(directives, "\n")
}

// Ask reports what is open about a method, and what would answer it.
func (in *Interface) Ask(m *Method, remedy, format string, args ...any) {
	in.AskFor(m, nil, remedy, format, args...)
}

// AskFor is Ask with the directives above the method of which each would be an answer, the likeliest first: what would be asked next is
// asked with it.
func (in *Interface) AskFor(m *Method, answers []string, remedy, format string, args ...any) {
	d := report.Diagnostic{Pos: m.Pos, What: fmt.Sprintf(format, args...), Remedy: remedy, Cause: report.Open, About: m.Name, Matter: format}
	for _, line := range answers {
		d.Answers = append(d.Answers, report.Answer{Line: "//dualgen:" + line, Methods: []string{m.Name}})
	}
	in.Reports.Put(d)
}

// together is one question about several methods, of which the same is open.
type together struct {
	cause   string
	methods []*Method
	say     func(in *Interface, all []*Method) (what, remedy string)
}

// AskTogether asks one question about all methods of one cause: what answers it for one answers it for all. It waits for the
// last of them. say says what is open of them, and what would answer it.
func (in *Interface) AskTogether(cause string, m *Method, say func(in *Interface, all []*Method) (what, remedy string)) {
	if in.alone {
		what, remedy := say(in, []*Method{m})
		in.Reports.Put(report.Diagnostic{Pos: m.Pos, What: what, Remedy: remedy, Cause: report.Open, About: m.Name, Matter: cause, Answers: in.answersTo(cause, m)})
		return
	}
	i := slices.IndexFunc(in.together, func(t *together) bool { return t.cause == cause })
	if i < 0 {
		i = len(in.together)
		in.together = append(in.together, &together{cause: cause, say: say})
	}
	in.together[i].methods = append(in.together[i].methods, m)
}

// Names lists the names of methods in a sentence.
func Names(all []*Method) string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	return text.And(names)
}

// JoinNames lists the names of methods as a directive has them.
func JoinNames(all []*Method) string {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	return strings.Join(names, ",")
}

// AskTogetherNow asks what was to be asked of several methods at once.
func (in *Interface) AskTogetherNow() {
	for _, t := range in.together {
		what, remedy := t.say(in, t.methods)
		d := report.Diagnostic{Pos: t.methods[0].Pos, What: what, Remedy: remedy, Cause: report.Open, About: t.methods[0].Name, Matter: t.cause, Answers: in.answersTo(t.cause, t.methods...)}
		if !in.JoinsKey(d) {
			in.Reports.Put(d)
		}
	}
	in.together = nil
}

// alone begins the cause of a question whether writes touch one entity alone.
const alone = "alone "

// Alone is the cause of a question whether writes of an entity write more than that, by the doubt that makes it so.
func (e *Entity) Alone(doubt string) string { return alone + doubt + " " + e.Name }

// JoinsKey makes a question whether writes touch an entity alone a part of that about the entity's key: who describes it says both.
func (in *Interface) JoinsKey(d report.Diagnostic) bool {
	if !strings.HasPrefix(d.Matter, alone) {
		return false
	}
	key := in.Reports.Find("", KeyOf(d.Matter[strings.LastIndexByte(d.Matter, ' ')+1:]))
	if key == nil {
		return false
	}
	if !slices.Contains(key.Joined, d.Matter) {
		key.Joined = append(key.Joined, d.Matter)
		key.What += ", and what else is written with it"
		key.Remedy += "\n" + d.What + "\n  " + strings.ReplaceAll(d.Remedy, "\n", "\n  ")
	}
	return true
}

// KeyOf is the matter of a question about the key of an entity of that name, for all that it is written by.
func KeyOf(entity string) string { return "the key of " + entity }

// Repeated is the cause of a question whether writes are repeated on the mirror. All others are about entities.
const Repeated = "repeated"

// UsedUp is that of one about writes that cannot be.
const UsedUp = "used up"

// Typeless is the matter of a question what copies an entity that is no type: the answer to it answers one of UsedUp, too.
const Typeless = "%s copies %s, which is no type that a method returns whole"

// answersTo are the directives of which one answers a question about methods: that they are repeated, or that they touch one of the
// entities.
func (in *Interface) answersTo(cause string, all ...*Method) []report.Answer {
	var names []string
	for _, m := range all {
		names = append(names, m.Name)
	}
	switch cause {
	case UsedUp:
		return nil
	case Repeated:
		return []report.Answer{{Line: "//dualgen:mirror replay", Methods: names}}
	}
	var answers []report.Answer
	for _, e := range in.EntityNames() {
		answers = append(answers, report.Answer{Line: "//dualgen:entity " + e, Methods: names})
	}
	return answers
}

// AskAlone asks about each method by itself from now on.
func (in *Interface) AskAlone() { in.alone = true }

// Alone reports whether each method is asked about by itself.
func (in *Interface) Alone() bool { return in.alone }

// Quietly calls a stage for a method. Where it is still asked what the method does, nothing that the stage asks is asked now; what is
// wrong is reported.
func (in *Interface) Quietly(m *Method, stage func()) {
	if m.Levels.Kind != Asked || in.Reports.Find(m.Name, "") == nil {
		stage()
		return
	}
	reports, proposals, together := in.Reports, in.Proposals, in.together
	in.Reports, in.together = &report.List{}, nil
	stage()
	passed := in.Reports.All()
	in.Reports, in.Proposals, in.together = reports, proposals, together
	for _, d := range passed {
		if d.Cause != report.Open { // a directive is wrong, whatever the method does
			in.Reports.Put(d)
		}
	}
}

// Propose reports what is likely of a method, why nobody should rely on it without a look, and the directive that says it.
// other says what to write where the proposal is wrong, and others are directives of which one would be right then.
func (in *Interface) Propose(p *Proposal, what, other string, others ...string) {
	in.Proposals = append(in.Proposals, p)
	remedy := "if so, write " + p.Line("") + " " + p.Method.Place()
	if other != "" {
		remedy += "\n" + other
	}
	d := report.Diagnostic{Pos: p.Method.Pos, What: what + ": " + p.Why, Remedy: remedy, Cause: report.Open, About: p.Method.Name, Matter: p.Verb, Proposed: p.Line("")}
	for _, line := range append([]string{p.said()}, others...) {
		d.Answers = append(d.Answers, report.Answer{Line: "//dualgen:" + line, Methods: []string{p.Method.Name}})
	}
	in.Reports.Put(d)
}
