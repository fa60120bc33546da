package drill

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/internal/servertest"
)

var builds struct {
	sync.Once
	one, two, three string
	err             error
}

// binaries builds the builds of the service, once.
func binaries(t *testing.T) (one, two string) {
	t.Helper()
	builds.Do(func() {
		directory, err := os.MkdirTemp("", "drill")
		if err != nil {
			builds.err = err
			return
		}
		builds.one, builds.two, builds.three = filepath.Join(directory, "one"), filepath.Join(directory, "two"), filepath.Join(directory, "three")
		for _, args := range [][]string{{"-o", builds.one}, {"-tags", "two", "-o", builds.two}, {"-tags", "three", "-o", builds.three}} {
			out, err := exec.Command("go", append(append([]string{"build"}, args...), "./service")...).CombinedOutput()
			if err != nil {
				builds.err = fmt.Errorf("%w: %s", err, out)
			}
		}
	})
	require.NoError(t, builds.err)
	return builds.one, builds.two
}

func TestMain(m *testing.M) {
	status := m.Run()
	if builds.one != "" {
		_ = os.RemoveAll(filepath.Dir(builds.one))
	}
	os.Exit(status)
}

// site is two empty stores and the control tables, each a schema of its own in Postgres.
type site struct {
	t             *testing.T
	old, new, ctl string
	migration     string
	commands      string // the build of the command
}

func newSite(t *testing.T) *site {
	one, _ := binaries(t)
	s := &site{t: t, old: servertest.Postgres(t), new: servertest.Postgres(t), migration: "users", commands: one}
	s.ctl = s.old // where a bypass trigger can be, too
	for _, dsn := range []string{s.old, s.new} {
		s.exec(dsn, `CREATE TABLE users (id text PRIMARY KEY, name text NOT NULL, email text NOT NULL DEFAULT '')`)
	}
	return s
}

func (s *site) exec(dsn, statement string) {
	s.t.Helper()
	db, err := sql.Open("pgx", dsn)
	require.NoError(s.t, err)
	defer db.Close()
	_, err = db.ExecContext(s.t.Context(), statement)
	require.NoError(s.t, err)
}

func (s *site) environment(more ...string) []string {
	return append(append(os.Environ(), "OLD="+s.old, "NEW="+s.new, "CTL="+s.ctl, "MIGRATION="+s.migration), more...)
}

// command runs the migration's command.
func (s *site) command(args ...string) (status int, text string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, s.commands, append([]string{"ctl"}, args...)...)
	command.Env = s.environment()
	out, err := command.CombinedOutput()
	var failed *exec.ExitError
	if !errors.As(err, &failed) {
		require.NoError(s.t, err, "%v: %s", args, out)
	}
	return command.ProcessState.ExitCode(), string(out)
}

func (s *site) ok(args ...string) string {
	s.t.Helper()
	status, text := s.command(args...)
	require.Zero(s.t, status, "%v: %s", args, text)
	return text
}

// soon runs a command until it succeeds.
func (s *site) soon(args ...string) {
	s.t.Helper()
	for try := 0; ; try++ {
		status, text := s.command(args...)
		if status == 0 {
			return
		}
		require.Less(s.t, try, 30, "%v: %s", args, text)
		time.Sleep(500 * time.Millisecond)
	}
}

// refused runs a command that a gate must refuse, naming what is wanted.
func (s *site) refused(want []string, args ...string) {
	s.t.Helper()
	status, text := s.command(args...)
	require.Equal(s.t, 3, status, "%v: %s", args, text)
	for _, w := range append(want, "remedy: ") {
		require.Contains(s.t, text, w)
	}
}

// process is one instance of the service.
type process struct {
	t       *testing.T
	command *exec.Cmd
	stdin   io.Closer
	read    chan struct{} // closed at the end of its output
	stderr  bytes.Buffer

	mu           sync.Mutex
	name         string
	acknowledged []string
	refusals     []string
	ended        bool
}

