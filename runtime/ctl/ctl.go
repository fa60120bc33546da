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
)

// Exit statuses.
const (
	ExitDone    = 0 // the command did what it was asked
	ExitFailed  = 1 // something failed; the message says what
	ExitUsage   = 2 // the command line is wrong
	ExitRefused = 3 // a gate is not met
	ExitDiffer  = 4 // verify found differences, or keys are quarantined
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

// command is one verb.
type command struct {
	name string
	args string // for the usage line
	help string
	// reads says that the command changes nothing, and serves where nothing can be written.
	reads bool
	// bind declares the command's own flags and returns what runs it.
	bind func(*flag.FlagSet) func(context.Context, *session) error
}

// commands in the order in which a migration needs them.
var commands = []command{
	{"status", "[--all]", "phase, instances, progress, what blocks the next step", true, bindStatus},
	{"init", "", "make the first flag record, at OldOnly", false, bindInit},
	{"stores", "[--pin [--confirm]]", "which two stores the fleet writes; pin this command's", false, bindStores},
	{"advance", "[--to PHASE] [--confirm] [--abandon KIND] [--expect-instances N] [--wait 30s]", "one phase forward", false, bindMove("advance")},
	{"back", "[--to PHASE] [--confirm] [--wait 30s]", "one phase back", false, bindMove("back")},
	{"set", "[--mirror MODE] [--compare SHARE] [--compare-self] [--freeze WHAT] [--certificate-age D] [--recount SHARE]", "change settings at run time", false, bindSet},
	{"cutoff", "[--confirm] [--lead D] [--wait 30s] [TIME|none]", "show or move the cutoff of timed rollover", false, bindCutoff},
	{"backfill", "[--rate N] [--restart] [KIND...]", "copy what was there before the migration; resumes", false, bindBackfill},
	{"verify", "[--repair] [--sample SHARE] [--rate N] [KIND...]", "compare both stores; issue the certificate", false, bindVerify},
	{"reconcile", "[--once] [--rate N]", "copy unclean keys until none is left", false, bindReconcile},
	{"quarantine", "list|retry [KEY...]|drop --confirm KEY...", "keys that are no longer retried", false, bindQuarantine},
	{"forget", "[--confirm] KIND", "ask no more for a kind that no build has any more", false, bindForget},
	{"evict", "[--confirm] INSTANCE", "let the fleet go on without an instance that is gone", false, bindEvict},
	{"recover", "--confirm", "go on after the journal lost its memory between the guarded phases", false, bindRecover},
}

func usage(w io.Writer) {
	fmt.Fprintln(w, "Usage: COMMAND [--json] [flags] [arguments]")
	fmt.Fprintln(w)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-11s %s\n", c.name, c.help)
		if c.args != "" {
			fmt.Fprintf(w, "  %-11s   %s\n", "", c.args)
		}
	}
	fmt.Fprintln(w, "\nExit status: 0 done, 1 failed, 2 wrong command line, 3 refused by a gate, 4 the stores differ.")
}

// session is one run of a command.
type session struct {
	migration *dual.Migration
	out       io.Writer
	err       io.Writer
	args      []string // after the flags
	json      bool
	by        string
}

func (c command) start(ctx context.Context, args []string, stdout, stderr io.Writer, open Open) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "Usage: %s %s\n%s\n", c.name, c.args, c.help)
		flags.PrintDefaults()
	}
	asJSON := flags.Bool("json", false, "print JSON")
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
	s := &session{migration: migration, out: stdout, err: stderr, args: flags.Args(), json: *asJSON, by: operator()}
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
			fmt.Fprintf(stderr, "  %-10s  %s\n  %-10s  remedy: %s\n", o.Gate, line(o.Problem), "", line(o.Remedy))
		}
		return ExitRefused
	case errors.Is(err, errDiffer):
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

func (s *session) coordinator() *control.Coordinator {
	return control.NewCoordinator(s.migration.Control(), s.migration.Journal(), control.WithSelf(s.migration.Instance()))
}

// follow waits until this command's own instance has acknowledged the flag record, so that it stands in nobody's way.
func (s *session) follow(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	for {
		record, err := s.migration.Control().Load(ctx)
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

func orNone(names []string) string {
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
