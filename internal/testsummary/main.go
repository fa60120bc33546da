// Command testsummary reads what go test -json writes, shows the packages and the output of what failed, and ends with
// the counts. It exits 1 if anything failed, if a test was skipped, or if no test ran.
//
//	go test -json ./... | testsummary
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
)

func main() {
	if !summarise(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// event is a line of go test -json.
type event struct {
	Action      string
	Package     string
	ImportPath  string // of build output
	Test        string
	Output      string
	Elapsed     float64 // seconds
	FailedBuild string
}

// summary is what was counted, and the output of the tests that run.
type summary struct {
	packages, passed, failed int
	skipped                  []string
	broken                   bool // a package failed outside its tests
	output                   map[string]*strings.Builder
	out                      io.Writer
}

// tables marks the lines of output that are shown even where all is well: the figures that tests count.
const tables = "| "

func summarise(in io.Reader, out io.Writer) bool {
	s := &summary{output: map[string]*strings.Builder{}, out: out}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		if len(line) > 0 && json.Unmarshal(line, &e) == nil {
			s.take(e)
		} else if len(line) > 0 {
			out.Write(line) //nolint:errcheck // it is what the terminal gets
		}
		if err != nil {
			break
		}
	}
	return s.close()
}

func (s *summary) take(e event) {
	key := e.ImportPath + e.Package + "\x00" + e.Test
	switch e.Action {
	case "output", "build-output":
		if s.output[key] == nil {
			s.output[key] = &strings.Builder{}
		}
		s.output[key].WriteString(e.Output)
		if strings.HasPrefix(strings.TrimLeft(e.Output, " "), tables) {
			fmt.Fprint(s.out, e.Output)
		}
	case "build-fail":
		s.show(key)
		s.broken = true
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.endPackage(e, key)
		} else {
			s.endTest(e, key)
		}
	}
}

func (s *summary) endTest(e event, key string) {
	switch e.Action {
	case "pass":
		s.passed++
	case "fail":
		s.failed++
		s.show(key)
	case "skip":
		s.skipped = append(s.skipped, e.Package+" "+e.Test)
	}
	delete(s.output, key)
}

func (s *summary) endPackage(e event, key string) {
	s.packages++
	verdict := map[string]string{"pass": "ok  ", "fail": "FAIL", "skip": "none"}[e.Action]
	fmt.Fprintf(s.out, "%s  %7.1fs  %s\n", verdict, e.Elapsed, e.Package)
	if e.Action == "fail" {
		s.show(key)
		s.broken = true
	}
	delete(s.output, key)
}

func (s *summary) show(key string) {
	if text := s.output[key]; text != nil {
		fmt.Fprint(s.out, text.String())
	}
}

// close prints the counts and reports whether all is well.
func (s *summary) close() bool {
	for _, name := range s.skipped {
		fmt.Fprintf(s.out, "SKIPPED %s\n", name)
	}
	fmt.Fprintf(s.out, "%d packages: %d tests passed, %d failed, %d skipped\n", s.packages, s.passed, s.failed, len(s.skipped))
	return s.passed > 0 && s.failed == 0 && len(s.skipped) == 0 && !s.broken
}
