package directive

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestDocumented: docs/directives.md has a section for each directive and for no other, which speaks of every option and form of it.
func TestDocumented(t *testing.T) {
	page, err := os.ReadFile("../../../docs/directives.md")
	if err != nil {
		t.Fatal(err)
	}
	sections := map[string]string{}
	for section := range strings.SplitSeq("\n"+string(page), "\n## ") {
		heading, body, _ := strings.Cut(section, "\n")
		for verb := range strings.SplitSeq(heading, ", ") {
			sections[verb] = body
		}
	}
	for _, row := range Rows() {
		body, ok := sections[row.Verb]
		if !ok {
			t.Errorf("there is no section on %s", row.Verb)
			continue
		}
		for form := range strings.SplitSeq(row.Usage, " | ") {
			for _, word := range strings.Fields(form)[1:] {
				name, _, option := strings.Cut(word, "=")
				if option && name == strings.ToLower(name) && !strings.Contains(body, name+"=") || !option && word == strings.ToLower(word) && !strings.Contains(body, word) {
					t.Errorf("the section on %s does not speak of %s, which stands in: %s", row.Verb, word, form)
				}
			}
		}
		if row.Help == "" {
			t.Errorf("%s has no line of help", row.Verb)
		}
	}
	for heading := range sections {
		if heading != "" && strings.ToLower(heading) == heading && !strings.Contains(heading, " ") && !slices.Contains(Verbs(), heading) {
			t.Errorf("there is a section on %s, and no such directive", heading)
		}
	}
}
