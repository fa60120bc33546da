package docscheck

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const root = "../.."

func load(t *testing.T) *Sources {
	t.Helper()
	s, err := Load(root)
	require.NoError(t, err)
	return s
}

// pages are the pages for people: those of the root, of docs, and of the examples.
func pages(t *testing.T) []string {
	t.Helper()
	var all []string
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*.md", "examples/*/*.md"} {
		found, err := filepath.Glob(filepath.Join(root, pattern))
		require.NoError(t, err)
		all = append(all, found...)
	}
	require.NotEmpty(t, all)
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	return string(content)
}

func TestNamedTestsExist(t *testing.T) {
	s := load(t)
	for _, page := range pages(t) {
		assert.Empty(t, s.MissingTests(read(t, page)), "%s names tests that are not there", page)
	}
}

// Every row of the list of failure modes stands in the page, once, and names its tests.
func TestFailureModesAreWhole(t *testing.T) {
	page := read(t, filepath.Join(root, "docs", "failure-modes.md"))
	for n := 1; n <= 55; n++ {
		assert.Equal(t, 1, strings.Count(page, fmt.Sprintf("\n| %d | ", n)), "row %d", n)
	}
	assert.Empty(t, RowsWithoutTest(page))
}

func TestLinksLeadSomewhere(t *testing.T) {
	for _, page := range pages(t) {
		dead, err := DeadLinks(page)
		require.NoError(t, err)
		assert.Empty(t, dead, page)
	}
}

func TestIndexIsComplete(t *testing.T) {
	index := Links(read(t, filepath.Join(root, "docs", "README.md")))
	site := read(t, filepath.Join(root, "mkdocs.yml"))
	for _, page := range pages(t) {
		if name := filepath.Base(page); filepath.Base(filepath.Dir(page)) == "docs" && name != "README.md" {
			assert.Contains(t, index, name)
			assert.Regexp(t, `[\[ ]`+regexp.QuoteMeta(name)+`[\],]`, site, "the site's navigation")
		}
	}
}

func TestEveryPackageIsDocumented(t *testing.T) {
	assert.Empty(t, load(t).Undocumented())
}

// What is wrong is found.
func TestMistakesAreFound(t *testing.T) {
	s := load(t)
	assert.Empty(t, s.MissingTests("`docscheck.TestNamedTestsExist` and `generator.TestGolden/plain`"))
	assert.Equal(t, []string{"docscheck.TestNothing"}, s.MissingTests("`docscheck.TestNothing`"))
	assert.Equal(t, []string{"elsewhere.TestNamedTestsExist"}, s.MissingTests("`elsewhere.TestNamedTestsExist`"))
	gone := "docscheck.TestNamedTestsExist/" + strings.Repeat("gone", 2)
	assert.Equal(t, []string{gone}, s.MissingTests("`"+gone+"`"))

	elsewhere := "docscheck.TestNamedTestsExist/settle window" // a string of another folder
	assert.Equal(t, []string{elsewhere}, s.MissingTests("`"+elsewhere+"`"))
	rows := "| 1 | a | b | `docscheck.TestLinksLeadSomewhere` |\n| 2 | a | moot: b | |\n| 3 | a | b | none |\n"
	assert.Equal(t, []string{"| 3 | a | b | none |"}, RowsWithoutTest(rows))

	folder := t.TempDir()
	page := filepath.Join(folder, "page.md")
	text := "# A `b`, c\n[1](page.md) [2](#a-b-c) [3](gone.md) [4](page.md#gone) [5](https://example.org/x) `[6](code.md)`\n"
	require.NoError(t, os.WriteFile(page, []byte(text), 0o600))
	dead, err := DeadLinks(page)
	require.NoError(t, err)
	assert.Equal(t, []string{"gone.md", "page.md#gone"}, dead)

	require.NoError(t, os.WriteFile(filepath.Join(folder, "a.go"), []byte("package a\n"), 0o600))
	bare, err := Load(folder)
	require.NoError(t, err)
	assert.Equal(t, []string{folder}, bare.Undocumented())
}
