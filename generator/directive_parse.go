package generator

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/generator/plan"
)

// arguments are the words after a directive's verb while it is parsed.
type arguments struct {
	said
	reports *reports
	words   []word
	usage   string
	method  bool // the directive stands above a method
	bad     bool
}

// fail reports what is wrong with the directive, with its usage for remedy.
func (a *arguments) fail(pos token.Position, format string, args ...any) {
	a.bad = true
	a.reports.addf(pos, "write //dualgen:"+a.usage, format, args...)
}

// next takes the next word.
func (a *arguments) next(what string) word {
	if len(a.words) == 0 {
		a.fail(a.pos, "//dualgen:%s lacks %s", a.name, what)
		return word{pos: a.pos}
	}
	first := a.words[0]
	a.words = a.words[1:]
	return first
}

// done reports words that are left over.
func (a *arguments) done() {
	if len(a.words) > 0 && !a.bad {
		a.fail(a.words[0].pos, "//dualgen:%s does not take %s", a.name, a.words[0].text)
	}
}

// options takes the remaining words, each name=value or a bare name, and hands them to set.
func (a *arguments) options(known []string, set func(name string, value word)) {
	seen := map[string]bool{}
	for _, w := range a.words {
		name, value, _ := strings.Cut(w.text, "=")
		at := w.pos
		switch {
		case !slices.Contains(known, name):
			a.bad = true
			a.reports.addf(at, hint(name, known), "//dualgen:%s does not know %s", a.name, name)
			continue
		case seen[name]:
			a.fail(at, "//dualgen:%s says %s twice", a.name, name)
		case value == "" && strings.HasSuffix(w.text, "="):
			a.fail(at, "//dualgen:%s says nothing after %s=", a.name, name)
		}
		seen[name] = true
		at.Column += len(w.text) - len(value)
		set(name, word{value, at})
	}
	a.words = nil
}

// parseDirective parses one comment line. It returns nil where the line is no directive of ours, or a bad one.
func parseDirective(reports *reports, text string, pos token.Position, method bool) (d directive, methods []word) {
	parsed, ok := ast.ParseDirective(0, text)
	if !ok || parsed.Tool != "dualgen" {
		return nil, nil
	}
	args, err := parsed.ParseArgs()
	if err != nil {
		reports.add(pos, err.Error(), "close the quotation marks")
		return nil, nil
	}
	a := &arguments{said: said{parsed.Name, pos}, reports: reports, method: method}
	for _, arg := range args {
		at := pos
		at.Column += int(arg.Pos)
		at.Offset += int(arg.Pos)
		a.words = append(a.words, word{arg.Arg, at})
	}
	return a.parse()
}

// parse finds the verb and parses its arguments.
func (a *arguments) parse() (directive, []word) {
	specs := verbSpecs()
	i := slices.IndexFunc(specs, func(s verbSpec) bool { return s.name == a.name })
	if i < 0 {
		a.reports.addf(a.pos, hint(a.name, verbNames()), "unknown directive //dualgen:%s", a.name)
		return nil, nil
	}
	spec := specs[i]
	a.usage = spec.usage
	if a.method && spec.where&onMethod == 0 {
		a.reports.addf(a.pos, "move it above the interface", "//dualgen:%s speaks of the whole interface, not of one method", a.name)
		return nil, nil
	}
	var methods []word
	if spec.named && !a.method {
		a.usage = strings.Replace(spec.usage, spec.name, spec.name+" Method", 1)
		methods = splitComma(a.next("the name of a method"))
	}
	d := spec.parse(a)
	a.done()
	if a.bad {
		return nil, nil
	}
	return d, methods
}

// splitComma splits a word at its commas.
func splitComma(w word) []word {
	var parts []word
	at := w.pos
	for part := range strings.SplitSeq(w.text, ",") {
		parts = append(parts, word{part, at})
		at.Column += len(part) + 1
		at.Offset += len(part) + 1
	}
	return parts
}

// kindParser parses the directives that consist of their verb alone.
func kindParser(kind plan.Kind, deletes bool) func(*arguments) directive {
	return func(a *arguments) directive { return &kindDirective{a.said, kind, deletes} }
}

// parseKey parses the argument forms of key.
func parseKey(a *arguments) directive {
	d := &keyDirective{said: a.said, form: plan.KeyOne}
	first := a.next("the key")
	switch {
	case first.text == "none":
		d.form = plan.KeyNone
		return d
	case first.text == "each":
		d.form, first = plan.KeyEach, a.next("a path after each, such as users.ID")
	case first.text == "out":
		d.form, first = plan.KeyOut, a.next("a path after out, such as u.ID")
	case first.text == "list":
		d.form, first = plan.KeyListed, a.next("the name of a method that lists the keys")
	case first.text == "result", strings.HasPrefix(first.text, "result."):
		d.form = plan.KeyResult
	}
	d.parts = splitComma(first)
	if a.bad {
		return d
	}
	for _, part := range d.parts {
		if part.text == "" {
			a.fail(part.pos, "//dualgen:key has an empty part")
		}
	}
	return d
}

// parseMirror parses the modes.
func parseMirror(a *arguments) directive {
	modes := []struct {
		name string
		mode plan.MirrorMode
	}{{"replay", plan.Replay}, {"copy", plan.Copy}, {"skip", plan.Skip}}
	mode := a.next("replay, copy or skip")
	for _, m := range modes {
		if m.name == mode.text {
			return &mirrorDirective{a.said, m.mode}
		}
	}
	if !a.bad {
		a.fail(mode.pos, "%s is no mirror mode", mode.text)
	}
	return nil
}

// parseCall parses the stores' own names of a method.
func parseCall(a *arguments) directive {
	d := &callDirective{said: a.said}
	a.options([]string{"old", "new"}, func(name string, value word) { d.names[side(name)] = value })
	if d.names == [2]word{} && !a.bad {
		a.fail(a.pos, "//dualgen:call lacks old= or new=")
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
