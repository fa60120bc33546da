package directive

import (
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
)

// Line is a comment line that may be a directive.
type Line struct {
	Text   string
	Pos    token.Position
	Method string // that it stands above; "" above the interface
}

// Ours reports whether a comment line is one of our directives, or meant to be one.
func Ours(line string) bool {
	return strings.HasPrefix(line, "//dualgen:") || strings.HasPrefix(line, "// dualgen:")
}

// Mentions reports whether a text has one of our directives in it.
func Mentions(text string) bool {
	return slices.ContainsFunc(Verbs(), func(verb string) bool { return strings.Contains(text, "dualgen:"+verb) })
}

// reader reads the directives of one interface.
type reader struct {
	set     *Set
	reports *report.List
	name    string   // the interface's
	methods []string // that it has
}

// attachment puts a directive in its place in the set. Method is "" where it speaks of the interface.
type attachment func(r *reader, d Directive, method string)

// Read reads the lines above an interface of that name and above its methods, and reports what cannot be read, what names a method that
// is not there, what was said twice, and what is only proposed.
func Read(reports *report.List, lines []Line, name string, methods []string) *Set {
	r := &reader{set: &Set{}, reports: reports, name: name, methods: methods}
	for _, line := range lines {
		if Ours(line.Text) {
			r.line(line)
		}
	}
	return r.set
}

// line reads one line.
func (r *reader) line(line Line) {
	if strings.HasPrefix(line.Text, "// ") {
		r.markBad(line)
		r.reports.Add(line.Pos, "a directive has no space after //", "write "+strings.Replace(line.Text, "// ", "//", 1))
		return
	}
	d, named := Parse(r.reports, line.Text, line.Pos, line.Method != "")
	if d == nil {
		r.markBad(line)
		return
	}
	r.proposed(d)
	row := rowOf(d.common().Verb)
	switch {
	case line.Method != "":
		row.method(r, d, line.Method)
	case row.all != nil:
		row.all(r, d, "")
	default:
		for _, name := range named {
			if !r.known(name) {
				return
			}
			row.method(r, d, name.Text)
		}
	}
}

// proposed reports a directive that nobody has decided.
func (r *reader) proposed(d Directive) {
	if said := d.common(); said.Proposed {
		r.set.Proposed = append(r.set.Proposed, said.Pos)
		r.reports.Put(report.Diagnostic{Pos: said.Pos, Cause: report.Proposed, About: said.Verb,
			What:   "proposed, not decided: //dualgen:" + said.Verb + "?",
			Remedy: "look at it, correct it, and take the question mark away"})
	}
}

// markBad notes that something is said of a method that could not be read.
func (r *reader) markBad(line Line) {
	if line.Method != "" {
		r.set.Of(line.Method).Bad = true
	}
}

// known reports whether the interface has a method of that name, and reports where it has not.
func (r *reader) known(name text.Word) bool {
	if slices.Contains(r.methods, name.Text) {
		return true
	}
	r.reports.Addf(name.Pos, report.Hint(name.Text, r.methods), "%s has no method %s", r.name, name.Text)
	return false
}

// toMethod attaches a directive to a method, and reports a second one in its place.
func toMethod[D interface {
	comparable
	Directive
}](place func(*Method) *D) attachment {
	return func(r *reader, d Directive, method string) {
		var none D
		at, said := place(r.set.Of(method)), d.(D)
		if *at != none && *at != said {
			first, second := (*at).common(), said.common()
			r.reports.Addf(second.Pos, "keep one of the two", "//dualgen:%s contradicts //dualgen:%s in line %d: both speak of %s",
				second.Verb, first.Verb, first.Pos.Line, method)
			return
		}
		*at = said
	}
}

// callToMethod attaches a call directive. Two that name one store each say as much as one that names both.
func callToMethod(r *reader, d Directive, method string) {
	said, at := d.(*Call), r.set.Of(method)
	var none text.Word
	if first := at.Call; first != nil && (first.Names[0] == none || said.Names[0] == none) && (first.Names[1] == none || said.Names[1] == none) {
		both := *first
		for side, name := range said.Names {
			if name != none {
				both.Names[side] = name
			}
		}
		at.Call = &both
		return
	}
	toMethod(func(m *Method) **Call { return &m.Call })(r, d, method)
}

// toAll attaches a directive that speaks of the interface.
func toAll[D Directive](place func(*Set) *[]D) attachment {
	return func(r *reader, d Directive, _ string) {
		list := place(r.set)
		*list = append(*list, d.(D))
	}
}

// eachToMethod attaches a directive to a method that may have several of them.
func eachToMethod[D Directive](place func(*Method) *[]D) attachment {
	return func(r *reader, d Directive, method string) {
		list := place(r.set.Of(method))
		*list = append(*list, d.(D))
	}
}

// attachEntity attaches an entity's directive, and what it says of methods to each of them.
func attachEntity(r *reader, d Directive, _ string) {
	entity := d.(*Entity)
	r.set.Entities = append(r.set.Entities, entity)
	attach := toMethod(func(m *Method) **Of { return &m.Of })
	for _, name := range entity.Methods {
		if !r.known(name) {
			continue
		}
		if of := r.set.Of(name.Text).Of; of != nil && of.Listed && of.Entity.Text != entity.Entity.Text {
			of.Also = append(of.Also, entity.Entity)
			continue
		}
		said := entity.Said
		said.Pos = name.Pos
		attach(r, &Of{Said: said, Entity: entity.Entity, Listed: true}, name.Text)
	}
}
