package telemetry

import (
	"context"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/verify"
)

// Config of a Source. The zero value is a good one.
type Config struct {
	// Every is how old a look at the fleet may be before the next one; negative for never, where another instance looks.
	// Defaults to 15s.
	Every time.Duration
	// Timeout bounds one look. Defaults to 3s, which is less than a scrape may last.
	Timeout time.Duration
}

// Source makes snapshots of one migration. It is safe for concurrent use.
type Source struct {
	migration *dual.Migration
	config    Config

	mu     sync.Mutex
	fleet  *Fleet
	looked time.Time // when the last look succeeded
	tried  time.Time // when one was made last
	failed int64
}

// New returns a Source of a migration.
func New(migration *dual.Migration, config Config) *Source {
	if config.Every == 0 {
		config.Every = 15 * time.Second
	}
	if config.Timeout <= 0 {
		config.Timeout = 3 * time.Second
	}
	return &Source{migration: migration, config: config}
}

// Snapshot returns what the migration shows now. It looks at the fleet if the last look is too old; concurrent callers wait for one look.
func (s *Source) Snapshot(ctx context.Context) Snapshot {
	s.refresh(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	return Snapshot{
		Migration: s.migration.Name(), Stats: s.migration.Stats(), Status: s.migration.Status(), Ready: s.migration.Ready() == nil,
		Fleet: s.fleet, Looked: s.looked, Failed: s.failed,
	}
}

func (s *Source) refresh(ctx context.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.config.Every < 0 || !s.tried.IsZero() && time.Since(s.tried) < s.config.Every {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	fleet, err := s.look(ctx)
	s.tried = time.Now()
	if err != nil {
		s.failed++
		return
	}
	s.fleet, s.looked = fleet, s.tried
}

// look asks the control store and the journal.
func (s *Source) look(ctx context.Context) (*Fleet, error) {
	m := s.migration
	status, err := control.NewCoordinator(m.Control(), m.Journal()).Status(ctx)
	if err != nil {
		return nil, err
	}
	fleet := &Fleet{Record: status.Record, Blocked: len(status.Forward)}
	for _, in := range status.Instances {
		switch behind := status.Record.Epoch - in.Acked; {
		case in.Command:
			continue
		case !in.Live:
			fleet.Gone++
			continue
		case in.Acked < status.Record.Epoch:
			fleet.Behind++
			fleet.Lag = max(fleet.Lag, behind)
		}
		fleet.Live++
		if in.Reconciles {
			fleet.Reconcilers++
		}
	}
	for _, state := range status.Kinds {
		kind, err := s.kind(ctx, status.Record, state)
		if err != nil {
			return nil, err
		}
		fleet.Kinds = append(fleet.Kinds, kind)
	}
	return fleet, nil
}

func (s *Source) kind(ctx context.Context, record control.Record, state control.KindState) (Kind, error) {
	lookout := outlook.Lookout{Migration: s.migration, Control: s.migration.Control()}
	k, err := lookout.Kind(ctx, record, state)
	if err != nil {
		return Kind{}, err
	}
	pass, err := verify.Status(ctx, s.migration.Control(), k.Kind)
	return Kind{Kind: k.Kind, Unclean: k.Unclean, Backfill: k.Backfill, Verify: pass, Certificate: k.Certificate, Valid: k.Valid}, err
}
