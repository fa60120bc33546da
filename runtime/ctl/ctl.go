// Package ctl is the ready-made command to run a migration with. A program of a few lines makes it the user's own:
//
//	func main() {
//		ctl.Main(func(ctx context.Context) (*dual.Migration, error) {
//			return catalog.OpenMigration(ctx) // the stores, the wrapper, the control store and the journal of the service
//		})
//	}
//
// The command is one more instance of the fleet while it runs: it must be given the same control store and journal as the
// service, and a wrapper for every entity kind that it is to copy.
//
// Exit status: 0 done; 1 failed; 2 the command line is wrong; 3 refused, and every unmet gate is printed with its remedy;
// 4 the stores differ.
package ctl

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"os/user"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// Exit statuses.
const (
	ExitDone    = 0 // the command did what it was asked
	ExitFailed  = 1 // something failed; the message says what
	ExitUsage   = 2 // the command line is wrong
	ExitRefused = 3 // a gate is not met
	ExitDiffer  = 4 // verify found differences or issued no certificate, a kind cannot be listed, or keys are quarantined
)

// Open builds the migration, with its wrappers, over the service's own stores, control store and journal.
type Open func(ctx context.Context) (*dual.Migration, error)

// Main runs the command with the process's arguments and ends the process. An interrupt stops a running backfill, verify
// or reconcile in order.
func Main(open Open) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := Run(ctx, os.Args[1:], os.Stdout, os.Stderr, open)
	stop()
	os.Exit(status)
}

// Run runs the command with the given arguments and returns its exit status.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer, open Open) int {
	stdout, stderr = terminal{stdout}, terminal{stderr} // keys and causes come from elsewhere
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(stdout)
		return ExitDone
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		return c.start(ctx, args[1:], stdout, stderr, open)
	}
	fmt.Fprintf(stderr, "unknown command %q\n\n", args[0])
	usage(stderr)
	return ExitUsage
}

// session is one run of a command.
type session struct {
	migration *dual.Migration
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

func (c command) start(ctx context.Context, args []string, stdout, stderr io.Writer, open Open) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Usage: %s %s\n%s\n", c.name, c.args, c.help)
		flags.PrintDefaults()
	}
	asJSON := flags.Bool("json", false, "print JSON")
	var why string
	var dry bool
	if !c.reads {
		flags.StringVar(&why, "why", "", "the reason, which the trail keeps: history shows it")
		flags.BoolVar(&dry, "dry-run", false, "change nothing, and say what would be done")
	}
	run := c.bind(flags)
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return ExitDone
	case err != nil:
		return ExitUsage
	}
	migration, err := open(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "open the migration:", err)
		return ExitFailed
	}
	s := &session{migration: migration, out: stdout, err: stderr, args: flags.Args(), json: *asJSON, by: operator(), why: why, dry: dry, control: migration.Control()}
	if dry {
		s.control = &dryControl{Control: s.control}
		fmt.Fprintln(stderr, "dry run: nothing is changed")
	}
	s.lookout = outlook.Lookout{Migration: migration, Control: s.control}
	err = run(ctx, s)
	closing := s.close(ctx)
	if c.reads && closing != nil {
		fmt.Fprintln(stderr, "warning: this command's own instance could not leave the fleet, and is counted on until its lease ends:", closing)
		closing = nil
	}
	return exitStatus(stderr, errors.Join(err, closing))
}

// closeTimeout bounds leaving the fleet.
const closeTimeout = 10 * time.Second

func (s *session) close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
	defer cancel()
	return s.migration.Close(ctx)
}

// Errors that have an exit status of their own.
var (
	errUsage  = errors.New("wrong command line")
	errDiffer = errors.New("the stores differ")
	// errUnproved: nothing is known to differ, and yet not every kind is copied or certified.
	errUnproved = errors.New("not everything is proved")
)

// exitStatus prints an error, a gate a line with its remedy, and says what the command ends with.
func exitStatus(stderr io.Writer, err error) int {
	var refusal *control.Refusal
	switch {
	case err == nil:
		return ExitDone
	case errors.As(err, &refusal):
		switch {
		case refusal.What != "":
			fmt.Fprintf(stderr, "refused: %s\n", refusal.What)
		case refusal.Cutoff:
			fmt.Fprintln(stderr, "refused: the cutoff stays as it is")
		default:
			fmt.Fprintf(stderr, "refused: %v to %v\n", refusal.From, refusal.To)
		}
		for _, o := range refusal.Unmet {
			fmt.Fprintf(stderr, "  %-10s  %s\n  %-10s  remedy: %s\n", o.Gate, outlook.Line(o.Problem), "", outlook.Line(o.Remedy))
		}
		return ExitRefused
	case errors.Is(err, errDiffer), errors.Is(err, errUnproved):
		fmt.Fprintln(stderr, err)
		return ExitDiffer
	case errors.Is(err, errUsage):
		fmt.Fprintln(stderr, err)
		return ExitUsage
	}
	fmt.Fprintln(stderr, err)
	return ExitFailed
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
	encoder := json.NewEncoder(s.out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// step is how this command makes a change.
func (s *session) step() control.Step { return control.Step{By: s.by, Why: s.why} }

func (s *session) coordinator() *control.Coordinator {
	return control.NewCoordinator(s.control, s.migration.Journal(), control.WithSelf(s.migration.Instance()))
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
