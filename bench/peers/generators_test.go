package peers

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// ours are the programs that are built here, peers those of others.
var (
	ours  = [][]string{{".", "./floor"}, {"../..", "./cmd/dualgen"}}
	peers = [][]string{{".", "github.com/matryer/moq", "github.com/vektra/mockery/v3", "github.com/jmattheis/goverter/cmd/goverter"}}
)

// build builds programs, each group in the directory that it begins with, and returns where they are.
func build(tb testing.TB, groups [][]string) string {
	tb.Helper()
	dir := tb.TempDir()
	for _, group := range groups {
		command := exec.CommandContext(tb.Context(), "go", append([]string{"build", "-o", dir + string(filepath.Separator)}, group[1:]...)...)
		command.Dir = group[0]
		if output, err := command.CombinedOutput(); err != nil {
			tb.Fatalf("build: %v\n%s", err, output)
		}
	}
	return dir
}

// generator is a program as it is run over a module.
type generator struct {
	name    string
	outputs func(m *module) int // files that a run must have written
	run     func(m *module, run func(dir, name string, args ...string))
}

func generators() []generator {
	interfaces := func(m *module) (n int) {
		for _, count := range m.count {
			n += count
		}
		return n
	}
	packages := func(m *module) int { return len(m.packages) }
	return []generator{
		{"dualgen", interfaces, func(m *module, run func(dir, name string, args ...string)) {
			run(".", "dualgen", "./...")
		}},
		{"moq", packages, func(m *module, run func(dir, name string, args ...string)) {
			for i, name := range m.packages {
				args := []string{"-out", "moq_test.go", "."}
				for n := range m.count[i] {
					args = append(args, fmt.Sprintf("Users%d", n))
				}
				run(name, "moq", args...)
			}
		}},
		{"mockery", packages, func(m *module, run func(dir, name string, args ...string)) {
			run(".", "mockery", "--log-level", "error")
		}},
		{"goverter", interfaces, func(m *module, run func(dir, name string, args ...string)) {
			run(".", "goverter", "gen", "./...")
		}},
	}
}

// TestDualgen holds what is measured to be what users get: every interface has its wrapper, which compiles, and a second run
// has nothing to write.
func TestDualgen(t *testing.T) {
	m := newModule(t, perPackage+1)
	s := &stage{b: t, module: m, programs: build(t, ours), cache: filepath.Join(t.TempDir(), "cache")}
	dualgen := generators()[0]
	s.run(".", "floor", "./...")
	dualgen.run(m, s.run)
	if got, want := m.written(t), perPackage+1; got != want {
		t.Errorf("dualgen wrote %d files, not %d", got, want)
	}
	vet := exec.CommandContext(t.Context(), "go", "vet", "./...")
	vet.Dir = m.dir
	if output, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, output)
	}
	before, err := os.Stat(m.outputs(t)[0])
	if err != nil {
		t.Fatal(err)
	}
	dualgen.run(m, s.run)
	if after, err := os.Stat(m.outputs(t)[0]); err != nil || !os.SameFile(before, after) {
		t.Errorf("an unchanged run wrote again, or removed its file: %v", err)
	}
}

// BenchmarkGenerate runs every generator over the same interfaces, and before each run the bare load of their packages.
func BenchmarkGenerate(b *testing.B) {
	programs := build(b, slices.Concat(ours, peers))
	for _, count := range []int{1, 10, 100} {
		m := newModule(b, count)
		for _, g := range generators() {
			b.Run(fmt.Sprintf("interfaces=%d/%s/cold", count, g.name), func(b *testing.B) { measure(b, programs, m, g, true) })
			if g.name == "dualgen" {
				b.Run(fmt.Sprintf("interfaces=%d/%s/unchanged", count, g.name), func(b *testing.B) { measure(b, programs, m, g, false) })
			}
		}
	}
}

// measure times runs of one generator.
func measure(b *testing.B, programs string, m *module, g generator, cold bool) {
	s := &stage{b: b, module: m, programs: programs, cache: filepath.Join(b.TempDir(), "cache")}
	m.clean(b)
	g.run(m, s.run)
	if got, want := m.written(b), g.outputs(m); got != want {
		b.Fatalf("%s wrote %d files, not %d", g.name, got, want)
	}
	s.most = 0
	var floor, own time.Duration
	for b.Loop() {
		b.StopTimer()
		if cold {
			m.clean(b)
			if err := os.RemoveAll(s.cache); err != nil {
				b.Fatal(err)
			}
		}
		most := s.most
		floor += since(func() { s.run(".", "floor", "./...") })
		s.most = most
		b.StartTimer()
		own += since(func() { g.run(m, s.run) })
	}
	b.ReportMetric(float64(own)/float64(floor), "x-floor")
	b.ReportMetric(float64(s.most)/1000, "MB")
	m.clean(b)
}

func since(do func()) time.Duration {
	began := time.Now()
	do()
	return time.Since(began)
}

// stage runs programs in a module and keeps what memory they took.
type stage struct {
	b               testing.TB
	module          *module
	programs, cache string
	most            int64 // kB
}

// run runs one program in a directory of the module.
func (s *stage) run(dir, name string, args ...string) {
	s.b.Helper()
	command := exec.CommandContext(s.b.Context(), filepath.Join(s.programs, name), args...)
	command.Dir = filepath.Join(s.module.dir, dir)
	command.Env = append(os.Environ(), "DUALGENCACHE="+s.cache)
	if output, err := command.CombinedOutput(); err != nil {
		s.b.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, output)
	}
	if usage, ok := command.ProcessState.SysUsage().(*syscall.Rusage); ok {
		s.most = max(s.most, usage.Maxrss)
	}
}
