package dual

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// follower keeps this instance in step with the flag record: it registers before it loads, so that a coordinator which
// does not see it yet cannot have gone further than the record that it then loads; it applies what it loaded; and it
// acknowledges an epoch once every call that began under an older one has ended.
type follower struct {
	m      *Migration
	ctx    context.Context // ends with stop
	cancel context.CancelFunc
	done   chan struct{}
	base   time.Time

	mu       sync.Mutex
	wake     context.CancelFunc // ends the present wait
	kicked   bool
	voidOwed int      // unjournaled writes whose void is not stored yet
	marks    []Key    // to be marked once the record is known again
	refuted  []string // kinds whose certificate a comparison has proved wrong
	command  bool     // the fleet has heard that this process is one
	spent    string   // the owner that must be changed, if it is still the current one
	acked    uint64
	read     time.Time // when the record was last read
	note     string
	logged   string // the note that was logged last
	failures int    // passes that failed, one after the other

	stores     [2]control.Identity // as asked last
	identified time.Time           // when they were asked
	oneValue   bool                // a wrapper was given one value for both

	joined atomic.Pointer[joined]

	// What follows belongs to step alone.
	run         string           // of this process; empty where a test makes the steps
	name        string           // that its journal tokens begin with: Config.Instance may be another process' too, by mistake
	alone       time.Time        // when nobody else was found under the instance's name for the first time
	ahead       control.Instance // the one that has acknowledged most, while others of this name are looked for
	shared      bool             // somebody else has it
	stepped     bool             // a pass was made
	record      control.Record
	asked       time.Time // when the record was asked for that is in hand
	lease       *lease
	lost        *lease // the last one whose loss was logged
	renewed     time.Time
	reported    control.Instance
	owner       string
	owners      int
	ownerLease  bool // the owner has had a lease in the journal
	incarnation string
	evicted     bool
	foreseen    foreseen // before the first registration
}

func newFollower(m *Migration) *follower {
	ctx, cancel := context.WithCancel(context.Background())
	f := &follower{m: m, ctx: ctx, cancel: cancel, done: make(chan struct{}), base: m.hooks.Now(), name: m.config.Instance, wake: func() {}}
	if !m.hooks.Manual {
		f.run = rand.Text()
		f.name += "/" + f.run[:8]
	}
	f.owner = f.name
	return f
}

// context ends when the migration is closed.
func (f *follower) context() context.Context { return f.ctx }

// start makes the first pass and goes on in the background.
func (f *follower) start() {
	ctx, cancel := context.WithTimeout(f.ctx, startTimeout)
	defer cancel()
	f.passed(f.step(ctx))
	f.m.hooks.Go(f.loop)
}

// startTimeout bounds the first pass, so that NewMigration returns while a control store hangs.
const startTimeout = 10 * time.Second

func (f *follower) stop() {
	f.cancel()
	if !f.m.hooks.Manual {
		f.m.hooks.Wait(f.done)
	}
}

func (f *follower) loop() {
	defer close(f.done)
	for f.ctx.Err() == nil {
		f.wait()
		if f.ctx.Err() != nil {
			return
		}
		// The lease is renewed when a pass begins, and nothing that hangs in one may keep the next from it: half the lease for the
		// pass, and a quarter for the wait before it.
		ctx, cancel := context.WithTimeout(f.ctx, f.m.config.Lease/2)
		f.passed(f.step(ctx))
		cancel()
	}
}

// passed keeps what a pass failed with, for status and log.
func (f *follower) passed(err error) {
	if f.ctx.Err() != nil {
		return
	}
	note := ""
	if err != nil {
		note = strings.ReplaceAll(err.Error(), "\n", "; ")
	}
	f.mu.Lock()
	f.note = note
	early := errors.Is(err, errNoRecord) && f.m.hooks.Now().Sub(f.base) < recordPatience
	changed := f.logged != note && !early
	if !early {
		f.logged = note
	}
	f.failures++
	if err == nil {
		f.failures = 0
	}
	f.mu.Unlock()
	if changed && err != nil {
		f.m.config.Logger.LogAttrs(f.ctx, slog.LevelError, eventControlFailed, slog.Any("error", err))
	}
}

// wait returns when the record may have changed, when something is to be done, or when the lease wants renewal.
func (f *follower) wait() {
	pause := f.m.config.Lease / 4
	if f.behind() {
		pause = min(pause, f.patience())
	}
	ctx, cancel := context.WithTimeout(f.ctx, pause)
	defer cancel()
	f.mu.Lock()
	f.wake = cancel
	kicked := f.kicked
	f.kicked = false
	f.mu.Unlock()
	if kicked {
		return
	}
	if err := f.m.config.Control.Watch(ctx, f.record.Revision); err != nil && ctx.Err() == nil {
		_ = f.m.hooks.Sleep(ctx, min(pause, time.Second)) // the control store is down: not too often
	}
}

// kick makes the next pass begin now.
func (f *follower) kick() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.kicked = true
	f.wake()
}

