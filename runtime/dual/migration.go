package dual

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/canary"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Migration is one migration in this process: the phase in view, and the calls in flight. It is safe for concurrent use.
type Migration struct {
	config  Config
	hooks   hooks.Hooks
	journal journal.Journal
	agreed  journal.Agreed   // the journal's, if it has that; else nil
	hands   journal.Handover // the journal's, if it has that; else nil
	watches journal.Watching // the journal's, if it has that; else nil
	began   time.Time        // its monotonic part alone, for observers
	state   atomic.Pointer[state]

	deadlines   *deadlines
	mirrors     *pool
	comparisons *pool
	retries     *retries
	turns       *turns
	canary      *canary.Guard
	follower    *follower
	breakers    [2]*breaker // of mirrors, by position
	hanging     atomic.Bool // one of them counts
	masker      masker
	inside      *Tx // of the migration as wrappers inside a transaction see it, see Tx.Migration; else nil

	bringer  sync.Once
	bringing *Method // what Bring calls; made by the first one

	journalFailed atomic.Int64
	reconcilers   atomic.Int64 // that run in this process
	command       atomic.Bool  // this process is a command beside the service

	mu       sync.Mutex // guards what follows, and every change of state
	methods  []*Method
	older    []*state // that may still have calls in flight
	copiers  atomic.Pointer[[]Copier]
	uncopied atomic.Pointer[[]Uncopied]
	refusals atomic.Pointer[map[string]func(error) bool] // by the interface's name
	counts   atomic.Pointer[map[string]counter]          // by kind
	closed   bool
}

// NewMigration starts a migration: it registers this instance, loads the flag record and follows it until Close. A control store
// that cannot be reached is no error: the instance refuses calls with ErrNotReady until it is, see Ready. Two stores that
// Config.Identify finds to be one are an error, ErrOneStore.
func NewMigration(config Config) (*Migration, error) {
	if err := config.fill(); err != nil {
		return nil, err
	}
	h := hooks.Or(config.Hooks)
	m := &Migration{
		config:      config,
		began:       time.Now(),
		hooks:       h,
		journal:     config.Journal,
		mirrors:     newPool(h, config.Workers, config.Queue),
		comparisons: newPool(h, config.Workers, 0),
		masker:      newMasker(config.ShowValues),
	}
	m.agreed, _ = config.Journal.(journal.Agreed)
	m.hands, _ = config.Journal.(journal.Handover)
	m.watches, _ = config.Journal.(journal.Watching)
	m.deadlines = newDeadlines(config.MirrorTimeout, h)
	m.retries, m.turns = newRetries(m), newTurns(m)
	m.canary = canary.New(canary.Config{Look: func() canary.View { return m.state.Load().canaryView() }, Now: h.Now, Sleep: h.Sleep,
		Stop: func(ctx context.Context, epoch uint64, why string) { m.follower.stopCanary(ctx, epoch, why) }})
	m.copiers.Store(new([]Copier))
	m.uncopied.Store(new([]Uncopied))
	m.refusals.Store(&map[string]func(error) bool{})
	m.state.Store(unready(m, ErrNotReady))
	m.follower = newFollower(m)
	for position := range m.breakers {
		m.breakers[position] = newBreaker(config.MirrorPatience, config.MirrorTimeout, m.follower.base)
	}
	if h.Manual {
		config.Hooks.Follow, config.Hooks.Retry, config.Hooks.Due = m.follower.step, m.retries.once, m.due
		config.Hooks.Look = m.turns.look
		return m, nil
	}
	m.follower.start()
	h.Go(m.turns.loop)
	h.Go(func() { m.canary.Loop(m.follower.context()) })
	if err := m.follower.oneStoreAtStart(); err != nil {
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		return nil, errors.Join(err, m.Close(ctx))
	}
	return m, nil
}

