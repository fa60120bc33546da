package corpus

import (
	"fmt"
	"go/format"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
)

// TestWrappers holds the files that name the labelled interfaces against the labels, so that one load finds all of them.
func TestWrappers(t *testing.T) {
	all := readLabels(t)
	for dir, doc := range map[string]string{
		"plain":    "// Package plain names the interfaces of this module that have labels, without a directive.",
		"labelled": "// Package labelled names interfaces of other projects that have labels in this directory. Nothing is built from it: dualgen reads\n// their types, and people have read the code behind them.",
		"regular":  "// Package regular names regular interfaces of other projects that have labels in this directory. dualgen's rules were made before it\n// had seen them. Nothing is built from it: dualgen reads their types, and people have read the code behind them.",
	} {
		name := filepath.Join(dir, "interfaces.go")
		got := wrapperFile(t, dir, doc, wrappedIn(all, dir))
		if *update {
			write(t, name, got)
		}
		have, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if string(have) != got {
			t.Errorf("%s is out of date: run go test -update in testdata/corpus", name)
		}
	}
}

// wrappedIn are the interfaces whose wrapper stands in a directory and names one by its import path.
func wrappedIn(all []*labelled, dir string) []*labelled {
	return slices.DeleteFunc(slices.Clone(all), func(l *labelled) bool {
		return l.wrapperDir() != dir || strings.HasPrefix(l.name, "./")
	})
}

// wrapperDir is the directory of an interface's wrapper.
func (l *labelled) wrapperDir() string {
	if l.dir == "." {
		return "plain"
	}
	return l.dir
}

// wrapperName is what an interface is called there: after the last two words of its package's path, and itself.
func (l *labelled) wrapperName() string {
	importPath, name := l.split()
	if importPath == "./plain" {
		return name
	}
	return camel(path.Base(path.Dir(importPath))) + camel(path.Base(importPath)) + name
}

// split separates the import path from the type's name.
func (l *labelled) split() (importPath, name string) {
	dot := strings.LastIndex(l.name, ".")
	return l.name[:dot], l.name[dot+1:]
}

// camel joins the words of a text, each with a capital letter.
func camel(text string) string {
	var w strings.Builder
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		w.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return w.String()
}

// wrapperFile is a file that names interfaces.
func wrapperFile(t *testing.T, dir, doc string, all []*labelled) string {
	t.Helper()
	aliases := map[string]string{}
	for _, l := range all {
		importPath, _ := l.split()
		if aliases[importPath] == "" {
			aliases[importPath] = fmt.Sprintf("p%d", len(aliases))
		}
	}
	var imports, types strings.Builder
	for _, importPath := range slices.Sorted(maps.Keys(aliases)) {
		fmt.Fprintf(&imports, "\t%s %q\n", aliases[importPath], importPath)
	}
	for _, l := range all {
		importPath, name := l.split()
		fmt.Fprintf(&types, "\n// %s is %s of %s.\n//\n//go:generate go tool dualgen\ntype %s interface{ %s.%s }\n",
			l.wrapperName(), name, l.project, l.wrapperName(), aliases[importPath], name)
	}
	source := fmt.Sprintf("%s\npackage %s\n\nimport (\n%s)\n%s", doc, dir, &imports, &types)
	formatted, err := format.Source([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return string(formatted)
}
