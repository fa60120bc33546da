package directive

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
	"github.com/dualgen/dualgen/generator/internal/text"
	"github.com/dualgen/dualgen/internal/plan"
)

// arguments are the words after a directive's verb while it is parsed.
type arguments struct {
	Said
	reports *report.List
	words   []text.Word
	usage   string
	method  bool // the directive stands above a method
	bad     bool
}

// fail reports what is wrong with the directive, with its usage for remedy.
func (a *arguments) fail(pos token.Position, format string, args ...any) {
	a.bad = true
	forms := strings.Split(a.usage, " | ")
	remedy := "write //dualgen:" + forms[0]
	for _, form := range forms[1:] {
		remedy += "\nor //dualgen:" + form
	}
	a.reports.Addf(pos, remedy, format, args...)
}

// next takes the next word.
func (a *arguments) next(what string) text.Word {
	if len(a.words) == 0 {
		a.fail(a.Pos, "//dualgen:%s lacks %s", a.Verb, what)
		return text.Word{Pos: a.Pos}
	}
	first := a.words[0]
	a.words = a.words[1:]
	return first
}

// done reports words that are left over.
func (a *arguments) done() {
	if len(a.words) > 0 && !a.bad {
		a.fail(a.words[0].Pos, "//dualgen:%s does not take %s", a.Verb, a.words[0].Text)
	}
}

// options takes the remaining words, each name=value or a bare name, and hands them to set.
func (a *arguments) options(known []string, set func(name string, value text.Word)) {
	seen := map[string]bool{}
	for _, w := range a.words {
		name, value, _ := strings.Cut(w.Text, "=")
		at := w.Pos
		switch {
		case !slices.Contains(known, name):
			a.bad = true
			a.reports.Addf(at, report.Hint(name, known), "//dualgen:%s does not know %s", a.Verb, name)
			continue
		case seen[name]:
			a.bad = true
			a.reports.Addf(at, "write it once, and all values behind it with commas: "+name+"=A,B", "//dualgen:%s says %s twice", a.Verb, name)
		case value == "" && strings.HasSuffix(w.Text, "="):
			a.fail(at, "//dualgen:%s says nothing after %s=", a.Verb, name)
		}
		seen[name] = true
		at.Column += len(w.Text) - len(value)
		set(name, text.Word{Text: value, Pos: at})
	}
	a.words = nil
}

// Parse parses one comment line, as it stands above a method or above the interface. It returns nil where the line is no directive of
// ours, or a bad one. Methods are those that a line above the interface names.
func Parse(reports *report.List, line string, pos token.Position, method bool) (d Directive, methods []text.Word) {
	parsed, ok := ast.ParseDirective(0, line)
	if !ok || parsed.Tool != "dualgen" {
		return nil, nil
	}
	args, err := parsed.ParseArgs()
	if err != nil {
		reports.Add(pos, err.Error(), "close the quotation marks")
		return nil, nil
	}
	verb, proposed := strings.CutSuffix(parsed.Name, "?")
	a := &arguments{Said: Said{Verb: verb, Pos: pos, Proposed: proposed}, reports: reports, method: method}
	for _, arg := range args {
		if strings.HasPrefix(arg.Arg, "why: ") { // the reason of a proposal, for people
			continue
		}
		at := pos
		at.Column += int(arg.Pos)
		at.Offset += int(arg.Pos)
		a.words = append(a.words, text.Word{Text: arg.Arg, Pos: at})
	}
	return a.parse()
}

