package generator

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asking are the beginnings of the names of archives in which nothing is wrong but that something is asked.
var asking = []string{
	"doubt_", "family_", "kind_ambiguous", "kind_peek", "kind_pop", "kind_two_verbs", "kind_read_of_nothing", "kind_lifecycle_values", "noun_first", "foreign_questions", "entity_unclear",
	"key_unclear", "key_second", "key_no_entity", "key_together", "put_create_numbers", "entity_other_noun", "read_fills_any", "refused_whole", "copy_lacks", "key_unnamed",
}

// TestRemediesLeadOn follows what the golden archives' questions show, literally, all at once: each proposal, and the first directive of
// each other question that has no blank. Then nothing is asked again in the same words: no remedy leads back to itself.
func TestRemediesLeadOn(t *testing.T) {
	names, err := filepath.Glob("../testdata/golden/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	module := newModule(t)
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		base := strings.TrimSuffix(filepath.Base(name), ".txtar")
		if bytes.Contains(text, []byte("-- diagnostics --")) && slices.ContainsFunc(asking, func(kind string) bool { return strings.HasPrefix(base, kind) }) {
			readGolden(t, name, module)
		}
	}
	before, lines := questionsOf(t, module)
	followed := 0
	for file, above := range lines {
		followed += follow(t, file, above)
	}
	after, _ := questionsOf(t, module)
	for question := range before {
		if after[question] {
			t.Errorf("asked again, when what it shows was written: %s", question)
		}
	}
	t.Logf("%d directives answer %d questions; %d others follow", followed, len(before), len(after))
	if followed < 75 {
		t.Errorf("only %d directives were followed", followed)
	}
}

// directiveAbove is what a remedy shows, and where it is to stand.
var directiveAbove = regexp.MustCompile(`//dualgen:[a-z]+[^"\n]*?( above |,|$|\n)`)

// questionsOf are the questions about all interfaces of a module that show a whole directive, and the directives, by file and line.
func questionsOf(t *testing.T, module string) (asked map[string]bool, lines map[string]map[int][]string) {
	t.Helper()
	all, err := Explain(t.Context(), Config{Dir: module, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	asked, lines = map[string]bool{}, map[string]map[int][]string{}
	for _, e := range all {
		for _, q := range e.Questions {
			directive := answerOf(q)
			place := strings.Split(q.Position, ":")
			if directive == "" || len(place) != 3 {
				continue
			}
			line, err := strconv.Atoi(place[1])
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(module, place[0])
			if lines[file] == nil {
				lines[file] = map[int][]string{}
			}
			if !slices.Contains(lines[file][line], directive) {
				lines[file][line] = append(lines[file][line], directive)
			}
			asked[filepath.Dir(place[0])+" "+e.Interface+": "+q.What] = true
		}
	}
	return asked, lines
}

// answerOf is the directive that a question shows first, "" where that has a blank.
func answerOf(q Question) string {
	shown := strings.Replace(q.Proposal, "?", "", 1)
	if shown == "" {
		shown = strings.TrimRight(strings.TrimSuffix(directiveAbove.FindString(q.Remedy), "\n"), ", ")
		shown = strings.TrimSuffix(shown, " above")
	}
	if strings.ContainsAny(shown, "?…") || strings.Contains(shown, "Method") {
		return ""
	}
	return shown
}

// follow writes directives above lines of a file, and returns how many.
func follow(t *testing.T, file string, above map[int][]string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	source := strings.Split(string(text), "\n")
	n := 0
	for _, line := range slices.Backward(slices.Sorted(maps.Keys(above))) {
		n += len(above[line])
		source = slices.Insert(source, line-1, above[line]...)
	}
	writeFile(t, file, []byte(strings.Join(source, "\n")))
	return n
}
