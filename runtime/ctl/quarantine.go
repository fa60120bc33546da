package ctl

import (
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/internal/quarantine"
	"github.com/dualgen/dualgen/runtime/journal"
)

func bindQuarantine(flags *flag.FlagSet) func(context.Context, *session) error {
	limit := flags.Int("limit", 0, "how many keys at most; 0 for 1000 in a list, and for all else")
	confirm := flags.Bool("confirm", false, "drop: accept that the stores may differ in the keys")
	return func(ctx context.Context, s *session) error {
		verb, names := listRetryDrop(s.args, confirm)
		if verb == "" {
			return fmt.Errorf("%w: quarantine list, quarantine drop --confirm KEY..., or quarantine retry [KEY...]", errUsage)
		}
		most := *limit
		if most == 0 && verb != "list" {
			most = everyKey
		}
		entries, err := s.migration.Journal().Unclean(ctx, journal.Query{Quarantined: true, Limit: most})
		if err != nil {
			return fmt.Errorf("list the quarantined keys: %w", err)
		}
		if verb == "list" {
			return listQuarantined(ctx, s, entries)
		}
		if verb == "drop" {
			tried, err := s.tried(ctx, most)
			if err != nil {
				return err
			}
			return s.drop(ctx, append(entries, tried...), names, *confirm)
		}
		return s.retry(ctx, entries, names)
	}
}

// everyKey bounds nothing: a key that is named must be found, and what is given back is all.
const everyKey = math.MaxInt32

// listQuarantined prints entries, and how many there are, which may be more.
func listQuarantined(ctx context.Context, s *session, entries []journal.Entry) error {
	counts, err := s.migration.Journal().Counts(ctx, "")
	if err != nil {
		return fmt.Errorf("count the quarantined keys: %w", err)
	}
	return s.print(entries, func(w io.Writer) {
		for _, e := range entries {
			fmt.Fprintf(w, "%v  copied from %v, %d attempts, last %v ago\n  %s\n", e.Key, e.Primary, e.Attempts, e.Idle.Round(time.Second), outlook.Line(e.Cause))
		}
		shown := ""
		if len(entries) < counts.Quarantined {
			shown = fmt.Sprintf("; %d shown", len(entries))
		}
		fmt.Fprintf(w, "%s quarantined%s\n", counts.Text(counts.Quarantined), shown)
	})
}

// listRetryDrop splits the arguments into what to do, empty if that is wrong, and the keys. --confirm may stand behind them.
func listRetryDrop(args []string, confirm *bool) (verb string, names []string) {
	for _, arg := range args {
		switch {
		case arg == "--confirm" || arg == "-confirm":
			*confirm = true
		case verb == "":
			verb = arg
		default:
			names = append(names, arg)
		}
	}
	if !slices.Contains([]string{"list", "retry", "drop"}, verb) || verb == "drop" && len(names) == 0 {
		return "", nil
	}
	return verb, names
}

// named are the entries of those names, or all if there are no names.
func named(entries []journal.Entry, names []string) ([]journal.Entry, error) {
	if len(names) == 0 {
		return entries, nil
	}
	var found []journal.Entry
	for _, name := range names {
		at := slices.IndexFunc(entries, func(e journal.Entry) bool { return e.Key.String() == name })
		if at < 0 {
			return nil, fmt.Errorf("%s is not quarantined; quarantine list shows those that are, and unclean list those that are still tried", name)
		}
		found = append(found, entries[at])
	}
	return found, nil
}

// tried are the keys that are unclean, not quarantined yet, and were copied in vain: a person may know what the tenth attempt would show.
func (s *session) tried(ctx context.Context, limit int) ([]journal.Entry, error) {
	entries, err := s.migration.Journal().Unclean(ctx, journal.Query{Limit: limit})
	if err != nil {
		return nil, fmt.Errorf("list the unclean keys: %w", err)
	}
	return slices.DeleteFunc(entries, func(e journal.Entry) bool { return e.Quarantined || e.Attempts == 0 }), nil
}

func keysOf(entries []journal.Entry) []string {
	keys := []string{}
	for _, e := range entries {
		keys = append(keys, e.Key.String())
	}
	return keys
}

// retry gives quarantined keys back to the reconciler: those named, or all.
func (s *session) retry(ctx context.Context, entries []journal.Entry, names []string) error {
	entries, err := named(entries, names)
	if err != nil {
		return err
	}
	if !s.dry {
		if err := s.giveBack(ctx, entries); err != nil {
			return err
		}
	}
	return s.print(keysOf(entries), func(w io.Writer) { fmt.Fprintf(w, "%d keys are tried again\n", len(entries)) })
}

// giveBack makes quarantined keys dirty.
func (s *session) giveBack(ctx context.Context, entries []journal.Entry) error {
	for _, e := range entries {
		if err := s.migration.Journal().MarkDirty(ctx, []journal.Key{e.Key}, e.Primary); err != nil {
			return fmt.Errorf("retry %v: %w", e.Key, err)
		}
	}
	return s.note(ctx, fmt.Sprintf("gave %d quarantined keys back to the reconciler", len(entries)))
}

// note adds to the trail what this command did beside the record.
func (s *session) note(ctx context.Context, what string) error {
	return control.Note(ctx, s.control, s.by, what, s.why)
}

// drop takes keys out of the journal as they are. Nobody has looked whether the stores agree on them, so that no certificate
// outlives it.
func (s *session) drop(ctx context.Context, entries []journal.Entry, names []string, confirmed bool) error {
	entries, err := named(entries, names)
	if err != nil {
		return err
	}
	if !confirmed {
		return fmt.Errorf("%w: the stores may differ in %s from then on, and certificates become void: confirm with --confirm",
			errUsage, strings.Join(keysOf(entries), ", "))
	}
	if s.dry {
		return s.print(keysOf(entries), func(w io.Writer) { fmt.Fprintf(w, "%d keys would be dropped\n", len(entries)) })
	}
	drop := quarantine.Drop{
		Journal: s.migration.Journal(), Control: s.control, By: s.by,
		Owner: s.migration.Instance() + "/drop", Lease: closeTimeout,
	}
	if err := drop.Keys(ctx, entries); err != nil {
		return err
	}
	if err := s.note(ctx, "dropped from the journal: "+strings.Join(keysOf(entries), ", ")); err != nil {
		return err
	}
	return s.print(keysOf(entries), func(w io.Writer) {
		fmt.Fprintf(w, "%d keys dropped: the stores may differ in them, and certificates are void: run verify\n", len(entries))
	})
}
