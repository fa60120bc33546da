package generator

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatElseIsLoaded: an enum that the package only mentions, by the type of a field, has its constants in the generated
// tests, whether another package of the run imports it or not.
func TestWhatElseIsLoaded(t *testing.T) {
	dir := newModule(t)
	writeFile(t, filepath.Join(dir, "colors", "colors.go"), []byte("package colors\n\ntype Color int\n\nconst (\n\tRed Color = iota\n\tGreen\n)\n"))
	writeFile(t, filepath.Join(dir, "paint", "paint.go"), []byte("package paint\n\nimport \"example.com/golden/colors\"\n\ntype Paint struct{ Color colors.Color }\n"))
	writeFile(t, filepath.Join(dir, "p", "p.go"), fill(modulesInput, "IMPORTS", `"example.com/golden/paint"`, "FIELDS", "Paint paint.Paint"))
	writeFile(t, filepath.Join(dir, "q", "q.go"), fill(modulesInput, "PACKAGE", "q", "IMPORTS", `"example.com/golden/colors"`, "FIELDS", "Color colors.Color"))
	outputs := func(run string) map[string]string {
		files, err := Generate(t.Context(), Config{Dir: filepath.Join(dir, run)})
		if err != nil {
			t.Fatal(err)
		}
		sources := map[string]string{}
		for _, file := range files {
			if filepath.Base(filepath.Dir(file.Path)) == "p" {
				sources[filepath.Base(file.Path)] = string(file.Source)
			}
		}
		return sources
	}
	alone, together := outputs("p"), outputs(".")
	if len(alone) != 2 || len(together) != 2 {
		t.Fatalf("want two files, got %d and %d", len(alone), len(together))
	}
	for name, source := range alone {
		if source != together[name] {
			t.Errorf("%s differs:\nalone:\n%s\ntogether:\n%s", name, source, together[name])
		}
	}
	if test := alone["users_dual_test.go"]; !strings.Contains(test, "colors.Green") {
		t.Errorf("the values of the enum are not drawn:\n%s", test)
	}
}
