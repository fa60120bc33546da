package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRunbook does what docs/runbook.md says, on a fleet in use: it runs each command of its console blocks, and holds what they answer against
// what stands below them. Comments of the page make what the page speaks of happen: a mirror that is cut off, a row that it cannot hold.
func TestRunbook(t *testing.T) {
	page, err := os.ReadFile("../../docs/runbook.md")
	require.NoError(t, err)
	s := newSite(t)
	steps := stepsOf(string(page))
	require.Greater(t, len(steps), 40, "the page has lost its commands")
	for _, step := range steps {
		s.take(step)
	}
	s.finish()
}

// step is one thing that the page has done: an event, or a command and its answer.
type step struct {
	line    int
	event   string // what is made to happen, of a comment "do:"
	command string
	until   bool // the command is repeated until its answer is the one that is wanted
	want    string
}

// stepsOf reads the page's comments and console blocks.
func stepsOf(page string) (steps []step) {
	console, until := false, false
	for n, line := range strings.Split(page, "\n") {
		command, isCommand := strings.CutPrefix(line, "    $ ")
		switch {
		case strings.HasPrefix(line, "<!-- do: "):
			steps = append(steps, step{line: n + 1, event: strings.TrimSuffix(strings.TrimPrefix(line, "<!-- do: "), " -->")})
		case line == "<!-- until -->":
			until = true
		case isCommand:
			steps = append(steps, step{line: n + 1, command: strings.TrimSpace(strings.Split(command, "  #")[0]), until: until})
			console, until = true, false
		case console && strings.HasPrefix(line, "    "):
			steps[len(steps)-1].want += strings.TrimPrefix(line, "    ") + "\n"
		case line != "": // an empty line may stand in an answer
			console = false
		}
	}
	return steps
}

// pattern matches an answer: "…" stands for any text within a line, and on a line of its own for any lines. Runs of blanks are one.
func pattern(want string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)^`)
	for _, line := range strings.Split(strings.TrimSuffix(want, "\n"), "\n") {
		if line == "…" {
			b.WriteString(`(?:.*\n)?`)
			continue
		}
		parts := strings.Split(strings.Join(strings.Fields(line), " "), "…")
		for i, part := range parts {
			if i > 0 {
				b.WriteString(`[^\n]*`)
			}
			b.WriteString(regexp.QuoteMeta(part))
		}
		b.WriteString(`\n`)
	}
	return regexp.MustCompile(b.String() + `$`)
}

// logged is a line of a log.
var logged = regexp.MustCompile(`^(time=|\d{4}/\d\d/\d\d )`)

// plain is an answer without what was logged beside it and without empty lines, and with its runs of blanks as one.
func plain(answer string) string {
	var b strings.Builder
	for line := range strings.Lines(answer) {
		if !logged.MatchString(line) && strings.TrimSpace(line) != "" {
			b.WriteString(strings.Join(strings.Fields(line), " ") + "\n")
		}
	}
	return b.String()
}

// tries bounds how often a command is repeated, a second apart.
const tries = 180

func (s *site) take(step step) {
	s.t.Helper()
	s.t.Logf("%d: %s%s", step.line, step.event, step.command)
	if step.event != "" {
		do := s.events()[step.event]
		require.NotNil(s.t, do, "runbook.md:%d: nobody knows how to make this happen: %s", step.line, step.event)
		do()
		return
	}
	want := pattern(step.want)
	for try := 1; ; try++ {
		answer := s.command(step.command)
		if step.want == "" || want.MatchString(plain(answer)) {
			return
		}
		if !step.until || try == tries {
			require.FailNow(s.t, "another answer", "runbook.md:%d: %s\nwant:\n%s\ngot:\n%s\n%s", step.line, step.command, step.want, answer, s.logs())
		}
		time.Sleep(time.Second)
	}
}

// site is a fleet over stores of its own, with clients.
type site struct {
	t       *testing.T
	fleet   *fleet
	link    *link // between the fleet and the new store
	urls    []string
	clients *exec.Cmd
	seen    bytes.Buffer // what the clients print
	stopped context.CancelFunc
	hot     context.CancelFunc
	frozen  *exec.Cmd
}

func newSite(t *testing.T) *site {
	ctx, stop := context.WithCancel(context.Background())
	t.Cleanup(stop)
	at, remove, err := prepare(ctx, fmt.Sprintf("runbook_%d_%d", os.Getpid(), time.Now().UnixMilli()%100_000))
	require.NoError(t, err)
	t.Cleanup(remove)
	s := &site{t: t, stopped: stop, link: newLink(t, at.new)}
	at.new = s.link.address()
	self := filepath.Join(t.TempDir(), "ops")
	build, err := exec.Command("go", "build", "-o", self, ".").CombinedOutput()
	require.NoError(t, err, string(build))
	s.fleet = &fleet{self: self, environment: at.environment(), directory: t.TempDir()}
	t.Cleanup(s.fleet.stop)
	require.NoError(t, s.fleet.run(ctx, "seed", "300"))
	return s
}

// command runs a command of the page, and returns all that it printed. A status other than 0 stands below that.
func (s *site) command(line string) string {
	args := words(line)
	require.Equal(s.t, "catalog-ctl", args[0], "the page's commands are the migration's")
	command := s.fleet.command(context.Background(), append([]string{"ctl"}, args[1:]...)...)
	var out bytes.Buffer
	command.Stdout, command.Stderr = &out, &out
	var exit *exec.ExitError
	if err := command.Run(); errors.As(err, &exit) {
		fmt.Fprintf(&out, "exit status %d\n", exit.ExitCode())
	} else {
		require.NoError(s.t, err)
	}
	return out.String()
}

// words splits a line at blanks outside of double quotes.
func words(line string) (words []string) {
	for i, part := range strings.Split(line, `"`) {
		if i%2 == 1 {
			words = append(words, part)
		} else {
			words = append(words, strings.Fields(part)...)
		}
	}
	return words
}

// finish ends the clients: no read may have missed an acknowledged write.
func (s *site) finish() {
	require.NoError(s.t, s.clients.Process.Signal(os.Interrupt))
	err := s.clients.Wait()
	require.NoError(s.t, err, s.seen.String())
	lines := strings.Split(strings.TrimSpace(s.seen.String()), "\n")
	last := lines[len(lines)-1]
	s.t.Log(last)
	require.Regexp(s.t, `^[1-9]\d* writes acknowledged, [1-9]\d* reads, \d+ refused, 0 lost$`, last)
}

// logs are the last lines of the instances' logs.
func (s *site) logs() string {
	var b strings.Builder
	files, err := filepath.Glob(filepath.Join(s.fleet.directory, "*.log"))
	require.NoError(s.t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(s.t, err)
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		fmt.Fprintf(&b, "== %s\n%s\n", filepath.Base(file), strings.Join(lines[max(0, len(lines)-8):], "\n"))
	}
	return b.String()
}