// start starts an instance. Its keys begin with keys; more is what is wrong with its environment.
func (s *site) start(build, verb, keys string, writes int, more ...string) *process {
	s.t.Helper()
	p := &process{t: s.t, command: exec.Command(build, verb, fmt.Sprint(writes)), read: make(chan struct{})}
	p.command.Env = s.environment(append(more, "KEYS="+keys)...)
	p.command.Stderr = &p.stderr
	stdin, err := p.command.StdinPipe()
	require.NoError(s.t, err)
	stdout, err := p.command.StdoutPipe()
	require.NoError(s.t, err)
	p.stdin = stdin
	require.NoError(s.t, p.command.Start())
	go p.listen(stdout)
	s.t.Cleanup(p.stop)
	return p
}

func (p *process) listen(stdout io.Reader) {
	defer close(p.read)
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		what, rest, _ := strings.Cut(lines.Text(), " ")
		p.mu.Lock()
		switch what {
		case "instance":
			p.name = rest
		case "acknowledged":
			p.acknowledged = append(p.acknowledged, rest)
		case "refused":
			p.refusals = append(p.refusals, rest)
		}
		p.mu.Unlock()
	}
}

// stop ends the instance in order.
func (p *process) stop() {
	if p.ended {
		return
	}
	p.ended = true
	_ = p.stdin.Close()
	<-p.read
	assert.NoError(p.t, p.command.Wait(), "%s", &p.stderr)
}

func (p *process) count() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.acknowledged)
}

// refused are the refusals so far.
func (p *process) refused() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.refusals)
}

// writes waits until so many more writes were acknowledged.
func (p *process) writes(more int) {
	p.t.Helper()
	want := p.count() + more
	if !assert.Eventually(p.t, func() bool { return p.count() >= want }, time.Minute, 10*time.Millisecond) {
		p.t.Fatalf("refusals: %v", p.refused())
	}
}

// isRefused waits until a call was refused with such a text, and demands that none was acknowledged.
func (p *process) isRefused(want string) {
	p.t.Helper()
	require.Eventually(p.t, func() bool { return strings.Contains(strings.Join(p.refused(), "\n"), want) }, time.Minute, 10*time.Millisecond, "%s", want)
}

// instance is the process's name in the fleet.
func (p *process) instance() string {
	p.t.Helper()
	var name string
	require.Eventually(p.t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		name = p.name
		return name != ""
	}, time.Minute, 10*time.Millisecond)
	return name
}

// prove copies, and verifies with repair until there is a certificate.
func (s *site) prove() {
	s.t.Helper()
	s.ok("backfill", "--rate", "-1")
	for try := 0; ; try++ {
		if _, text := s.command("verify", "--repair", "--rate", "-1"); strings.Contains(text, "certificate issued") {
			return
		} else if try == 10 {
			require.FailNow(s.t, "no certificate", text)
		}
		s.command("reconcile", "--rate", "-1")
	}
}

// finish walks from a phase after OldOnly to NewOnly, each step as soon as its gates let it pass.
func (s *site) finish() {
	s.t.Helper()
	chain := []string{"OldPrimary", "OldGuarded", "NewGuarded", "NewPrimary", "NewOnly"}
	present := s.ok("status")
	at := slices.IndexFunc(chain, func(p string) bool { return strings.Contains(present, s.migration+": "+p+",") })
	for _, to := range chain[at+1:] {
		for try := 0; ; try++ {
			status, text := s.command("advance", "--confirm", "--to", to)
			if status == 0 {
				break
			}
			require.Less(s.t, try, 20, text)
			s.command("verify", "--repair", "--rate", "-1")
			time.Sleep(time.Second) // for the reconcilers
		}
	}
}

// held demands that every acknowledged write is in the new store, whole.
func (s *site) held(mails bool, processes ...*process) {
	s.t.Helper()
	db, err := sql.Open("pgx", s.new)
	require.NoError(s.t, err)
	defer db.Close()
	lost, all := []string{}, 0
	for _, p := range processes {
		for _, id := range p.acknowledged {
			var name, email string
			err := db.QueryRow("SELECT name, email FROM users WHERE id = $1", id).Scan(&name, &email)
			if err != nil || name != "name of "+id || mails && email != "mail of "+id {
				lost = append(lost, id)
			}
			all++
		}
	}
	require.Empty(s.t, lost, "of %d acknowledged writes", all)
	require.NotZero(s.t, all)
	s.t.Logf("%d acknowledged writes, 0 lost", all)
}
