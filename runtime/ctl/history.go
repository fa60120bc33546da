package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

func bindHistory(flags *flag.FlagSet) func(context.Context, *session) error {
	limit := flags.Int("limit", 50, "how many changes at most, the newest ones")
	return func(ctx context.Context, s *session) error {
		record, err := s.control.Load(ctx)
		if err != nil {
			return fmt.Errorf("load the flag record: %w", err)
		}
		trail := record.Trail[max(0, len(record.Trail)-max(*limit, 0)):]
		return s.print(trail, func(w io.Writer) { writeHistory(w, trail) })
	}
}

// writeChange says in one line what was changed last, by whom and why.
func writeChange(w io.Writer, c control.Change) {
	fmt.Fprintf(w, "last change: %s, %s ago", outlook.Line(c.What), outlook.Ago(c.At))
	if c.By != "" {
		fmt.Fprintf(w, " by %s", outlook.Line(c.By))
	}
	c.Why = outlook.Short(c.Why) // history shows it all
	fmt.Fprintln(w, reason(c))
}

// writeHistory puts what was done last in the line, since some of it is long.
func writeHistory(w io.Writer, trail []control.Change) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "WHEN\tWHO\tWHAT (WHY)")
	for _, c := range trail {
		fmt.Fprintf(table, "%s\t%s\t%s%s\n", c.At.UTC().Format(time.RFC3339), outlook.Line(c.By), outlook.Line(c.What), reason(c))
	}
	_ = table.Flush() // an error of w shows at the next write to it
}

// reason is why a change was made, in brackets, where somebody said it.
func reason(c control.Change) string {
	if c.Why == "" {
		return ""
	}
	return " (" + outlook.Line(c.Why) + ")"
}
