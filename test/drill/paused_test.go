package drill

import (
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// An instance is paused in the middle of its writes for longer than its lease, and goes on, in each phase. The fleet moves on without it
// meanwhile; nothing that it acknowledged is lost, and nothing stays unclean.
func TestPausedInstance(t *testing.T) {
	s := newSite(t)
	one, _ := binaries(t)
	s.ok("init")
	a, b := s.start(one, "serve", "a", 1<<20), s.start(one, "serve", "b", 1<<20)
	a.writes(5)
	b.writes(5)
	s.soon("advance", "--to", "OldPrimary")
	s.prove()
	for _, to := range []string{"OldGuarded", "NewGuarded", "NewPrimary", "NewOnly"} {
		a.writes(5)
		require.NoError(t, a.command.Process.Signal(syscall.SIGSTOP))
		s.steps(to)
		b.writes(5)
		require.NoError(t, a.command.Process.Signal(syscall.SIGCONT))
		a.writes(5)
		b.writes(5)
	}
	require.Contains(t, s.ok("status"), s.migration+": NewOnly,")
	a.stop()
	b.stop()
	s.held(false, a, b)
}

// steps goes to the next phase, as soon as the lease of one that is paused has run out.
func (s *site) steps(to string) {
	s.t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(500 * time.Millisecond) {
		status, text := s.command("advance", "--confirm", "--to", to)
		if status == 0 {
			return
		}
		require.True(s.t, time.Now().Before(end), text)
		s.command("verify", "--repair", "--rate", "-1")
	}
}
