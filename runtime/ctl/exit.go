package ctl

import (
	"errors"
	"fmt"
	"io"

	"github.com/dualgen/dualgen/runtime/control"
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
