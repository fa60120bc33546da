// Package round asks everything about an interface in one round. What is asked only once something else is answered is found by
// answering, and asked with it: what follows from the likeliest answers by itself, and what follows from the others as a part of the
// question.
package round

import (
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/directive"
	"github.com/dualgen/dualgen/generator/internal/model"
	"github.com/dualgen/dualgen/generator/internal/report"
)

// deepest is how many answers may stand between a question and what is asked first: what a method does, the entity, its key, and how it
// reaches the mirror.
const deepest = 4

// round completes what is asked of one interface.
type round struct {
	in     *model.Interface
	decide func(*model.Interface)
}

// Complete asks what would be asked next. decide makes all decisions about an interface of which nothing is decided.
func Complete(in *model.Interface, decide func(*model.Interface)) {
	if in.Suppose == nil || in.Reports.Find("", "") == nil {
		return
	}
	r := &round{in, decide}
	for range deepest {
		if !r.addFollowing() {
			break
		}
	}
	r.in.Reports.Each(r.extend)
}

// suppose decides about the interface as it would be if some answers were given. Each method is asked about by itself where alone says so.
func (r *round) suppose(answers []report.Answer, alone bool) *model.Interface {
	var lines []directive.Line
	for _, a := range answers {
		if len(a.Methods) == 0 {
			lines = append(lines, directive.Line{Text: a.Line, Pos: r.in.Pos})
		}
		for _, name := range a.Methods {
			lines = append(lines, directive.Line{Text: a.Line, Pos: r.in.Pos, Method: name})
		}
	}
	in := r.in.Suppose(lines)
	if alone {
		in.AskAlone()
	}
	r.decide(in)
	return in
}

// likeliest are the likeliest answers to all that is asked, but what is asked of some methods.
func (r *round) likeliest(but ...string) []report.Answer {
	var answers []report.Answer
	r.in.Reports.Each(func(d *report.Diagnostic) {
		if d.Cause != report.Open || len(d.Answers) == 0 {
			return
		}
		a := d.Answers[0]
		a.Methods = slices.DeleteFunc(slices.Clone(a.Methods), func(name string) bool { return slices.Contains(but, name) })
		if len(a.Methods) > 0 || len(d.Answers[0].Methods) == 0 {
			answers = append(answers, a)
		}
	})
	return answers
}

// addFollowing asks, too, what is asked when the likeliest answers are given. It reports whether there is such a thing.
func (r *round) addFollowing() bool {
	next := r.suppose(r.likeliest(), false)
	added := false
	for _, d := range next.Reports.All() {
		if d.Cause != report.Open || r.in.Reports.Find(d.About, d.Matter) != nil || r.isJoined(d) || r.isAsked(d.About) || r.isSame(d) {
			continue
		}
		if r.in.JoinsKey(d) {
			continue
		}
		if !r.joinsKey(d) {
			r.in.Reports.Put(d)
		}
		added = true
		for _, p := range next.Proposals {
			if p.About() == d.About && strings.HasPrefix(d.Matter, p.Verb) {
				p.Method = r.method(p.Method)
				r.in.Proposals = append(r.in.Proposals, p)
			}
		}
	}
	return added
}

// isJoined reports whether something is a part of the question about an entity's key already.
func (r *round) isJoined(d report.Diagnostic) bool {
	key := r.in.Reports.Find("", model.KeyOf(d.About))
	return key != nil && slices.Contains(key.Joined, d.Matter)
}

// isSame reports whether what is asked of a method has the answer of what is asked already.
func (r *round) isSame(d report.Diagnostic) bool {
	return d.Matter == model.UsedUp && r.in.Reports.Find(d.About, model.Typeless) != nil ||
		d.Matter == model.Typeless && r.in.Reports.Find(d.About, model.UsedUp) != nil
}

// joinsKey makes what copies an entity a part of the question about its key: one directive says both.
func (r *round) joinsKey(d report.Diagnostic) bool {
	key := r.in.Reports.Find("", model.KeyOf(d.About))
	if key == nil || d.Matter != "copies" || len(d.Answers) == 0 {
		return false
	}
	key.What += ", and how it is copied between the stores"
	key.Remedy += "\nwith its key, the same line says what copies it: " + strings.ReplaceAll(strings.Replace(d.Remedy, "let the directive say", "write", 1), "\n", "\n  ")
	key.Answers, key.Joined = d.Answers, append(key.Joined, d.Matter)
	return true
}

// method is the interface's own method of that name.
func (r *round) method(m *model.Method) *model.Method {
	if m == nil {
		return nil
	}
	return r.in.Methods[slices.IndexFunc(r.in.Methods, func(own *model.Method) bool { return own.Name == m.Name })]
}

// isAsked reports whether something is asked of a method that has no likely answer: what follows from one becomes a part of that.
func (r *round) isAsked(about string) bool {
	d := r.in.Reports.Find(about, "")
	return d != nil && d.Proposed == "" && len(d.Answers) > 0 && len(d.Answers[0].Methods) > 0
}

// extend adds to a question about methods what is asked once it is answered. What follows from a proposal is asked by itself.
func (r *round) extend(d *report.Diagnostic) {
	if d.Cause != report.Open {
		return
	}
	answers := d.Answers
	if d.Proposed != "" && len(answers) > 0 {
		first := answers[0].Line
		answers = slices.DeleteFunc(slices.Clone(answers), func(a report.Answer) bool { return a.Line == first })
	}
	var said, lines []string
	for _, a := range answers {
		if len(a.Methods) == 0 {
			continue
		}
		for _, remedy := range r.following(a, deepest) {
			i := slices.Index(said, remedy)
			if i < 0 {
				said, lines = append(said, remedy), append(lines, a.Line)
				continue
			}
			lines[i] += " or " + a.Line
		}
	}
	for i, remedy := range said {
		d.Remedy += "\nwith " + lines[i] + ", too: " + strings.ReplaceAll(remedy, "\n", "\n  ")
	}
}

// asked is what a question becomes as a part of another: what would answer it, and of a proposal also what is proposed.
func asked(d report.Diagnostic) string {
	if d.Proposed != "" {
		return d.What + "\n" + d.Remedy
	}
	return d.Remedy
}

// following are the remedies of what is asked of an answer's methods once it is given.
func (r *round) following(a report.Answer, depth int) []string {
	given := append(r.likeliest(a.Methods...), a)
	var remedies []string
	for range depth {
		next := r.suppose(given, true)
		more := false
		for _, d := range next.Reports.All() {
			if d.Cause != report.Open || !slices.Contains(a.Methods, d.About) || r.in.Reports.Find(d.About, d.Matter) != nil || slices.Contains(remedies, asked(d)) {
				continue
			}
			remedies = append(remedies, asked(d))
			if len(d.Answers) > 0 {
				given, more = append(given, d.Answers[0]), true
			}
		}
		if !more {
			break
		}
	}
	return remedies
}