// Close refuses new calls with ErrClosed, waits for those in flight and for the mirror writes behind them, and leaves the
// fleet. If ctx ends first, it returns its error; tokens that are still held pass to the reconciler when their lease
// ends.
func (m *Migration) Close(ctx context.Context) error {
	m.mu.Lock()
	closed := m.closed
	m.closed = true
	m.mu.Unlock()
	if closed {
		return nil
	}
	m.publish(unready(m, ErrClosed))
	err := m.drain(ctx)
	m.follower.stop()
	if !m.hooks.Manual {
		m.hooks.Wait(m.turns.done)
		m.hooks.Wait(m.canary.Done())
	}
	if err == nil && !m.follower.shared {
		err = m.control().Leave(ctx, m.config.Instance)
	}
	m.deadlines.stop()
	if err != nil {
		return fmt.Errorf("close migration %s: %w", m.config.Name, err)
	}
	return nil
}

// drain waits for the calls in flight, the pools and the ends of tokens that are being retried.
func (m *Migration) drain(ctx context.Context) error {
	for m.Stats().InFlight > 0 || m.mirrors.busy() || m.comparisons.busy() || m.retries.len() > 0 {
		if m.hooks.Manual {
			m.retries.once(ctx)
		}
		if err := m.hooks.Sleep(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// publish makes st the state of all calls that begin from now on.
func (m *Migration) publish(st *state) {
	stores := m.follower.identities()
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed && st.refusals[classRead] != ErrClosed {
		return
	}
	st.admit(stores)
	st.flight = make([]*flight, len(m.methods))
	for i := range st.flight {
		st.flight[i] = new(flight)
	}
	m.older = append(m.older, m.state.Swap(st))
	if st.canary {
		m.canary.Wake()
	}
}

// reap forgets the older states whose calls have all ended, and returns those that are left.
func (m *Migration) reap() []*state {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.older = slices.DeleteFunc(m.older, func(st *state) bool {
		if st.inFlight() > 0 {
			return false
		}
		for i, f := range st.flight {
			_, calls, mirrored := f.sum()
			m.methods[i].pastCalls.Add(calls)
			m.methods[i].pastMirrored.Add(mirrored)
		}
		return true
	})
	return slices.Clone(m.older)
}

// Phase returns the phase in view, or 0 before the first.
func (m *Migration) Phase() Phase { return m.state.Load().phase }

// Settings returns the settings in view.
func (m *Migration) Settings() Settings { return m.state.Load().settings }

// Ready returns nil if calls are let in, else why they are refused. It is meant for a readiness check.
func (m *Migration) Ready() error {
	st := m.state.Load()
	if err := st.refusals[classRead]; err != nil {
		return err
	}
	if !st.lease.valid(m.hooks.Now()) {
		return ErrLeaseLost
	}
	return nil
}

// Status is what this instance believes, and how fresh it is.
type Status struct {
	Instance string
	Phase    Phase // in view; 0 before the first
	Epoch    uint64
	Acked    uint64 // the latest epoch that was acknowledged
	Settings Settings
	Age      time.Duration // since the record was last read
	Note     string        // why the instance cannot follow the record; empty where it can
	Leased   bool          // calls depend on this instance's lease
	Lease    time.Duration // what is left of it where Leased; negative once it ran out
}

// Status returns what this instance believes.
func (m *Migration) Status() Status {
	st := m.state.Load()
	status := m.follower.status()
	status.Instance, status.Phase, status.Epoch, status.Settings = m.config.Instance, st.phase, st.epoch, st.settings
	if status.Leased = st.lease != nil; status.Leased {
		status.Lease = st.lease.left(m.hooks.Now())
	}
	return status
}

// Journal returns the journal of unclean keys.
func (m *Migration) Journal() journal.Journal { return m.journal }

// Control returns the control store.
func (m *Migration) Control() control.Control { return m.config.Control }

func (m *Migration) control() control.Control { return m.config.Control }

// Name returns the migration's name.
func (m *Migration) Name() string { return m.config.Name }

// Instance returns this process's name in the fleet.
func (m *Migration) Instance() string { return m.config.Instance }

// Settle returns how long a store may take to do what a client gave up on.
func (m *Migration) Settle() time.Duration {
	if m.hooks.Off.NoSettle {
		return 0
	}
	return m.config.Settle
}
