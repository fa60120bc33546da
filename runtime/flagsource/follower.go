package flagsource

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Config is what a Follower needs to know.
type Config struct {
	// Source is the flag. It must be set.
	Source Source
	// Control and Journal are the migration's: see dual.Migration.Control and Journal. They must be set.
	Control control.Control
	Journal journal.Journal
	// Stages are names that the flag may use beside those of the phases. Defaults to none.
	Stages Stages
	// By names the Follower in the flag record. Defaults to "flag".
	By string
	// Expect is control.Step's. Defaults to 0: any number of instances.
	Expect int
	// Interval is how often the flag is asked where no change is announced. Defaults to 30s.
	Interval time.Duration
	// Retry is how soon a step is asked for again that a gate refused, or after one that was made. Defaults to 250ms; it
	// doubles up to Interval while the refusal stays the same.
	Retry time.Duration
	// Logger takes each step, and each new reason to stay. Defaults to slog.Default().
	Logger *slog.Logger
}

// Follower moves a fleet to the phase that a flag names. Each process of a fleet may run one: a step that two ask for is made once.
type Follower struct {
	config      Config
	coordinator *control.Coordinator

	mu     sync.Mutex
	status Status
}

// Status is what a Follower saw and did last.
type Status struct {
	// Desired is the phase that the flag names; 0 while the flag names none with certainty.
	Desired phase.Phase
	// Actual is the fleet's phase; 0 before it was read.
	Actual phase.Phase
	// Stay says why the fleet stays where it is although Desired differs or is 0; nil while it moves or is there. A step that a
	// gate refused is a *control.Refusal.
	Stay error
	// Why is the last answer's.
	Why string
}

// The reasons to stay.
var (
	// ErrUncertain means that the flag system did not decide on its answer.
	ErrUncertain = errors.New("dualgen: the flag's answer is not certain")
	// ErrUnconfirmed means that the flag names NewOnly, and the second flag does not confirm it.
	ErrUnconfirmed = errors.New("dualgen: NewOnly is not confirmed")
)

// New returns a follower of the flag.
func New(config Config) (*Follower, error) {
	if config.Source == nil || config.Control == nil || config.Journal == nil {
		return nil, errors.New("dualgen: flagsource.Config needs Source, Control and Journal")
	}
	if config.Interval < 0 || config.Retry < 0 || config.Expect < 0 {
		return nil, errors.New("dualgen: a duration or a number in flagsource.Config is negative")
	}
	for name, p := range config.Stages {
		if !p.Valid() {
			return nil, fmt.Errorf("dualgen: stage %q of flagsource.Config has no phase", name)
		}
	}
	config.By = cmp.Or(config.By, "flag")
	config.Interval = cmp.Or(config.Interval, 30*time.Second)
	config.Retry = cmp.Or(config.Retry, 250*time.Millisecond)
	config.Logger = cmp.Or(config.Logger, slog.Default())
	return &Follower{config: config, coordinator: control.NewCoordinator(config.Control, config.Journal)}, nil
}

// Status returns what the Follower saw and did last.
func (f *Follower) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// Run follows the flag until ctx ends. It returns ctx's error.
func (f *Follower) Run(ctx context.Context) error {
	wait := f.config.Retry
	for {
		before := f.Status()
		moved := f.Step(ctx)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		after := f.Status()
		switch {
		case moved || text(before.Stay) != text(after.Stay):
			wait = f.config.Retry
		default:
			wait = min(2*wait, f.config.Interval)
		}
		if after.Stay == nil && !moved {
			wait = f.config.Interval // the fleet is where the flag says
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-f.config.Source.Changes():
			wait = f.config.Retry
		}
		timer.Stop()
	}
}

// Step asks the flag once, and makes at most one step. It reports whether it made one.
func (f *Follower) Step(ctx context.Context) (moved bool) {
	next, moved := f.step(ctx)
	f.mu.Lock()
	before := f.status
	f.status = next
	f.mu.Unlock()
	switch {
	case moved:
		f.config.Logger.InfoContext(ctx, "dualgen: the fleet moved towards what the flag says", "from", before.Actual.String(), "to", next.Actual.String(),
			"desired", next.Desired.String(), "why", next.Why)
	case next.Stay != nil && text(next.Stay) != text(before.Stay):
		f.config.Logger.WarnContext(ctx, "dualgen: the fleet stays, whatever the flag says", "phase", next.Actual.String(),
			"error", next.Stay, "why", next.Why)
	}
	return moved
}

func (f *Follower) step(ctx context.Context) (s Status, moved bool) {
	record, err := f.config.Control.Load(ctx)
	if err != nil {
		s.Stay = fmt.Errorf("load the flag record: %w", err)
		return s, false
	}
	s.Actual = record.Phase
	answer, err := f.config.Source.Desired(ctx)
	if err != nil {
		s.Stay = fmt.Errorf("evaluate the flag: %w", err)
		return s, false
	}
	s.Why = answer.Why
	if !answer.Certain {
		s.Stay = fmt.Errorf("%w: %q (%s)", ErrUncertain, answer.Text, answer.Why)
		return s, false
	}
	if s.Desired, err = f.config.Stages.Parse(answer.Text); err != nil {
		s.Stay = err
		return s, false
	}
	if s.Desired == s.Actual {
		return s, false
	}
	return f.move(ctx, s, record, answer.Confirmed)
}

// move makes the step from the actual phase towards the desired one.
func (f *Follower) move(ctx context.Context, s Status, record control.Record, confirmed bool) (Status, bool) {
	ask, to := f.coordinator.Advance, record.Forward()
	if s.Desired < s.Actual {
		ask, to = f.coordinator.Back, s.Actual-1
	}
	switch {
	case s.Desired > s.Actual && to > s.Desired:
		s.Stay = fmt.Errorf("dualgen: a cutoff is set, so that the step from %v leads to %v, beyond %v", s.Actual, to, s.Desired)
		return s, false
	case to == phase.NewOnly && !confirmed:
		s.Stay = ErrUnconfirmed
		return s, false
	}
	// To keeps two followers from making the step twice. What Confirm accepts, the second flag has confirmed.
	record, err := ask(ctx, control.Step{By: f.config.By, To: to, Confirm: to == phase.NewOnly, Expect: f.config.Expect})
	if err != nil {
		s.Stay = err
		return s, false
	}
	s.Actual = record.Phase
	return s, true
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
