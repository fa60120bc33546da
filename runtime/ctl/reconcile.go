package ctl

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/outlook"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// betweenPasses is the pause of reconcile between two listings.
const betweenPasses = 500 * time.Millisecond

func bindReconcile(flags *flag.FlagSet) func(context.Context, *session) error {
	once := flags.Bool("once", false, "make one pass and stop")
	var config reconcile.Config
	flags.Float64Var(&config.Rate, "rate", 0, "copies a second at most; 0 for the default, negative for no limit")
	return func(ctx context.Context, s *session) error {
		if err := s.follow(ctx); err != nil {
			return err
		}
		if p := s.migration.Phase(); !p.Mirrored() {
			return fmt.Errorf("in %v only one store is written: there is nothing to reconcile", p)
		}
		if s.dry {
			counts, err := s.migration.Journal().Counts(ctx, "")
			if err != nil {
				return fmt.Errorf("count the unclean keys: %w", err)
			}
			return s.reconciled(ctx, reconcile.Stats{}, counts)
		}
		defer s.migration.Reconciling()()
		reconciler := reconcile.New(s.migration, config)
		tell := s.teller()
		for busy := time.Now(); ; {
			pass, err := reconciler.Once(ctx)
			if err != nil {
				return err
			}
			counts, err := s.migration.Journal().Counts(ctx, "")
			if err != nil {
				return fmt.Errorf("count the unclean keys: %w", err)
			}
			if pass.More || pass.Copied+pass.Failed+pass.Waiting > 0 {
				busy = time.Now()
			}
			tell("%d copied, %s unclean\n", reconciler.Stats().Copied, counts.Text(counts.Unclean()))
			// A key that was written just now waits for the settle window. What is there after that is in use, or not for us.
			over := counts.Unclean() == counts.Quarantined || time.Since(busy) > s.migration.Settle()+4*betweenPasses
			if *once || over {
				return s.reconciled(ctx, reconciler.Stats(), counts)
			}
			select {
			case <-time.After(betweenPasses):
			case <-ctx.Done():
				return errors.Join(ctx.Err(), s.reconciled(context.WithoutCancel(ctx), reconciler.Stats(), counts))
			}
		}
	}
}

// remains is what a reconciler left, and why.
type remains struct {
	Kinds map[string]string `json:"kinds,omitempty"` // whole kinds, and kinds without an entity: what to do
	Keys  []journal.Entry   `json:"keys,omitempty"`  // the first that cannot be copied
	InUse int               `json:"inUse"`           // of those listed
}

// remainsShown is how many keys reconcile names.
const remainsShown = 10

// remaining asks the journal what is left.
func (s *session) remaining(ctx context.Context) (remains, error) {
	entries, err := s.migration.Journal().Unclean(ctx, journal.Query{})
	if err != nil {
		return remains{}, fmt.Errorf("list the unclean keys: %w", err)
	}
	copied := make(map[string]bool)
	for _, copier := range s.migration.Copiers() {
		copied[copier.Kind()] = true
	}
	left := remains{Kinds: make(map[string]string)}
	for _, e := range entries {
		switch {
		case !copied[e.Key.Kind]:
			left.Kinds[e.Key.Kind] = "this program has no entity of the kind, so that nothing can copy its keys"
		case e.Key.Whole:
			left.Kinds[e.Key.Kind] = "the whole kind is unclean: verify --repair " + e.Key.Kind
		case e.Attempts > 0 || e.Quarantined:
			if len(left.Keys) < remainsShown {
				left.Keys = append(left.Keys, e)
			}
		default:
			left.InUse++
		}
	}
	return left, nil
}

// reconciled prints what was done and what is left. Keys that nobody retries are a difference between the stores.
func (s *session) reconciled(ctx context.Context, stats reconcile.Stats, counts journal.Counts) error {
	left, err := s.remaining(ctx)
	if err != nil {
		return err
	}
	err = s.print(struct {
		Stats   reconcile.Stats `json:"stats"`
		Left    journal.Counts  `json:"left"`
		Remains remains         `json:"remains"`
	}{stats, counts, left}, func(w io.Writer) {
		fmt.Fprintf(w, "%d copied, %d failed attempts; %s unclean, of them %s quarantined\n",
			stats.Copied, stats.Failed, counts.Text(counts.Unclean()), counts.Text(counts.Quarantined))
		for _, kind := range slices.Sorted(maps.Keys(left.Kinds)) {
			fmt.Fprintf(w, "  %s: %s\n", outlook.Line(kind), left.Kinds[kind])
		}
		for _, e := range left.Keys {
			writeStuck(w, e)
		}
		if left.InUse > 0 {
			fmt.Fprintf(w, "  %d more keys are in use, or were written just now\n", left.InUse)
		}
	})
	if err == nil && counts.Quarantined > 0 {
		err = fmt.Errorf("%w: %s keys are quarantined", errDiffer, counts.Text(counts.Quarantined))
	}
	return err
}

// writeStuck prints a key that cannot be copied, and why.
func writeStuck(w io.Writer, e journal.Entry) {
	state := "tried again later"
	if e.Quarantined {
		state = "given up"
	}
	fmt.Fprintf(w, "  %v cannot be copied from %v, %d attempts, %s: %s\n", e.Key, e.Primary, e.Attempts, state, outlook.Line(e.Cause))
}
