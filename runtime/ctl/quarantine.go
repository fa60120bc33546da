package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

func bindQuarantine(flags *flag.FlagSet) func(context.Context, *session) error {
	limit := flags.Int("limit", 1000, "how many keys at most")
	confirm := flags.Bool("confirm", false, "drop: accept that the stores may differ in the keys")
	return func(ctx context.Context, s *session) error {
		verb, names := quarantineVerb(s.args, confirm)
		if verb == "" {
			return fmt.Errorf("%w: quarantine list, quarantine drop --confirm KEY..., or quarantine retry [KEY...]", errUsage)
		}
		entries, err := s.migration.Journal().Unclean(ctx, journal.Query{Quarantined: true, Limit: *limit})
		if err != nil {
			return fmt.Errorf("list the quarantined keys: %w", err)
		}
		if verb == "list" {
			return s.print(entries, func(w io.Writer) {
				for _, e := range entries {
					fmt.Fprintf(w, "%v  copied from %v, %d attempts, last %v ago\n  %s\n", e.Key, e.Primary, e.Attempts, e.Idle.Round(time.Second), line(e.Cause))
				}
				fmt.Fprintf(w, "%d quarantined\n", len(entries))
			})
		}
		if verb == "drop" {
			return s.drop(ctx, entries, names, *confirm)
		}
		return s.retry(ctx, entries, names)
	}
}

// quarantineVerb splits the arguments into what to do, empty if that is wrong, and the keys. --confirm may stand behind them.
func quarantineVerb(args []string, confirm *bool) (verb string, names []string) {
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
			return nil, fmt.Errorf("%s is not quarantined; quarantine list shows those that are", name)
		}
		found = append(found, entries[at])
	}
	return found, nil
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
	for _, e := range entries {
		if err := s.migration.Journal().MarkDirty(ctx, []journal.Key{e.Key}, e.Primary); err != nil {
			return fmt.Errorf("retry %v: %w", e.Key, err)
		}
	}
	return s.print(keysOf(entries), func(w io.Writer) { fmt.Fprintf(w, "%d keys are tried again\n", len(entries)) })
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
	if err := control.VoidParity(ctx, s.migration.Control(), s.by); err != nil {
		return fmt.Errorf("void the certificates: %w", err)
	}
	owner := s.migration.Instance() + "/drop"
	if err := s.migration.Journal().Renew(ctx, owner, closeTimeout); err != nil { // should this command die meanwhile
		return fmt.Errorf("take a lease in the journal: %w", err)
	}
	for _, e := range entries {
		if err := s.dropOne(ctx, owner, e); err != nil {
			return fmt.Errorf("drop %v: %w", e.Key, err)
		}
	}
	return s.print(keysOf(entries), func(w io.Writer) {
		fmt.Fprintf(w, "%d keys dropped: the stores may differ in them, and certificates are void: run verify\n", len(entries))
	})
}

// dropOne ends an entry by the claim of a copy that copies nothing. A key that somebody uses by now is left alone.
func (s *session) dropOne(ctx context.Context, owner string, e journal.Entry) error {
	j := s.migration.Journal()
	if err := j.MarkDirty(ctx, []journal.Key{e.Key}, e.Primary); err != nil { // a quarantined key gives no claim
		return err
	}
	token, ok, err := j.BeginCopy(ctx, owner, e.Key, 0)
	if err != nil {
		return err
	}
	if !ok {
		return errors.New("it is written at this moment, or a reconciler has it: try again")
	}
	return j.End(ctx, e.Key, token, true)
}
