package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/journal"
)

func bindUnclean(flags *flag.FlagSet) func(context.Context, *session) error {
	kind := flags.String("kind", "", "only this kind")
	limit := flags.Int("limit", 100, "how many keys at most, those without activity for the longest first")
	return func(ctx context.Context, s *session) error {
		if len(s.args) == 1 && s.args[0] == "list" { // as quarantine list
			s.args = nil
		}
		if len(s.args) > 0 || *limit <= 0 {
			return fmt.Errorf("%w: unclean [--kind KIND] [--limit N], above 0", errUsage)
		}
		entries, err := s.migration.Journal().Unclean(ctx, journal.Query{Kind: *kind, Limit: *limit})
		if err != nil {
			return fmt.Errorf("list the unclean keys: %w", err)
		}
		counts, err := s.migration.Journal().Counts(ctx, *kind)
		if err != nil {
			return fmt.Errorf("count the unclean keys: %w", err)
		}
		return s.print(entries, func(w io.Writer) {
			writeUnclean(w, entries)
			fmt.Fprintf(w, "%s unclean, %s of them to be copied; %d shown\n", counts.Text(counts.Unclean()), counts.Text(counts.Dirty), len(entries))
		})
	}
}

func writeUnclean(w io.Writer, entries []journal.Entry) {
	table := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "KEY\tRIGHT IN\tSTATE\tQUIET FOR\tATTEMPTS\tLAST ERROR")
	for _, e := range entries {
		fmt.Fprintf(table, "%v\t%v\t%s\t%v\t%d\t%s\n", e.Key, e.Primary, outlook.EntryState(e), e.Idle.Round(time.Second), e.Attempts, outlook.Line(e.Cause))
	}
	_ = table.Flush() // an error of w shows at the next write to it
}
