// Package ctl is the ready-made command to run a migration with. A program of a few lines makes it the user's own:
//
//	func main() {
//		ctl.Main(func(ctx context.Context) (*dual.Migration, error) {
//			return catalog.OpenMigration(ctx) // the stores, the wrapper, the control store and the journal of the service
//		})
//	}
//
// The command is registered in the fleet while it runs, as a command: steps wait for it, and it does not count as an instance of the
// service. It must be given the same control store and journal as the
// service, and a wrapper for every entity kind that it is to copy.
//
// Exit status: 0 done; 1 failed; 2 the command line is wrong; 3 refused, and every unmet gate is printed with its remedy;
// 4 the stores differ.
package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/internal/process"
	"github.com/dualgen/dualgen/runtime/queue"
)

// Open builds the migration, with its wrappers, over the service's own stores, control store and journal.
type Open func(ctx context.Context) (*dual.Migration, error)

// Program is the command of a migration that has more than stores.
type Program struct {
	Open Open
	// Queue opens the queue of writes that the service appends to, for the verb queue: see docs/queued.md. Defaults to none.
	Queue func(ctx context.Context) (queue.Queue, error)
}

// Main is Program.Main of a migration without a queue.
func Main(open Open) { Program{Open: open}.Main() }

// Run is Program.Run of a migration without a queue.
func Run(ctx context.Context, args []string, stdout, stderr io.Writer, open Open) int {
	return Program{Open: open}.Run(ctx, args, stdout, stderr)
}

// Main runs the command with the process's arguments and ends the process. An interrupt stops a running backfill, verify
// or reconcile in order, and so does a reader of the output that has gone away: the fleet would wait for the process's lease.
func (p Program) Main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGPIPE)
	process.SetCommand(true)
	status := p.Run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// Run runs the command with the given arguments and returns its exit status.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	stdout, stderr = terminal{stdout}, terminal{stderr} // keys and causes come from elsewhere
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		usage(stdout)
		return ExitDone
	}
	for _, c := range commands {
		if c.name != args[0] {
			continue
		}
		return c.start(ctx, args[1:], stdout, stderr, p)
	}
	fmt.Fprintf(stderr, "unknown command %q\n\n", args[0])
	usage(stderr)
	return ExitUsage
}

func (c command) start(ctx context.Context, args []string, stdout, stderr io.Writer, p Program) int {
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
	if err := errors.Join(c.accepts(flags.Args()), meaningful(flags)); err != nil {
		fmt.Fprintln(stderr, err)
		return ExitUsage
	}
	migration, err := p.Open(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "open the migration:", err)
		return ExitFailed
	}
	within, stop := context.WithTimeout(ctx, askPatience)
	dual.AsCommand(within, migration)
	stop()
	s := &session{migration: migration, queue: p.Queue, out: stdout, err: stderr, args: flags.Args(), json: *asJSON, by: operator(), why: why, dry: dry, control: migration.Control()}
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
