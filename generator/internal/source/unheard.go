package source

import (
	"go/parser"
	"go/token"
	"strings"

	"github.com/dualgen/dualgen/generator/internal/report"
)

// unheard is a line that asks for a wrapper where neither go generate nor dualgen takes it.
type unheard struct {
	Pos          token.Position
	what, remedy string
}

// Report reports the line.
func (u *unheard) Report(reports *report.List) { reports.Add(u.Pos, u.what, u.remedy) }

// inTestFile is a line in a test file, or nil for text in a program.
func inTestFile(pos token.Position, source []byte) *unheard {
	if !commentAt(pos, source) {
		return nil
	}
	return &unheard{pos, "interfaces in test files are not wrapped: a wrapper in a package would need what only its tests have",
		"move the interface and this line to a file whose name does not end in _test.go"}
}

// generateMark begins a line that go generate runs.
const generateMark = "//go:generate "

// heardLine is what a line of source says to go generate, and whether it says it so that go generate takes it. Why says why not.
func heardLine(line string) (text, why string) {
	if text, ok := strings.CutPrefix(line, generateMark); ok {
		return text, ""
	}
	if text, ok := strings.CutPrefix(line, "//go:generate\t"); ok {
		return text, ""
	}
	trimmed := strings.TrimLeft(line, " \t")
	if text, ok := strings.CutPrefix(trimmed, generateMark); ok {
		return text, "indented"
	}
	for _, mark := range []string{"// go:generate ", "//  go:generate "} {
		if text, ok := strings.CutPrefix(trimmed, mark); ok {
			return text, "spaced"
		}
	}
	return "", ""
}

// unheardFor says of a line that go generate does not take why that is, if the line is a comment, and not text in a program.
func unheardFor(why string, pos token.Position, source []byte) *unheard {
	if !commentAt(pos, source) {
		return nil
	}
	if why == "spaced" {
		return &unheard{pos, "this //go:generate line has a space in it: go generate does not see it", "write //go:generate at the beginning of its line, without a space"}
	}
	return &unheard{pos, "this //go:generate line is indented: go generate does not see it",
		"take the type out of its group, type ( … ), and put this line at the beginning of its line, directly above the interface"}
}

// commentAt reports whether a comment of its own begins on the line at a position, as the compiler reads the file.
func commentAt(pos token.Position, source []byte) bool {
	fset := token.NewFileSet()
	file, _ := parser.ParseFile(fset, pos.Filename, source, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil {
		return false
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			if fset.PositionFor(comment.Pos(), false).Line == pos.Line && strings.HasPrefix(comment.Text, "//") {
				return true
			}
		}
	}
	return false
}
