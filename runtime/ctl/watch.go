package ctl

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/ctl/internal/dialect"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
)

// clearScreen moves a terminal's cursor to its top and clears what is below.
const clearScreen = "\x1b[H\x1b[2J"

func bindWatch(flags *flag.FlagSet) func(context.Context, *session) error {
	every := flags.Duration("every", 2*time.Second, "how long to wait between two looks")
	all := flags.Bool("all", false, "show instances that are long gone too")
	var hooks hooks
	flags.StringVar(&hooks.program, "exec", "", "a `program` to run when something changes: what it is, as JSON on its standard input")
	flags.StringVar(&hooks.url, "post", "", "a `URL` to post the same to")
	return func(ctx context.Context, s *session) error {
		if *every < 100*time.Millisecond {
			return fmt.Errorf("%w: --every is at least 100ms", errUsage)
		}
		if err := hooks.check(); err != nil {
			return err
		}
		for {
			if err := s.show(ctx, *all, &hooks); err != nil && ctx.Err() == nil {
				fmt.Fprintln(s.err, "warning:", outlook.Line(err.Error())) // the control store or the journal may come back
			}
			select {
			case <-time.After(*every):
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// show prints the status once: a JSON object a line, or a page that takes the last one's place on a terminal.
func (s *session) show(ctx context.Context, all bool, hooks *hooks) error {
	report, err := s.status(ctx, all)
	if err != nil {
		return err
	}
	if err := hooks.tell(ctx, report); err != nil && ctx.Err() == nil {
		fmt.Fprintln(s.err, "warning:", outlook.Line(err.Error()))
	}
	if s.json {
		return dialect.Encode(s.out, report, "")
	}
	var page bytes.Buffer
	writeStatus(&page, report)
	if t, ok := s.out.(terminal); ok && t.screen() {
		fmt.Fprint(t.to, clearScreen)
	} else {
		fmt.Fprintf(s.out, "-- %s\n", time.Now().UTC().Format(time.RFC3339))
	}
	_, err = page.WriteTo(s.out)
	return err
}
