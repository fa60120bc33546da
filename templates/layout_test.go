package templates

import (
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"
)

// layOut prints a source with the layout alone, and reports whether it knew everything.
func layOut(t *testing.T, source string) (string, bool) {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	ast.SortImports(fset, file)
	l := &layout{lines: fset.File(file.FileStart)}
	l.file(file)
	return string(l.out), !l.unknown
}

// TestLayoutIsGofmts: what the layout prints is what gofmt prints, for every file of the golden tests, as jennifer writes
// them: with nothing aligned or indented.
func TestLayoutIsGofmts(t *testing.T) {
	archives, err := filepath.Glob("../testdata/golden/*.txtar")
	require.NoError(t, err)
	known, all := 0, 0
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		require.NoError(t, err)
		for _, f := range archive.Files {
			if !strings.HasPrefix(string(f.Data), Header) {
				continue
			}
			want, err := format.Source(f.Data)
			if err != nil {
				continue // cut short on purpose
			}
			all++
			if got, ok := layOut(t, unindented(string(f.Data))); ok {
				known++
				assert.Equal(t, string(want), got, "%s: %s", name, f.Name)
			}
		}
	}
	assert.Greater(t, all, 100)
	assert.Greater(t, known, all*3/4, "of %d files", all)
}

// unindented is a source without its indentation, and with one space wherever values are aligned.
func unindented(source string) string {
	var b strings.Builder
	for line := range strings.Lines(source) {
		line = strings.TrimLeft(line, "\t")
		for strings.Contains(line, ":  ") {
			line = strings.ReplaceAll(line, ":  ", ": ")
		}
		b.WriteString(line)
	}
	return b.String()
}

// TestLayoutGivesUp: what it has no rule for is the printer's, and what it would lose too.
func TestLayoutGivesUp(t *testing.T) {
	for name, source := range map[string]string{
		"a list in a doc comment":    "// F does:\n//  - this\nfunc F() {}\n",
		"a heading":                  "// F does.\n//\n// # More\nfunc F() {}\n",
		"a comment in a body":        "func F() {\n// why\nG()\n}\n",
		"mixed arithmetic":           "var x = a*b + c\n",
		"a second operand's sign":    "var x = a - -b\n",
		"a raw string":               "var x = `a\nb`\n",
		"several comments of fields": "type T struct {\nA int // a\nLong string // b\n}\n",
		"a tag":                      "type T struct {\nA int `db:\"a\"`\n}\n",
		"variables in columns":       "var (\na = 1\nlong = 2\n)\n",
		"a label":                    "func F() {\nL:\nfor {\ncontinue L\n}\n}\n",
		"a wide key":                 "var x = T{\nABCDEFGHIJABCDEFGHIJABCDEFGHIJABCDEFGHIJABC: 1,\nB: 2,\n}\n",
		"parentheses of one result":  "func F() (error) { return nil }\n",
	} {
		source = "package p\n\n" + source
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", source, parser.ParseComments|parser.SkipObjectResolution)
		require.NoError(t, err, name)
		got, err := formatted(fset, file, []byte(source))
		require.NoError(t, err, name)
		want, err := format.Source([]byte(source))
		require.NoError(t, err, name)
		assert.Equal(t, string(want), string(got), name)
		laid, ok := layOut(t, source)
		assert.False(t, ok && sameWithoutSpace([]byte(source), []byte(laid)), "%s: the layout knows it", name)
	}
}
