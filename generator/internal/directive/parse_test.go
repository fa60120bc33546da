package directive

import (
	"go/token"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator/internal/report"
)

// FuzzDirective: no comment line makes the parser panic, and a line that is not understood is reported.
func FuzzDirective(f *testing.F) {
	for _, row := range Rows() {
		for usage := range strings.SplitSeq(row.Usage, " | ") {
			f.Add("//dualgen:" + usage)
			f.Add("//dualgen:" + row.Verb + " Method " + strings.TrimPrefix(usage, row.Verb))
		}
	}
	for _, line := range []string{"//dualgen:", "//dualgen:key ,", "//dualgen:entity \"", "//dualgen:entity `x", "//dualgen:call old=", "//dualgen:compare round=:", "//dualgen:ignore old.", "//dualgen:key each"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		for _, method := range []bool{true, false} {
			reports := &report.List{}
			d, _ := Parse(reports, line, token.Position{Filename: "a.go", Line: 1, Column: 1}, method)
			ours := strings.HasPrefix(line, "//dualgen:") && len(line) > len("//dualgen:") && line[len("//dualgen:")] >= 'a' && line[len("//dualgen:")] <= 'z'
			if ours && d == nil && !reports.Any() && !strings.ContainsAny(line, "\r\n") {
				t.Errorf("%q is ignored in silence", line)
			}
			if d != nil && reports.Any() {
				t.Errorf("%q is understood and reported: %v", line, reports.Err())
			}
		}
	})
}

// TestProposed: with a question mark behind its verb a directive says the same, wherever it stands, and waits for a person.
func TestProposed(t *testing.T) {
	for _, row := range Rows() {
		usage, _, _ := strings.Cut(row.Usage, " | ")
		for _, method := range []string{"", "Method"} {
			if method != "" && !row.OnMethod() {
				continue
			}
			said := usage
			if method == "" && row.Named() {
				said = row.Verb + " Method" + strings.TrimPrefix(usage, row.Verb)
			}
			if method != "" && row.Verb == "entity" {
				said = "entity User"
			}
			decided, proposed := &report.List{}, &report.List{}
			read := func(reports *report.List, line string) *Set {
				return Read(reports, []Line{{Text: "//dualgen:" + line, Pos: token.Position{Line: 7, Column: 1}, Method: method}}, "I", []string{"Method", "Rename", "Ban"})
			}
			read(decided, said)
			set := read(proposed, strings.Replace(said, row.Verb, row.Verb+"?", 1))
			if decided.Any() {
				t.Errorf("%s: %v", said, decided.Err())
			}
			if all := proposed.All(); len(all) != 1 || all[0].Cause != report.Proposed || all[0].Pos.Line != 7 || len(set.Proposed) != 1 {
				t.Errorf("%s?: %v", said, proposed.Err())
			}
		}
	}
}

// TestCallsOfBothStores: one line for each store says what one line for both does; two names for one store contradict each other.
func TestCallsOfBothStores(t *testing.T) {
	for lines, want := range map[string]string{
		"call old=Find|call new=Load":                    "Find Load",
		"call new=Load|call old=Find":                    "Find Load",
		"call old=Find new=Load":                         "Find Load",
		"call old=Find|call old=Get":                     "contradicts",
		"call old=Find|call new=Load|call old=Get":       "contradicts",
		"call old=Find new=Load|call new=Load|call new=": "contradicts",
	} {
		reports := &report.List{}
		var all []Line
		for n, line := range strings.Split(lines, "|") {
			all = append(all, Line{Text: "//dualgen:" + line, Pos: token.Position{Line: n + 1, Column: 1}, Method: "Method"})
		}
		names := Read(reports, all, "I", []string{"Method"}).Of("Method").Call.Names
		got := names[0].Text + " " + names[1].Text
		if reports.Any() {
			got = reports.Err().Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: want %s, got %s", lines, want, got)
		}
	}
}
