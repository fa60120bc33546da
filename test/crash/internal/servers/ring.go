package servers

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// Ring starts a cluster of n Cassandra nodes on one machine, told apart by their ports. It has no hinted handoff: what a node
// misses, it misses. A node that does not answer counts as down after about twelve seconds.
func Ring(t testing.TB, n int) []*Server {
	t.Helper()
	ports, seeds := make([]string, n), make([]string, n)
	for i := range n {
		var err error
		ports[i], err = freePort()
		require.NoError(t, err)
		seeds[i] = net.JoinHostPort("127.0.0.1", ports[i])
	}
	nodes, started := make([]*Server, n), make(chan error, n)
	for i := range n {
		nodes[i] = prepare(t, "cassandra", "CASSANDRA_STORAGE_PORT="+ports[i], "CASSANDRA_SEEDS="+strings.Join(seeds, ","),
			"CASSANDRA_YAML=hinted_handoff_enabled: false\nphi_convict_threshold: 5",
			// Nodes that start at the same time forget each other after half of the delay. The compiler is to be quick.
			"CASSANDRA_OPTIONS=-Dcassandra.ring_delay_ms=30000 -XX:TieredStopAtLevel=1 -Xms256m -Xmx512m")
	}
	for _, node := range nodes { // at once: each is a seed, which waits for nobody
		go func() { started <- node.Up() }()
	}
	t.Cleanup(func() {
		for _, node := range nodes {
			_ = node.Kill() // nothing of it is needed, and an orderly end takes long
		}
	})
	for range n {
		require.NoError(t, <-started)
	}
	return nodes
}

// Pause stops a server's process as it is, until Resume or the end of the test.
func (s *Server) Pause(t testing.TB) {
	t.Helper()
	require.NoError(t, s.signal(syscall.SIGSTOP))
	t.Cleanup(func() {
		if err := s.Resume(); err != nil {
			t.Errorf("resume %s: %v", s.Name, err)
		}
	})
}

// Resume lets a paused server go on.
func (s *Server) Resume() error { return s.signal(syscall.SIGCONT) }

func (s *Server) signal(signal syscall.Signal) error {
	process, err := s.pid()
	if err != nil {
		return err
	}
	if err := syscall.Kill(process, signal); err != nil {
		return fmt.Errorf("signal %d: %w", process, err)
	}
	return nil
}
