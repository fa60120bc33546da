// Package docscheck holds the documentation against the repository: the tests that it names are there, its links lead
// somewhere, every page stands in the index, and every package says what it is for.
package docscheck

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// Sources is what the documentation may speak of.
type Sources struct {
	Root  string
	tests map[string]bool // "folder.TestName", by the last element of the folder's path
	texts map[string]bool // "folder.text": string literals of the folder's Go files; ".text": the names of golden archives
	bare  []string        // folders of packages without a comment
}

// Load reads the Go files below root, those of nested modules included.
func Load(root string) (*Sources, error) {
	s := &Sources{Root: root, tests: make(map[string]bool), texts: make(map[string]bool)}
	commented := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != root && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir
		case strings.HasSuffix(path, ".txtar"):
			s.texts["."+strings.TrimSuffix(d.Name(), ".txtar")] = true
		case strings.HasSuffix(path, ".go") && !strings.Contains(path, "testdata"):
			return s.read(path, commented)
		}
		return nil
	})
	for folder, ok := range commented {
		if !ok {
			s.bare = append(s.bare, folder)
		}
	}
	return s, err
}

// read takes note of one file's tests, literals and package comment.
func (s *Sources) read(path string, commented map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments)
	if err != nil {
		return fmt.Errorf("read the sources: %w", err)
	}
	folder := filepath.Dir(path)
	if !strings.HasSuffix(path, "_test.go") {
		commented[folder] = commented[folder] || file.Doc != nil
	}
	for _, declaration := range file.Decls {
		if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil {
			s.tests[filepath.Base(folder)+"."+f.Name.Name] = true
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			s.texts[filepath.Base(folder)+"."+strings.Trim(literal.Value, "`\"")] = true
		}
		return true
	})
	return nil
}

// Undocumented lists the folders of packages that no file has a comment for.
func (s *Sources) Undocumented() []string { return s.bare }

// named is a test in a page: `folder.TestName` or `folder.TestName/a subtest`.
var named = regexp.MustCompile("`([a-z]+\\.(?:Test|Fuzz|Example|Benchmark)\\w*)(/[^`]*)?`")

// MissingTests lists the tests that a page names and that are not there. A subtest is there if a Go file of the test's folder
// has its name as a string, or it is the name of a golden archive.
func (s *Sources) MissingTests(page string) []string {
	var missing []string
	for _, match := range named.FindAllStringSubmatch(page, -1) {
		subtest := strings.TrimPrefix(match[2], "/")
		folder, _, _ := strings.Cut(match[1], ".")
		if !s.tests[match[1]] || subtest != "" && !s.texts[folder+"."+subtest] && !s.texts["."+subtest] {
			missing = append(missing, match[1]+match[2])
		}
	}
	return missing
}

var (
	tableRow = regexp.MustCompile(`(?m)^\| (?:\d+|–) \| .* \|$`)
	moot     = regexp.MustCompile(`\| moot[^|]*\|[^|]*\|$`)
)

// RowsWithoutTest lists the rows of a page's numbered tables that name no test, but those that say that they are moot.
func RowsWithoutTest(page string) []string {
	var rows []string
	for _, row := range tableRow.FindAllString(page, -1) {
		if !named.MatchString(row) && !moot.MatchString(row) {
			rows = append(rows, row)
		}
	}
	return rows
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.*)$`)
	noLink  = regexp.MustCompile("(?s)```.*?```|`[^`\n]*`")
)

// Links lists the targets of a page's relative links.
func Links(page string) []string {
	var targets []string
	for _, match := range link.FindAllStringSubmatch(noLink.ReplaceAllString(page, ""), -1) {
		if !strings.Contains(match[1], "://") {
			targets = append(targets, match[1])
		}
	}
	return targets
}

// DeadLinks lists the relative links of the page in that file which lead nowhere.
func DeadLinks(file string) ([]string, error) {
	page, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var dead []string
	for _, target := range Links(string(page)) {
		path, anchor, _ := strings.Cut(target, "#")
		to := file
		if path != "" {
			to = filepath.Join(filepath.Dir(file), path)
		}
		if _, err := os.Stat(to); err != nil || anchor != "" && !hasHeading(to, anchor) {
			dead = append(dead, target)
		}
	}
	return dead, nil
}

// hasHeading reports whether a page has the heading that an anchor means.
func hasHeading(file, anchor string) bool {
	page, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	for _, match := range heading.FindAllStringSubmatch(string(page), -1) {
		if slug(match[1]) == anchor {
			return true
		}
	}
	return false
}

var dropped = regexp.MustCompile(`[^\p{L}\p{N} _-]`)

// slug is the anchor that hosts of Markdown make of a heading.
func slug(heading string) string {
	return strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(heading), ""), " ", "-")
}
