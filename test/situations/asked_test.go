package situations

import (
	"errors"
	"fmt"
	"go/scanner"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dualgen/dualgen/generator"
)

// TestAsked takes the answers out of the sources, and demands what README.md says of these situations: that nothing is generated and
// everything is asked; that what a question shows, pasted where the question stands, answers it; and that what is generated then is
// what the tests of the packages walk with.
func TestAsked(t *testing.T) {
	m := newModule(t)
	for _, s := range asked {
		m.unanswer(t, s)
	}
	if _, err := generator.Generate(t.Context(), m.config()); !errors.As(err, new(scanner.ErrorList)) {
		t.Fatalf("without the answers: %v", err)
	}
	most := slices.MaxFunc(asked, func(a, b situation) int { return a.rounds() - b.rounds() }).rounds()
	for round := 1; round <= most; round++ {
		questions := m.questions(t)
		for _, s := range asked {
			if round <= s.rounds() {
				m.answer(t, s, round, questions[s.name])
			}
		}
	}
	for name, questions := range m.questions(t) {
		t.Errorf("%s: still open: %+v", name, questions)
	}
	files, err := generator.Generate(t.Context(), m.config())
	if err != nil {
		t.Fatalf("with the answers: %v", err)
	}
	for _, file := range files {
		name, err := filepath.Rel(m.dir, file.Path)
		if err != nil {
			t.Fatal(err)
		}
		if is, err := os.ReadFile(name); err != nil || string(is) != string(file.Source) {
			t.Errorf("%s is generated as it is not here: %v", name, err)
		}
	}
}

// module is a copy of the asked packages in a module of its own.
type module struct{ dir string }

func newModule(t *testing.T) *module {
	t.Helper()
	m := &module{t.TempDir()}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("go.mod")
	if err != nil {
		t.Fatal(err)
	}
	m.write(t, "go.mod", strings.ReplaceAll(string(text), "=> ../..", fmt.Sprintf("=> %q", root)))
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		t.Fatal(err)
	}
	m.write(t, "go.sum", string(sums))
	m.copy(t, "rows")
	return m
}

func (m *module) config() generator.Config {
	return generator.Config{Dir: m.dir, Env: append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")}
}

func (m *module) write(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join(m.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		t.Fatal(err)
	}
}

func (m *module) read(t *testing.T, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(string(text), "\n")
}

// copy copies what people wrote in a package, and in those below it.
func (m *module) copy(t *testing.T, name string) {
	t.Helper()
	for _, pattern := range []string{"*.go", "*/*.go"} {
		files, err := filepath.Glob(filepath.Join(name, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_dual.go") {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m.write(t, file, string(text))
		}
	}
}

// unanswer copies a package without its answers.
func (m *module) unanswer(t *testing.T, s situation) {
	t.Helper()
	m.copy(t, s.name)
	lines := m.read(t, s.file())
	for _, q := range s.questions {
		for _, answer := range q.answers {
			i := slices.IndexFunc(lines, func(line string) bool { return strings.TrimSpace(line) == answer })
			if i < 0 {
				t.Fatalf("%s does not say %s", s.name, answer)
			}
			lines = slices.Delete(lines, i, i+1)
		}
	}
	m.write(t, s.file(), strings.Join(lines, "\n"))
}

// questions are what is open, by package.
func (m *module) questions(t *testing.T) map[string][]generator.Question {
	t.Helper()
	explained, err := generator.Explain(t.Context(), m.config())
	if err != nil {
		t.Fatal(err)
	}
	open := map[string][]generator.Question{}
	for _, e := range explained {
		if name := filepath.Base(filepath.Dir(strings.Split(e.Position, ":")[0])); len(e.Questions) > 0 {
			open[name] = append(open[name], e.Questions...)
		}
	}
	return open
}

// answer demands the questions of one round, and writes down what they show.
func (m *module) answer(t *testing.T, s situation, round int, open []generator.Question) {
	t.Helper()
	lines := m.read(t, s.file())
	for _, q := range s.questions {
		if max(q.round, 1) != round {
			continue
		}
		i := slices.IndexFunc(open, func(o generator.Question) bool { return o.About == q.on && strings.Contains(o.What, q.says) })
		if i < 0 {
			t.Errorf("%s: round %d does not ask about %s: %s\nbut: %.2000v", s.name, round, q.on, q.says, open)
			continue
		}
		for _, shown := range q.shows {
			if !strings.Contains(open[i].What+"\n"+open[i].Remedy+"\n"+open[i].Proposal, shown) {
				t.Errorf("%s: %s is not shown, but: %s", s.name, shown, open[i].Remedy)
			}
		}
		lines = q.paste(t, lines)
	}
	m.write(t, s.file(), strings.Join(lines, "\n"))
}
