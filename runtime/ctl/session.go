package ctl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/queue"
)

// session is one run of a command.
type session struct {
	migration *dual.Migration
	queue     func(context.Context) (queue.Queue, error) // nil: the program has none
	out       io.Writer
	err       io.Writer
	args      []string // after the flags
	json      bool
	by        string
	why       string
	dry       bool            // nothing is to be changed
	control   control.Control // of the migration; in a dry run, what is stored stays in it
	lookout   outlook.Lookout // what it has seen of what runs
}

// closeTimeout bounds leaving the fleet.
const closeTimeout = 10 * time.Second

func (s *session) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return s.migration.Close(ctx)
}

// operator names who runs the command, for the record.
func operator() string {
	name := "unknown"
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	host, err := os.Hostname()
	if err != nil {
		return name
	}
	return name + "@" + host
}

// print writes value as JSON where that was asked for, else as people does.
func (s *session) print(value any, people func(io.Writer)) error {
	if !s.json {
		people(s.out)
		return nil
	}
	return dialect.Encode(s.out, value, "  ")
}

// step is how this command makes a change.
func (s *session) step() control.Step { return control.Step{By: s.by, Why: s.why} }

func (s *session) coordinator() *control.Coordinator {
	return control.NewCoordinator(s.control, s.migration.Journal())
}

// follow waits until this command's own instance has acknowledged the flag record, so that it stands in nobody's way.
func (s *session) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	for {
		record, err := s.migration.Control().Load(ctx) // the fleet's, in a dry run too
		if err != nil {
			return fmt.Errorf("load the flag record: %w", err)
		}
		if status := s.migration.Status(); record.Revision == 0 || status.Acked == record.Epoch {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("this command's own instance does not follow the flag record: %s", s.migration.Status().Note)
		}
	}
}

// kinds are those named on the command line, or all that the program can list.
func (s *session) kinds() ([]string, error) {
	var kinds, all []string
	for _, copier := range s.migration.Copiers() {
		all = append(all, copier.Kind())
		if copier.CanScan() {
			kinds = append(kinds, copier.Kind())
		}
	}
	for _, kind := range s.args {
		if !slices.Contains(all, kind) {
			return nil, fmt.Errorf("%w: this program copies no kind %q; it copies: %s", errUsage, kind, orNone(all))
		}
	}
	if len(s.args) > 0 {
		return s.args, nil
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("this program copies no kind: construct the generated wrappers where the migration is opened")
	}
	return kinds, nil
}

// skipped prints, where no kinds are named on the command line, those that cannot be copied and listed, so that nobody takes them for
// done. Those that were not given up are an error.
func (s *session) skipped(ctx context.Context) (err error) {
	if len(s.args) > 0 {
		return nil
	}
	state, err := s.coordinator().Status(ctx)
	if err != nil {
		return fmt.Errorf("look for kinds that cannot be listed: %w", err)
	}
	for _, kind := range state.Kinds {
		switch {
		case kind.Abandoned:
			fmt.Fprintf(s.err, "%s: skipped, since it is given up\n", outlook.Line(kind.Kind))
		case kind.Unlisted && state.Record.Settings.Fallback != phase.FallbackOff:
			fmt.Fprintf(s.err, "%s: skipped, since it cannot be listed: it is copied as it is read and written\n", outlook.Line(kind.Kind))
		case kind.Unlisted:
			fmt.Fprintf(s.err, "%s: skipped, since it cannot be listed: name scan= in the source (//dualgen:entity), let reads fall back with set --fallback save, or give it up with advance --abandon %s\n",
				outlook.Line(kind.Kind), outlook.Line(kind.Kind))
			err = errors.Join(err, fmt.Errorf("%w: %s cannot be listed", errUnproved, kind.Kind))
		case kind.Loose:
			fmt.Fprintf(s.err, "%s: skipped, since it cannot be copied and listed: name its get, put, delete and scan in the source (//dualgen:entity), or give it up with advance --abandon %s\n",
				outlook.Line(kind.Kind), outlook.Line(kind.Kind))
			err = errors.Join(err, fmt.Errorf("%w: %s cannot be copied and listed", errUnproved, kind.Kind))
		}
	}
	return err
}

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
