// Package servers runs database servers of the harness's own, which it may kill. They are started by scripts/servers,
// each in a folder of its own, and are gone when the test process is, however it ends.
package servers

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// startTimeout bounds a start; fetching Cassandra is part of the first one.
const startTimeout = 5 * time.Minute

// Server is one private server.
type Server struct {
	Name    string // as scripts/servers calls it
	Address string // host:port

	home   string
	script string
	env    []string
}

// Start starts a server, postgres or cassandra, and removes it when the test ends.
func Start(t testing.TB, name string) *Server {
	t.Helper()
	s := prepare(t, name)
	require.NoError(t, s.Up())
	return s
}

// prepare makes the folder of a server that Up can start with these variables, and removes it and the server when the test
// ends.
func prepare(t testing.TB, name string, variables ...string) *Server {
	t.Helper()
	script, err := filepath.Abs("../../scripts/servers")
	require.NoError(t, err)
	home, err := os.MkdirTemp("", "dualgen-crash-"+name+"-")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(home, 0o755)) //nolint:gosec // Postgres runs as another user where we are root
	s := &Server{Name: name, home: home, script: script}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "DUALGEN_") {
			s.env = append(s.env, variable)
		}
	}
	s.env = append(append(s.env, "DUALGEN_SERVERS="+home), variables...)
	s.guard(t)
	require.NoError(t, s.shareJars())
	return s
}

// Shared is a server that runs already and is left alone.
func Shared(address string) *Server { return &Server{Address: address} }

// guard has a shell wait for the end of this process, or of the test, to stop the server and remove its folder.
func (s *Server) guard(t testing.TB) {
	guard := exec.Command("bash", "-c", `cat >/dev/null; "$1" down "$2"; sleep 0.2; rm -rf "$3"`, "guard", s.script, s.Name, s.home)
	guard.Env = s.env
	guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	leash, err := guard.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, guard.Start())
	t.Cleanup(func() {
		leash.Close()
		if err := guard.Wait(); err != nil {
			t.Errorf("stop %s: %v", s.Name, err)
		}
	})
}

// shareJars links the jars that scripts/servers has fetched for this user, if it has.
func (s *Server) shareJars() error {
	shared := filepath.Join(os.Getenv("HOME"), ".cache/dualgen")
	if os.Getuid() == 0 {
		shared = "/var/cache/dualgen"
	}
	if named := os.Getenv("DUALGEN_SERVERS"); named != "" {
		shared = named
	}
	libraries, err := filepath.Glob(filepath.Join(shared, "cassandra", "lib-*"))
	if err != nil || s.Name != "cassandra" {
		return err
	}
	folder := filepath.Join(s.home, "cassandra")
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // as above
		return err
	}
	for _, library := range libraries {
		if err := os.Symlink(library, filepath.Join(folder, filepath.Base(library))); err != nil {
			return err
		}
	}
	return nil
}

// Up starts the server if it does not run, and returns when it answers. Its address may have changed: another program may
// have taken its port while it was down.
func (s *Server) Up() error {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	up := exec.CommandContext(ctx, s.script, "up", s.Name)
	up.Env = s.env
	var log bytes.Buffer
	up.Stderr, up.Stdout = &log, io.Discard
	up.WaitDelay = time.Second
	if err := up.Run(); err != nil {
		return fmt.Errorf("start %s: %w\n%s", s.Name, err, &log)
	}
	port, err := os.ReadFile(filepath.Join(s.home, s.Name, "port"))
	if err != nil {
		return err
	}
	s.Address = "127.0.0.1:" + strings.TrimSpace(string(port))
	return nil
}

// Kill kills the server and its children with SIGKILL, and returns when they are gone.
func (s *Server) Kill() error {
	main, err := s.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(main, syscall.SIGSTOP); err != nil { // no child is born while they are counted
		return fmt.Errorf("stop %d: %w", main, err)
	}
	victims := append([]int{main}, childrenOf(main)...)
	return end(victims, syscall.SIGKILL)
}

// Quit ends the server at once, without a checkpoint, by the signal that Postgres has for that; it recovers at its start.
func (s *Server) Quit() error {
	main, err := s.pid()
	if err != nil {
		return err
	}
	return end([]int{main}, syscall.SIGQUIT)
}

func (s *Server) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(s.home, s.Name, "pid"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(text)))
}

// end signals processes and waits until they are gone.
func end(processes []int, signal syscall.Signal) error {
	for _, process := range processes {
		if err := syscall.Kill(process, signal); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("signal %d: %w", process, err)
		}
	}
	deadline := time.Now().Add(20 * time.Second)
	for _, process := range processes {
		for alive(process) {
			if time.Now().After(deadline) {
				return fmt.Errorf("process %d outlives %v", process, signal)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	return nil
}

// alive reports whether the process runs; one that nobody has buried yet does not.
func alive(process int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", process))
	return err == nil && len(text) > 0
}

func childrenOf(parent int) []int {
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	var children []int
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state ppid …
		var state string
		var of int
		after := text[bytes.LastIndexByte(text, ')')+1:]
		if _, err := fmt.Sscan(string(after), &state, &of); err == nil && of == parent {
			process, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			children = append(children, process)
		}
	}
	return children
}