// behind reports whether calls of an older epoch keep this instance from acknowledging.
func (f *follower) behind() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acked < f.m.state.Load().epoch
}

// patience is how soon a pass is made again that could not acknowledge. It doubles while passes fail, up to a second.
func (f *follower) patience() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return time.Millisecond << min(f.failures, 10)
}

// due reports whether a pass has anything to do beside looking at the record, or an end of tokens waits to be tried again.
func (m *Migration) due() bool {
	f, current := m.follower, m.state.Load()
	f.mu.Lock()
	owed := f.kicked || f.voidOwed > 0 || len(f.marks) > 0 || f.spent == f.owner
	behind := f.acked < current.epoch
	f.mu.Unlock()
	return owed || m.retries.len() > 0 || behind && (m.hooks.Off.NoDrain || !m.flyingBefore(current.epoch))
}

// flyingBefore reports whether a call of an older epoch is in flight.
func (m *Migration) flyingBefore(epoch uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.ContainsFunc(m.older, func(st *state) bool { return st.epoch < epoch && st.inFlight() > 0 })
}

// step makes one pass.
func (f *follower) step(ctx context.Context) error {
	f.mu.Lock()
	f.kicked = false
	f.mu.Unlock()
	if f.evicted {
		return ErrEvicted
	}
	f.acknowledge()
	var identifyErr error
	first := !f.stepped
	if first { // before a call is let in: its stores may not be the fleet's
		f.stepped = true
		identifyErr = f.identify(ctx)
		f.foresee(ctx)
	}
	err := f.register(ctx)
	if errors.Is(err, control.ErrEvicted) {
		f.evicted = true
		f.m.publish(unready(f.m, ErrEvicted))
		return err
	}
	journalErr := f.renewOwners(ctx)
	voidErr := errors.Join(f.storeVoid(ctx), f.storeRefuted(ctx))
	loadErr := f.load(ctx)
	if loadErr == nil {
		if loadErr = f.join(ctx); loadErr == nil {
			loadErr = errors.Join(f.apply(ctx), f.mark(ctx))
		}
	}
	if !first {
		identifyErr = f.identify(ctx)
	}
	if f.acknowledge() || f.reported.Stores != f.identities() {
		err = errors.Join(err, f.register(ctx))
	}
	return errors.Join(err, journalErr, voidErr, loadErr, identifyErr)
}

// load reads the record.
func (f *follower) load(ctx context.Context) error {
	asked := f.m.hooks.Now()
	record, err := f.m.config.Control.Load(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("load the flag record: %w", err)
	case record.Revision == 0:
		return fmt.Errorf("there is no flag record: an operator must make one (the command init, or control.Init): %w", errNoRecord)
	case record.Epoch < f.record.Epoch:
		return fmt.Errorf("the flag record went back from epoch %d to %d: the control store lost what it held", f.record.Epoch, record.Epoch)
	}
	if err := f.overtaken(record); err != nil {
		return err
	}
	f.record, f.asked = record, asked
	f.mu.Lock()
	f.read = f.m.hooks.Now()
	f.mu.Unlock()
	return nil
}

// apply makes the record's phase and settings, the lease and the owner those of new calls.
func (f *follower) apply(ctx context.Context) error {
	m, r := f.m, f.record
	if f.renewed.IsZero() {
		return nil // the fleet does not know of this instance: it must not let a call in, nor need say more than that
	}
	if err := r.Settings.Validate(r.Phase); err != nil && !m.hooks.Off.CanaryAnywhere {
		return fmt.Errorf("the flag record of epoch %d cannot be followed: %w", r.Epoch, err)
	}
	if err := f.reachJournal(ctx); err != nil && r.Phase.Mirrored() && !f.ownerLease {
		return fmt.Errorf("%v needs the journal: %w", r.Phase, err)
	}
	next := newState(m, r, f.owner, f.lease)
	next.reaches(f.asked)
	if r.Phase.Guarded() && r.Crossed && f.incarnation != r.Journal {
		next.refuseAll(ErrJournalLost)
	}
	next.admit(f.identities())
	current := m.state.Load()
	if current.epoch == next.epoch && current.lease == next.lease && current.owner == next.owner &&
		current.refusals == next.refusals {
		current.reaches(f.asked)
		return m.objection()
	}
	m.publish(next)
	m.logPhase(ctx, next, current)
	return m.objection()
}

// acknowledge notes that the calls of older epochs have ended, and reports whether that is news.
func (f *follower) acknowledge() bool {
	older := f.m.reap()
	current := f.m.state.Load()
	f.mu.Lock()
	defer f.mu.Unlock()
	if current.epoch <= f.acked || f.voidOwed > 0 || len(f.marks) > 0 {
		return false
	}
	if !f.m.hooks.Off.NoDrain && slices.ContainsFunc(older, func(st *state) bool { return st.epoch < current.epoch }) {
		return false
	}
	f.logAcked(current)
	f.acked = current.epoch
	return true
}