// parse finds the verb and parses its arguments.
func (a *arguments) parse() (Directive, []text.Word) {
	row := rowOf(a.Verb)
	if row == nil {
		a.reports.Addf(a.Pos, report.Hint(a.Verb, Verbs()), "unknown directive //dualgen:%s", a.Verb)
		return nil, nil
	}
	a.usage = row.Usage
	if a.method && row.method == nil {
		a.reports.Addf(a.Pos, "move it above the interface", "//dualgen:%s speaks of the whole interface, not of one method", a.Verb)
		return nil, nil
	}
	var methods []text.Word
	if !a.method && row.all == nil {
		forms := strings.Split(row.Usage, " | ")
		for i, form := range forms {
			forms[i] = strings.Replace(form, row.Verb, row.Verb+" Method", 1)
		}
		a.usage = strings.Join(forms, " | ")
		methods = text.SplitComma(a.next("the name of a method"))
	}
	d := row.parse(a)
	a.done()
	if a.bad {
		return nil, nil
	}
	return d, methods
}

// kindParser parses the directives that consist of their verb alone.
func kindParser(kind plan.Kind, deletes bool) func(*arguments) Directive {
	return func(a *arguments) Directive { return &Kind{a.Said, kind, deletes} }
}

// parseKey parses the argument forms of key.
func parseKey(a *arguments) Directive {
	d := &Key{Said: a.Said, Form: plan.KeyOne}
	first := a.next("the key")
	switch {
	case strings.Contains(first.Text, "="):
		a.words = append([]text.Word{first}, a.words...)
		return parseKeysOf(a, d)
	case first.Text == "none":
		d.Form = plan.KeyNone
		return d
	case first.Text == "each":
		d.Form, first = plan.KeyEach, a.next("a path after each, such as users.ID")
	case first.Text == "out":
		d.Form, first = plan.KeyOut, a.next("a path after out, such as u.ID")
		if first.Text == "each" {
			d.Form, first = plan.KeyOutEach, a.next("a path after each, such as users.ID")
		}
	case first.Text == "list":
		d.Form, first = plan.KeyListed, a.next("the name of a method that lists the keys")
	case first.Text == "result", strings.HasPrefix(first.Text, "result."):
		d.Form = plan.KeyResult
	}
	d.Parts = text.SplitComma(first)
	if a.bad {
		return d
	}
	for _, part := range d.Parts {
		if part.Text == "" {
			a.fail(part.Pos, "//dualgen:key has an empty part")
		}
	}
	return d
}

// parseKeysOf parses the keys of a write on several kinds.
func parseKeysOf(a *arguments, d *Key) Directive {
	d.Form = plan.KeyNone
	for _, w := range a.words {
		kind, paths, ok := strings.Cut(w.Text, "=")
		if !ok || kind == "" || paths == "" {
			a.fail(w.Pos, "%s is no key of a kind: want Kind=path, or Kind=none", w.Text)
			return d
		}
		of := KeyOf{Kind: text.Word{Text: kind, Pos: w.Pos}}
		at := w.Pos
		at.Column += len(kind) + 1
		if paths != "none" {
			of.Parts = text.SplitComma(text.Word{Text: paths, Pos: at})
		}
		d.Of = append(d.Of, of)
	}
	a.words = nil
	return d
}

// parseMirror parses the modes.
func parseMirror(a *arguments) Directive {
	modes := []struct {
		name string
		mode plan.MirrorMode
	}{{"replay", plan.Replay}, {"copy", plan.Copy}, {"skip", plan.Skip}}
	mode := a.next("replay, copy or skip")
	for _, m := range modes {
		if m.name == mode.Text {
			return &Mirror{a.Said, m.mode}
		}
	}
	if !a.bad {
		a.fail(mode.Pos, "%s is no mirror mode", mode.Text)
	}
	return nil
}

// parseCall parses the stores' own names of a method.
func parseCall(a *arguments) Directive {
	d := &Call{Said: a.Said}
	a.options([]string{"old", "new"}, func(name string, value text.Word) { d.Names[side(name)] = value })
	if d.Names == [2]text.Word{} && !a.bad {
		a.fail(a.Pos, "//dualgen:call lacks old= or new=")
	}
	return d
}

// side is the position that a word names.
func side(name string) int {
	if name == "new" {
		return 1
	}
	return 0
}
