package corpus

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/dualgen/dualgen/generator"
)

// TestGuesses asks dualgen about the interfaces as their projects declare them, without a directive. Whatever it decides of a
// method of which it asks nothing must be what the record says.
func TestGuesses(t *testing.T) {
	records := readRecords(t, "*")
	origins := origins(t, accepted(records))
	var group sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, r := range records {
		for _, i := range r.interfaces {
			origin := origins[r.dir+"."+i.name]
			if origin == "" {
				continue // it is made of several, or of a generic one
			}
			slots <- struct{}{}
			group.Go(func() {
				defer func() { <-slots }()
				text, err := generator.Initial(t.Context(), generator.Config{Dir: "."}, origin)
				if err != nil {
					t.Errorf("%s: %v", origin, err)
					return
				}
				for _, wrong := range wrongGuesses(text, i.methods) {
					t.Errorf("%s: %s", origin, wrong)
				}
			})
		}
	}
	group.Wait()
}

// origins finds which interface each interface of the corpus names: importpath.Type.
func origins(t *testing.T, patterns []string) map[string]string {
	t.Helper()
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports
	loaded, err := packages.Load(&packages.Config{Mode: mode, Dir: "."}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, pkg := range loaded {
		for _, file := range pkg.Syntax {
			ast.Inspect(file, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				if origin := embedded(pkg.TypesInfo, spec); origin != nil {
					found[filepath.Base(pkg.PkgPath)+"."+spec.Name.Name] = origin.Pkg().Path() + "." + origin.Name()
				}
				return false
			})
		}
	}
	return found
}

// embedded is the name of the only thing that an interface embeds, if it is not generic.
func embedded(info *types.Info, spec *ast.TypeSpec) *types.TypeName {
	declared, ok := spec.Type.(*ast.InterfaceType)
	if !ok || len(declared.Methods.List) != 1 {
		return nil
	}
	named, ok := types.Unalias(info.TypeOf(declared.Methods.List[0].Type)).(*types.Named)
	if !ok || named.TypeArgs().Len() > 0 {
		return nil
	}
	return named.Obj()
}

// wrongGuesses compares what Initial says of the methods of which it asks nothing with a record. It asks of an entity where it
// says that one cannot be copied: of the methods that have its name, then.
func wrongGuesses(text string, methods []string) []string {
	decided := map[string]string{}
	var questions []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if question, ok := strings.CutPrefix(line, "// ? "); ok {
			questions = append(questions, question)
		} else if name, reasons, ok := strings.Cut(strings.TrimPrefix(line, "// "), ": "); ok {
			decided[name] = reasons
		}
	}
	var wrong []string
	for _, m := range methods {
		words := strings.Fields(m)
		reasons, ok := decided[words[0]]
		if !ok || slices.ContainsFunc(questions, func(question string) bool { return asks(question, words[0]) }) {
			continue
		}
		kind, key := guess(reasons)
		if kind != words[1] && words[1] != "primary_only" || key != "" && numbers.ReplaceAllString(key, "$1") != numbers.ReplaceAllString(words[3], "$1") {
			wrong = append(wrong, fmt.Sprintf("%q is guessed: %s", m, reasons))
		}
	}
	return wrong
}

// numbers are those of parameters that have no name, or that the corpus has another use for.
var numbers = regexp.MustCompile(`([a-z])[0-9]+`)

// asks reports whether a question is about a method, or about the entity that it has in its name.
func asks(question, method string) bool {
	entity, _, copied := strings.Cut(question, " cannot be copied")
	words := strings.FieldsFunc(question, func(r rune) bool { return r == ' ' || r == ':' || r == ',' })
	return slices.Contains(words, method) || copied && strings.Contains(method, entity)
}

// guess takes a kind and a key, "" for none, from reasons.
func guess(reasons string) (kind, key string) {
	kind, _, _ = strings.Cut(reasons, ",")
	kind = strings.ToLower(kind)
	if strings.Contains(reasons, "Key: of the result") {
		return kind, "result"
	}
	_, key, _ = strings.Cut(reasons+" ", " Key: ")
	key, _, _ = strings.Cut(key, ". ")
	if made, after, filled := strings.Cut(key, ", read after"); filled && after != "" {
		key = "out_" + made
	}
	return kind, strings.ReplaceAll(key, ", ", ",")
}
