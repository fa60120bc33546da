package servertest

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// PgBouncer starts a PgBouncer of the test's own before an empty schema of Postgres, in transaction mode with so many
// connections, and returns its data source name.
func PgBouncer(t testing.TB, connections int) string {
	t.Helper()
	binary, err := exec.LookPath("pgbouncer")
	if err != nil {
		binary = "/usr/sbin/pgbouncer" // not in everybody's path
	}
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("there is no pgbouncer to test against (%v).\nInstall the Debian package of that name, or: eval \"$(scripts/servers up)\"", err)
	}
	server, err := url.Parse(Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	folder, port := t.TempDir(), freePort(t)
	config := filepath.Join(folder, "pgbouncer.ini")
	text := fmt.Sprintf(`[databases]
test = host=%s port=%s dbname=%s user=%s connect_query='SET search_path TO "%s"'
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = %d
max_client_conn = 500
logfile = %s
`, server.Hostname(), server.Port(), server.Path[1:], server.User.Username(), server.Query().Get("search_path"),
		port, connections, filepath.Join(folder, "log"))
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	command := exec.Command(binary, config)
	command.SysProcAttr = unprivileged(t, folder)
	if err := command.Start(); err != nil {
		t.Fatalf("start pgbouncer: %v", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait() // a signal ended it
	})
	await(t, net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), filepath.Join(folder, "log"))
	return fmt.Sprintf("postgres://postgres@127.0.0.1:%d/test?sslmode=disable", port)
}

// unprivileged makes root the user "postgres", since pgbouncer does not run as root. Others stay who they are.
func unprivileged(t testing.TB, folder string) *syscall.SysProcAttr {
	t.Helper()
	if os.Getuid() != 0 {
		return nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		t.Fatal(err)
	}
	uid, _ := strconv.Atoi(postgres.Uid)
	gid, _ := strconv.Atoi(postgres.Gid)
	// The folders above are the test's own as well, for root alone.
	for dir := folder; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chown(folder, uid, gid); err != nil {
		t.Fatal(err)
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}

// await waits until somebody listens.
func await(t testing.TB, address, log string) {
	t.Helper()
	for range 600 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	text, _ := os.ReadFile(log)
	t.Fatalf("nobody listens on %s:\n%s", address, text)
}
