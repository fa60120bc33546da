package servers

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Standby is a replica of a private Postgres, which follows it asynchronously and can take its place.
type Standby struct {
	Address string // host:port

	data  string
	bin   string
	port  string
	as    *syscall.Credential // the user that Postgres runs as; nil for this one
	run   *exec.Cmd
	leash io.Closer
}

// Standby copies the server and starts the copy as its standby. It is gone when the test ends, or its process.
func (s *Server) Standby(t testing.TB) *Standby {
	t.Helper()
	require.Equal(t, "postgres", s.Name)
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	require.NoError(t, err)
	require.NotEmpty(t, found, "the folder of Postgres' programs")
	b := &Standby{data: filepath.Join(s.home, "standby"), bin: slices.Max(found)}
	b.as, err = credential()
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(b.data, 0o700))
	if b.as != nil {
		require.NoError(t, os.Chown(b.data, int(b.as.Uid), int(b.as.Gid)))
	}
	host, port, err := net.SplitHostPort(s.Address)
	require.NoError(t, err)
	// -R has it follow the server it was copied from.
	out, err := b.command(context.Background(), "pg_basebackup", "-h", host, "-p", port, "-U", "postgres", "-D", b.data, "-R", "-X", "stream", "-c", "fast").CombinedOutput()
	require.NoError(t, err, string(out))
	b.port, err = freePort()
	require.NoError(t, err)
	b.Address = net.JoinHostPort(host, b.port)
	require.NoError(t, b.Up())
	t.Cleanup(func() {
		if err := b.Down(); err != nil {
			t.Errorf("stop the standby: %v", err)
		}
	})
	return b
}

// credential is the user that Postgres runs as, since it does not run as root.
func credential() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	postgres, err := user.Lookup("postgres")
	if err != nil {
		return nil, err
	}
	uid, err := strconv.ParseUint(postgres.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(postgres.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, err
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, err
}

func (b *Standby) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, filepath.Join(b.bin, program), args...)
	c.Dir = b.data
	c.SysProcAttr = &syscall.SysProcAttr{Credential: b.as}
	return c
}

// Up starts the standby, and returns when it answers. A shell stands between, which ends it when this process is gone.
func (b *Standby) Up() error {
	const guarded = `"$@" >>log 2>&1 & server=$!; cat >/dev/null; kill -QUIT $server; wait $server`
	run := exec.Command("bash", "-c", guarded, "standby", filepath.Join(b.bin, "postgres"), "-D", b.data, "-p", b.port,
		"-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "max_connections=300") // as many as the server it follows
	run.Dir = b.data
	run.SysProcAttr = &syscall.SysProcAttr{Credential: b.as, Setsid: true}
	leash, err := run.StdinPipe()
	if err != nil {
		return err
	}
	if err := run.Start(); err != nil {
		return err
	}
	b.run, b.leash = run, leash
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		out, err := b.command(ctx, "pg_isready", "-q", "-h", "127.0.0.1", "-p", b.port, "-U", "postgres").CombinedOutput()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return fmt.Errorf("the standby does not answer: %w: %s", err, out)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Down ends the standby at once, if it runs, and returns when it is gone.
func (b *Standby) Down() error {
	if b.run == nil {
		return nil
	}
	b.leash.Close()
	_ = b.run.Wait() // Postgres ends with a status of its own after SIGQUIT
	b.run = nil
	return nil
}
