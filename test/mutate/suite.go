package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// suite is the test binary of one package, with mutants of another, and what each of its tests reaches.
type suite struct {
	dir   string
	tests []*test
}

// test is one test function.
type test struct {
	binary, dir, name string
	took, cpu         time.Duration // without any mutant
	reaches           map[int]bool
}

// newSuite builds the tests of a package with mutants, and runs each test once with all of them switched off.
func newSuite(root, mutated, tests string, longest time.Duration, mutants []*mutant) (*suite, error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return nil, err
	}
	s := &suite{dir: dir}
	file, err := overlay(dir, filepath.Base(mutated), mutants)
	if err != nil {
		return nil, err
	}
	binary := filepath.Join(dir, "mutants.test")
	build := exec.Command("go", "test", "-c", "-vet=off", "-overlay", file, "-o", binary, "./runtime/"+tests)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, out)
	}
	if _, err := os.Stat(binary); err != nil {
		return s, nil // it has no tests
	}
	if err := s.explore(binary, filepath.Join(root, "runtime", tests), longest); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.tests, func(a, b *test) int { return cmp.Compare(a.cpu, b.cpu) })
	return s, nil
}

// explore runs every test of a binary once. One that fails now would kill everything and is left out, as is one that takes longer than
// asked for.
func (s *suite) explore(binary, dir string, longest time.Duration) error {
	list := exec.Command(binary, "-test.list", "^(Test|Example|Fuzz)")
	list.Dir = dir
	out, err := list.Output()
	if err != nil {
		return fmt.Errorf("list the tests of %s: %w", dir, err)
	}
	for name := range strings.FieldsSeq(string(out)) {
		if skipped.MatchString(name) {
			continue
		}
		one := &test{binary: binary, dir: dir, name: name, reaches: map[int]bool{}}
		reached := filepath.Join(s.dir, "reached")
		_ = os.Remove(reached)
		began := time.Now()
		limit := 10 * time.Minute
		if longest > 0 {
			limit = min(limit, 10*time.Second+10*longest) // of a busy machine's clock
		}
		cpu, err := runTests([]*test{one}, limit, "DUALGEN_REACHED="+reached)
		if longest > 0 && err == errLate {
			continue
		}
		if err != nil {
			fmt.Printf("%-10s %s/%s without any mutant: %v\n", "failed", filepath.Base(dir), name, err)
			continue
		}
		one.took, one.cpu = time.Since(began), cpu
		text, _ := os.ReadFile(reached)
		for id := range strings.FieldsSeq(string(text)) {
			n, err := strconv.Atoi(id)
			if err != nil {
				return err
			}
			one.reaches[n] = true
		}
		if len(one.reaches) > 0 && (longest == 0 || one.cpu <= longest) {
			s.tests = append(s.tests, one)
		}
	}
	return nil
}

// skipped tests measure or count, and say nothing of a rule that no other test says.
var skipped = regexp.MustCompile(`^TestMemoryIsConstant$`)

func (s *suite) close() { _ = os.RemoveAll(s.dir) }

// verdict is what became of a mutant: its word, and the test that killed it.
type verdict struct{ word, by string }

// What can become of a mutant.
const (
	killed    = "killed"
	late      = "timeout" // a test took five times as long, which counts as killed
	survived  = "survived"
	unreached = "unreached"
)

func (v verdict) died() bool { return v.word == killed || v.word == late }

// and adds the verdict of more tests to that of those before them, which the mutant survived.
func (v verdict) and(more verdict) verdict {
	if more.word == unreached {
		return v
	}
	return more
}

// together is how long the tests of one process may take: the quickest are tried together first.
const together = 5 * time.Second

// try runs the tests that reach the mutant, the quickest first, until one fails or takes five times as long as without it.
func (s *suite) try(m *mutant) verdict {
	var some []*test
	for _, t := range s.tests {
		if t.reaches[m.ID] {
			some = append(some, t)
		}
	}
	if len(some) == 0 {
		return verdict{word: unreached}
	}
	for len(some) > 0 {
		n, all := 1, some[0].took
		for n < len(some) && some[n].binary == some[0].binary && all+some[n].took < together {
			all += some[n].took
			n++
		}
		switch _, err := runTests(some[:n], 10*time.Second+5*all, "DUALGEN_MUTANT="+strconv.Itoa(m.ID)); {
		case err == errLate:
			return verdict{late, some[0].name}
		case err != nil:
			return verdict{killed, err.Error()}
		}
		some = some[n:]
	}
	return verdict{word: survived}
}

var (
	errLate = fmt.Errorf("took too long")
	failure = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)
	memory  = "8000000" // kB that a test may reserve: a loop without end must not take the machine's
)

// runTests runs tests of one binary in one process, and returns what time of a processor they took, or an error that names the first that
// failed.
func runTests(tests []*test, limit time.Duration, environment ...string) (cpu time.Duration, err error) {
	names := make([]string, len(tests))
	for i, t := range tests {
		names[i] = t.name
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	run := exec.CommandContext(ctx, "nice", "-n", "19", "sh", "-c", `ulimit -v "$0"; exec "$@"`, memory, tests[0].binary,
		"-test.failfast", "-test.run", "^("+strings.Join(names, "|")+")$")
	run.Dir = tests[0].dir
	run.Env = append(os.Environ(), environment...)
	run.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	run.Cancel = func() error { return syscall.Kill(-run.Process.Pid, syscall.SIGKILL) }
	run.WaitDelay = 10 * time.Second
	out, err := run.CombinedOutput()
	if run.ProcessState != nil {
		cpu = run.ProcessState.UserTime() + run.ProcessState.SystemTime()
	}
	switch {
	case ctx.Err() != nil:
		return cpu, errLate
	case err == nil:
		return cpu, nil
	}
	if found := failure.FindSubmatch(out); found != nil {
		return cpu, fmt.Errorf("%s", found[1])
	}
	return cpu, fmt.Errorf("%s: %w: %s", names[0], err, short(string(out)))
}
