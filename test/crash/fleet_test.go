package crash

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/test/crash/internal/ledger"
	"github.com/dualgen/dualgen/test/crash/internal/setting"
)

// fleet is the processes of the load: a number of places, in each of which a process is started again when it died.
type fleet struct {
	world   *world
	folder  string
	command string
	places  sync.WaitGroup

	mu       sync.Mutex
	number   int64
	ledgers  []string // of this round
	running  []*process
	stopping bool
	hushed   bool  // without traffic, a kill proves little and is not counted
	failure  error // of a process that ended otherwise than by a kill
}

// process is one process of the load.
type process struct {
	settings setting.Settings
	command  *exec.Cmd
	stdin    io.WriteCloser
	started  time.Time
	killed   bool // by the harness
}

// youngest is how old a process is before it is killed or paused: young enough for some to die before they are ready.
const youngest = 200 * time.Millisecond

func newFleet(w *world) *fleet {
	f := &fleet{world: w, folder: w.t.TempDir()}
	f.command = buildLoad(w.t, f.folder)
	w.t.Cleanup(f.stop)
	return f
}

// occupy keeps a process running in a new place. Change is asked for the settings of each.
func (f *fleet) occupy(change func(*setting.Settings)) {
	f.mu.Lock()
	f.stopping, f.hushed = false, false
	f.mu.Unlock()
	f.places.Go(func() {
		runtime.LockOSThread() // a child dies with the thread that started it
		for {
			p, err := f.start(change)
			if p == nil {
				f.fail(err) // nil where the fleet is being stopped
				return
			}
			f.bury(p, p.command.Wait())
		}
	})
}

// start starts a process, unless the fleet is being stopped.
func (f *fleet) start(change func(*setting.Settings)) (*process, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopping {
		return nil, nil
	}
	f.number++
	p := &process{settings: f.world.settings(f.number), started: time.Now()}
	change(&p.settings)
	if f.hushed {
		p.settings.Writers = 0
	}
	args, err := p.settings.Args()
	if err != nil {
		return nil, err
	}
	p.command = exec.Command(f.command, args...)
	log, err := os.Create(f.log(p))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.command.Stderr = log
	p.command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		return nil, err
	}
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	f.ledgers = append(f.ledgers, p.settings.Ledger)
	f.running = append(f.running, p)
	return p, nil
}

// bury takes note of how a process ended.
func (f *fleet) bury(p *process, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = slices.DeleteFunc(f.running, func(other *process) bool { return other == p })
	var exit *exec.ExitError
	var status syscall.WaitStatus
	if errors.As(err, &exit) {
		status, _ = exit.Sys().(syscall.WaitStatus)
	}
	switch {
	case !status.Signaled() || status.Signal() != syscall.SIGKILL:
		f.failure = errors.Join(f.failure, fmt.Errorf("process %s ended by itself: %w; its log is %s", p.settings.ID, err, f.log(p)))
		copyLog(f.world.t, f.log(p))
		f.stopping = true
	case f.hushed || p.settings.Writers == 0:
	case p.killed:
		f.world.tally.killed("random")
	case p.settings.Kill != "":
		f.world.tally.killed(p.settings.Kill)
	}
}

func (f *fleet) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.failure = errors.Join(f.failure, err)
}

// pick chooses a process at random, or returns nil. Movers are chosen seldom: they need some seconds for their work.
func (f *fleet) pick() *process {
	var old []*process
	mover := rand.IntN(12) == 0
	for _, p := range f.running {
		if !p.killed && p.settings.Mover == mover && time.Since(p.started) > youngest {
			old = append(old, p)
		}
	}
	if len(old) == 0 {
		return nil
	}
	return old[rand.IntN(len(old))]
}

// killOne kills a process at random.
func (f *fleet) killOne() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if p := f.pick(); p != nil {
		p.kill()
	}
}

func (p *process) kill() {
	p.killed = true
	_ = p.command.Process.Signal(syscall.SIGCONT) // it may be gone already
	_ = p.command.Process.Kill()
}

// pauseOne stops a process at random for longer than its lease.
func (f *fleet) pauseOne(length time.Duration) {
	f.mu.Lock()
	p := f.pick()
	f.mu.Unlock()
	if p == nil || p.command.Process.Signal(syscall.SIGSTOP) != nil {
		return
	}
	f.world.tally.paused()
	time.Sleep(length)
	_ = p.command.Process.Signal(syscall.SIGCONT) // it may have been killed meanwhile
}

// hush ends the traffic; the processes go on.
func (f *fleet) hush() {
	f.mu.Lock()
	f.hushed = true
	f.mu.Unlock()
	f.tell("stop")
}

// tell sends every process a line.
func (f *fleet) tell(line string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.running {
		_, _ = io.WriteString(p.stdin, line+"\n") // it may have been killed meanwhile
	}
}

// stop kills all processes and waits until they are gone.
func (f *fleet) stop() {
	f.mu.Lock()
	f.stopping = true
	for _, p := range f.running {
		p.kill()
	}
	f.mu.Unlock()
	f.places.Wait()
}

// books reads the ledgers of the round, and ends it.
func (f *fleet) books() (calls []ledger.Call, verified []ledger.Verified) {
	f.mu.Lock()
	defer f.mu.Unlock()
	require.NoError(f.world.t, f.failure)
	for _, name := range f.ledgers {
		book, err := ledger.Read(name)
		require.NoError(f.world.t, err)
		calls, verified = append(calls, book.Calls...), append(verified, book.Verified...)
	}
	f.ledgers = nil
	return calls, verified
}

func (f *fleet) printLogs() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, p := range f.running {
		copyLog(f.world.t, f.log(p))
	}
}

func (f *fleet) log(p *process) string {
	return filepath.Join(f.folder, fmt.Sprintf("log%d", p.settings.Number))
}
