package walktest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dualgen/dualgen/examples/internal/walk"
)

// Server is a store's server that a test has started, and kills.
type Server struct {
	Port  string
	Kills atomic.Int64 // kill -9, each followed by a start over the same files

	arguments []string
	log       *os.File
	process   *exec.Cmd
}

// StartServer starts a server of that name of scripts/servers, which has installed it, with more arguments behind its own. scripts is the
// folder of that script.
func StartServer(t *testing.T, scripts, name string, more ...string) *Server {
	t.Helper()
	s := &Server{Port: freePort(t)}
	directory := t.TempDir()
	output, err := exec.CommandContext(t.Context(), filepath.Join(scripts, "servers"), "command", name, directory, s.Port).Output()
	if err != nil {
		t.Fatalf("scripts/servers up %s has to install it: %v", name, err)
	}
	s.arguments = append(strings.Split(strings.TrimSpace(string(output)), "\n"), more...)
	if s.log, err = os.Create(filepath.Join(t.TempDir(), "log")); err != nil {
		t.Fatal(err)
	}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = s.process.Process.Kill(), s.process.Wait(); _ = s.log.Close() })
	return s
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// start starts the server, and returns once it takes connections.
func (s *Server) start() error {
	s.process = exec.Command(s.arguments[0], s.arguments[1:]...)
	s.process.Stdout, s.process.Stderr = s.log, s.log
	if err := s.process.Start(); err != nil {
		return err
	}
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if conn, err := net.Dial("tcp", "127.0.0.1:"+s.Port); err == nil {
			return conn.Close()
		}
	}
	return errors.New("the server does not answer")
}

// KillDuring has the walks of the test kill the server in each phase in which there is traffic.
func (s *Server) KillDuring(t *testing.T) {
	t.Helper()
	killer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		err := s.process.Process.Kill() // SIGKILL
		_ = s.process.Wait()            // it was killed
		if err == nil {
			err = s.start()
		}
		if err != nil {
			http.Error(w, fmt.Sprint(err), http.StatusInternalServerError)
			return
		}
		s.Kills.Add(1)
	}))
	t.Cleanup(killer.Close)
	t.Setenv(walk.StoreVariable, killer.URL)
}
