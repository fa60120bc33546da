package decide_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/decide/kind"
	"github.com/dualgen/dualgen/generator/internal/decide/touch"
)

var update = flag.Bool("update", false, "rewrite the tables of docs/decisions.md")

// TestDocumentedDoubts holds the tables of docs/decisions.md to the tables of the code.
func TestDocumentedDoubts(t *testing.T) {
	const name = "../../../docs/decisions.md"
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := strings.Cut(string(source), "<!-- doubts: begin")
	mark, rest, _ := strings.Cut(rest, "\n")
	_, tail, ok := strings.Cut(rest, "<!-- doubts: end -->")
	if !ok {
		t.Fatal("docs/decisions.md has no marks")
	}
	want := head + "<!-- doubts: begin" + mark + "\n\nAbout what a method does:\n\n" + table(kindRows()) +
		"\nAbout the entity of a write:\n\n" + table(entityRows()) + "\nAbout the key:\n\n" + table(keyRows()) + "\n<!-- doubts: end -->" + tail
	if want == string(source) {
		return
	}
	if !*update {
		t.Fatal("docs/decisions.md is out of date: run go test -update here, and look at the change")
	}
	if err := os.WriteFile(name, []byte(want), 0o644); err != nil {
		t.Fatal(err)
	}
}

// row is one line of a table: name, when, example.
type row [3]string

func kindRows() (rows []row) {
	for _, d := range kind.Doubts {
		if r := (row{d.Name, d.When, d.Example}); len(rows) == 0 || rows[len(rows)-1][0] != d.Name {
			rows = append(rows, r)
		}
	}
	return rows
}

func entityRows() (rows []row) {
	for _, d := range touch.Doubts {
		rows = append(rows, row{d.Name, d.When, d.Example})
	}
	return rows
}

func keyRows() (rows []row) {
	for _, d := range touch.KeyDoubts {
		rows = append(rows, row{d.Name, d.When, d.Example})
	}
	return rows
}

// table writes rows in Markdown.
func table(rows []row) string {
	var w strings.Builder
	w.WriteString("| doubt | when | example |\n|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintf(&w, "| %s | %s | `%s` |\n", r[0], r[1], r[2])
	}
	return w.String()
}
