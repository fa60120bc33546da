package corpus

import (
	"slices"
	"strings"
	"testing"
)

// words are those that the columns of a label may have.
var words = map[string][]string{
	"form":       {"regular", "irregular", "orm", "aggregate"},
	"class":      {"read", "write", "delete", "lifecycle", "primary", "transaction", "refuse", "-"},
	"mirrored":   {"yes", "no", "either", "-"},
	"replayable": {"yes", "no", "either", "-"},
	"compared":   {"yes", "no", "either", "-"},
}

// TestLabelWords holds the labels to their words: a copier names a method with a label, and no method has two.
func TestLabelWords(t *testing.T) {
	for _, l := range readLabels(t) {
		check := func(column string, found []string) {
			for _, word := range found {
				if !slices.Contains(words[column], word) {
					t.Errorf("%s: %s is %q: want one of %s", l.name, column, word, strings.Join(words[column], ", "))
				}
			}
		}
		check("form", []string{l.form})
		seen := map[string]bool{}
		for _, m := range l.methods {
			check("class", m.class)
			check("mirrored", m.mirrored)
			check("replayable", m.replayable)
			check("compared", m.comparable)
			if seen[m.name] {
				t.Errorf("%s.%s has two labels", l.name, m.name)
			}
			seen[m.name] = true
		}
		for _, e := range l.entities {
			for _, role := range []string{"get", "put", "delete", "scan"} {
				for _, name := range strings.FieldsFunc(strings.Join(e.copiers[role], "|"), func(r rune) bool { return r == '|' || r == '+' }) {
					if name != "none" && l.method(name) == nil {
						t.Errorf("%s: %s of %s is %s, which has no label", l.name, role, e.names[0], name)
					}
				}
			}
		}
	}
}

// TestLabelledSet holds the set to its size.
func TestLabelledSet(t *testing.T) {
	projects := map[string]bool{}
	var interfaces, others, methods int
	for _, l := range readLabels(t) {
		interfaces++
		methods += len(l.methods)
		if l.dir == "labelled" {
			others++
			projects[l.project] = true
		}
	}
	if interfaces < 170 || others < 60 || len(projects) < 15 || methods < 1500 {
		t.Errorf("%d interfaces, %d of them of %d other projects, with %d methods", interfaces, others, len(projects), methods)
	}
}
