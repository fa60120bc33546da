package corpus

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator"
)

// TestOneRound answers all that is asked about each interface, once: a proposal by taking its question mark away, a question by what it
// shows, as the labels say. Then nothing is open. What wants code of the user's, a struct or a function, is not answered.
func TestOneRound(t *testing.T) {
	labels := map[string]*labelled{}
	for _, l := range readLabels(t) {
		labels[l.wrapperName()] = l
	}
	answered, left, code := 0, 0, 0
	for _, from := range labelledModules {
		all, err := generator.Explain(context.Background(), from)
		if err != nil {
			t.Fatal(err)
		}
		given := map[string][]string{}
		all = slices.DeleteFunc(all, func(e generator.Explanation) bool {
			l := labels[e.Interface]
			if strings.HasPrefix(l.name, "./") || len(e.Questions) == 0 {
				return true
			}
			lines, ok := answer(l, e.Questions)
			if !ok {
				code++
			}
			given[e.Interface] = lines
			return !ok
		})
		answered += len(all)
		for _, e := range explainAnswered(t, from, all, labels, given) {
			for _, q := range e.Questions {
				t.Errorf("%s (%s): left when all was answered: %s\n\t%s", e.Interface, labels[e.Interface].name, q.What, strings.Join(given[e.Interface], "\n\t"))
			}
			if len(e.Questions) > 0 {
				left++
			}
		}
	}
	t.Logf("%d interfaces answered in one round, %d of them with something left; %d others want code", answered, left, code)
	if answered < 80 {
		t.Errorf("only %d interfaces can be answered without code", answered)
	}
}

// explainAnswered explains interfaces with what was answered about them.
func explainAnswered(t *testing.T, from generator.Config, all []generator.Explanation, labels map[string]*labelled, given map[string][]string) []generator.Explanation {
	t.Helper()
	if len(all) == 0 {
		return nil
	}
	dir, err := os.MkdirTemp(from.Dir, "round")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	var imports, types strings.Builder
	for n, e := range all {
		importPath, name := labels[e.Interface].split()
		fmt.Fprintf(&imports, "\tq%d %q\n", n, importPath)
		fmt.Fprintf(&types, "\n//go:generate go tool dualgen\n%s\ntype %s interface{ q%d.%s }\n", strings.Join(given[e.Interface], "\n"), e.Interface, n, name)
	}
	write(t, filepath.Join(dir, "round.go"), "package round\n\nimport (\n"+imports.String()+")\n"+types.String())
	again, err := generator.Explain(context.Background(), generator.Config{Dir: from.Dir, Patterns: []string{"./" + filepath.Base(dir)}})
	if err != nil {
		t.Fatal(err)
	}
	return again
}

// answer answers questions by what they show. It reports whether it could.
func answer(l *labelled, questions []generator.Question) (lines []string, ok bool) {
	a := &answers{label: l, entities: map[string]*entityLine{}}
	for _, q := range questions {
		switch {
		case strings.Contains(q.Proposal, "=?"): // a function of the user's
			return nil, false
		case q.Proposal != "":
			a.say(strings.Replace(q.Proposal, "?", "", 1))
		case !a.choose(q):
			return nil, false
		}
	}
	for _, name := range a.order {
		e := a.entities[name]
		line := "//dualgen:entity " + strings.Join(append([]string{name}, e.options...), " ")
		if len(e.methods) > 0 {
			line += " methods=" + strings.Join(e.methods, ",")
		}
		lines = append(lines, line)
	}
	return append(lines, a.lines...), true
}

// answers are what a person writes above one interface.
type answers struct {
	label    *labelled
	lines    []string
	entities map[string]*entityLine
	order    []string
}

// entityLine is the one line about an entity.
type entityLine struct{ options, methods []string }

// say writes a line, once. What is said of one entity becomes one line.
func (a *answers) say(line string) {
	rest, ok := strings.CutPrefix(line, "//dualgen:entity ")
	if !ok {
		if !slices.Contains(a.lines, line) {
			a.lines = append(a.lines, line)
		}
		return
	}
	words := strings.Fields(rest)
	e := a.entities[words[0]]
	if e == nil {
		e = &entityLine{}
		a.entities[words[0]] = e
		a.order = append(a.order, words[0])
	}
	for _, word := range words[1:] {
		if methods, ok := strings.CutPrefix(word, "methods="); ok {
			for name := range strings.SplitSeq(methods, ",") {
				if !slices.Contains(e.methods, name) {
					e.methods = append(e.methods, name)
				}
			}
			continue
		}
		option, _, _ := strings.Cut(word, "=")
		if !slices.ContainsFunc(e.options, func(has string) bool { return strings.HasPrefix(has, option+"=") }) {
			e.options = append(e.options, word)
		}
	}
}

// shown are the directives that a question shows.
var shown = regexp.MustCompile(`//dualgen:(\w+)((?: [A-Za-z0-9_.,=…]+)*)`)

// choose writes what a question about methods shows and their labels say. It reports whether it found something.
func (a *answers) choose(q generator.Question) bool {
	if strings.Contains(q.What, "what the key of") {
		return false // a struct or a function, mostly; the label does not say
	}
	found := false
	kinds := map[string]bool{}
	for _, m := range shown.FindAllStringSubmatch(q.Remedy, -1) {
		words := strings.Fields(m[2])
		switch verb := m[1]; {
		case len(words) == 0, strings.Contains(m[2], "…"):
		case slices.Contains([]string{"read", "write", "delete", "lifecycle", "primary"}, verb):
			if a.label.method(words[0]) != nil {
				kinds[words[0]] = true
			}
		case verb == "key" && len(words) > 1 && words[1] == "none" && a.writes(words[0]), verb == "mirror" && len(words) > 1 && words[1] == "replay" && a.writes(words[0]):
			a.say("//dualgen:" + verb + " " + words[0] + " " + words[1])
			found = true
		case verb == "entity":
			found = a.chooseEntity(words) || found
		}
	}
	for name := range kinds {
		class := "primary"
		if label := a.label.method(name); label != nil && slices.Contains([]string{"read", "write", "delete", "lifecycle"}, label.class[0]) {
			class = label.class[0]
		}
		a.say("//dualgen:" + class + " " + name)
		if found = true; wantsCode(q.Remedy, class) {
			return false
		}
	}
	return found
}

// wantsCode reports whether an answer brings up what only a struct or a function of the user's answers: the question says so.
func wantsCode(remedy, class string) bool {
	_, block, found := strings.Cut(remedy, "with //dualgen:"+class)
	if !found {
		return false
	}
	block, _, _ = strings.Cut(block, "\nwith ")
	_, block, _ = strings.Cut(block, ", too: ")
	return strings.Contains(block, "…") && !slices.ContainsFunc(shown.FindAllString(block, -1), func(directive string) bool { return !strings.Contains(directive, "…") })
}

// writes reports whether a method writes by its label.
func (a *answers) writes(name string) bool {
	label := a.label.method(name)
	return label == nil || slices.Contains([]string{"write", "delete"}, label.class[0])
}

// chooseEntity says that methods touch an entity, where their labels do, or where nothing else is said of them.
func (a *answers) chooseEntity(words []string) bool {
	methods, ok := strings.CutPrefix(words[len(words)-1], "methods=")
	if !ok {
		return false
	}
	for name := range strings.SplitSeq(methods, ",") {
		label := a.label.method(name)
		named := label != nil && slices.ContainsFunc(label.entities, func(right string) bool { return covers([]string{words[0]}, right) })
		if label == nil || !a.writes(name) || !named && a.isSaid(name) {
			continue
		}
		a.say("//dualgen:entity " + strings.Join(words[:len(words)-1], " ") + " methods=" + name)
	}
	return true
}

// isSaid reports whether it is said what a method touches.
func (a *answers) isSaid(name string) bool {
	for _, e := range a.entities {
		if slices.Contains(e.methods, name) {
			return true
		}
	}
	return false
}
