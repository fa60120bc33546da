package walk

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/verify"
)

// station is one part of the way. A station that was interrupted by a kill is visited again.
type station struct {
	doing string // while it is visited
	name  string // when it was
	quiet bool   // without traffic and without failures
	visit func(ctx context.Context) error
}

// load saves the index through the wrapper, into the old store.
func (w *walker[K, P]) load(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(writers)
	for _, record := range w.records {
		group.Go(func() error { return w.loadOne(ctx, record) })
	}
	return group.Wait()
}

func (w *walker[K, P]) loadOne(ctx context.Context, record debindex.Record) error {
	state := State{Present: true}
	p, err := w.subject.Build(record, state)
	if err != nil {
		return err
	}
	number, err := w.ledger.Begin(record.Name, state)
	if err != nil {
		return err
	}
	if err := w.world.Dual.Save(ctx, p); err != nil {
		return err
	}
	return w.ledger.Done(record.Name, number)
}

// stay lets the traffic flow for a while. Where a test has a store that it kills, it does so meanwhile, twice, and the store is there again
// at the end: what follows may read it without a wrapper that knows of failures.
func (w *walker[K, P]) stay(ctx context.Context) error {
	pauseFor(ctx, w.options.stay)
	address := os.Getenv(StoreVariable)
	if address == "" || !w.flowing {
		return ctx.Err()
	}
	for range 2 {
		if err := killStore(ctx, address); err != nil {
			return fmt.Errorf("have a store killed: %w", err)
		}
		pauseFor(ctx, w.options.stay)
	}
	w.account.note(w.world.Migration.Phase(), "a store was killed by kill -9 twice, and started again")
	return ctx.Err()
}

func killStore(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		return errors.Join(err, errors.New(answer.Status))
	}
	return nil
}

// StoreVariable is an address that kills a store, starts it again, and answers once it does.
const StoreVariable = "DUALGEN_WALK_KILL_STORE"

func (w *walker[K, P]) forward(to dual.Phase) func(context.Context) error {
	return w.step(to, w.coordinator.Advance)
}

func (w *walker[K, P]) back(to dual.Phase) func(context.Context) error {
	return w.step(to, w.coordinator.Back)
}

// step moves to a phase as soon as its gates are open, and stays there for a while.
func (w *walker[K, P]) step(to dual.Phase, move func(context.Context, control.Step) (control.Record, error)) func(context.Context) error {
	return func(ctx context.Context) error {
		deadline := time.Now().Add(patience)
		for w.world.Migration.Phase() != to {
			_, err := move(ctx, control.Step{By: "walk", Confirm: to == dual.NewOnly || w.subject.Route != CopyFirst})
			var refusal *control.Refusal
			switch {
			case err == nil:
				if err := w.arrive(ctx, to); err != nil {
					return err
				}
			case !errors.As(err, &refusal) && !errors.Is(err, control.ErrConflict), time.Now().After(deadline):
				return err
			}
			pauseFor(ctx, 50*time.Millisecond)
		}
		return w.stay(ctx)
	}
}

// arrive waits until this instance is in a phase. Where all is copied first, a quarter of the reads is compared in the mirrored phases.
func (w *walker[K, P]) arrive(ctx context.Context, to dual.Phase) error {
	deadline := time.Now().Add(patience)
	for w.world.Migration.Phase() != to {
		if time.Now().After(deadline) {
			return fmt.Errorf("the instance does not follow to %v", to)
		}
		pauseFor(ctx, 5*time.Millisecond)
	}
	if to != dual.OldPrimary || w.subject.Route != CopyFirst || w.options.broken == breakMirrorLies {
		return nil // a comparison would find a lie, and void the certificate, before the ledger can
	}
	return w.set(ctx, dual.Settings{Compare: 0.25})
}

func (w *walker[K, P]) set(ctx context.Context, settings dual.Settings) error {
	_, err := w.coordinator.Set(ctx, settings, control.Step{By: "walk", Confirm: true})
	return err
}

// backfill copies what was there before. The first process to visit is killed in the middle.
func (w *walker[K, P]) backfill(ctx context.Context) error {
	const chunk = 100
	chunks, cursor := 0, "" // what the traffic writes meanwhile need not be copied, so that copies do not say how far it is
	config := backfill.Config{Chunk: chunk, Rate: -1, Lease: lease, Settle: settle, Logger: w.log, OnProgress: func(p backfill.Progress) {
		w.account.continues(fmt.Sprintf("backfill, %s copied", number(p.Copied)))
		if p.Cursor != cursor {
			chunks, cursor = chunks+1, p.Cursor
		}
		if chunks*chunk > len(w.records)*2/5 {
			w.crash(ctx, fmt.Sprintf("backfill at %s of %s packages", number(p.Copied), number(int64(len(w.records)))), 1)
		}
	}}
	return w.insist(ctx, func() (bool, error) {
		report, err := backfill.Run(ctx, w.world.Migration, kind, config)
		return report.Complete, err
	})
}

// verify compares the stores under traffic until they are certified to be equal, and repairs what differs.
func (w *walker[K, P]) verify(ctx context.Context) error {
	return w.insist(ctx, func() (bool, error) {
		report, err := verify.Run(ctx, w.world.Migration, kind, verify.Config{Repair: true, Page: 200, Rate: -1, Settle: settle, Logger: w.log})
		w.verified.Add(report.Compared)
		equal := report.Certified
		if err == nil && !equal {
			w.account.note(w.world.Migration.Phase(), "verify: %s compared, %s differ: repaired, to be verified again",
				number(report.Compared), number(report.Differed()))
		}
		return equal, err
	})
}

// insist tries until it is done: the fleet may not have settled yet, and the stores fail on purpose.
func (w *walker[K, P]) insist(ctx context.Context, try func() (done bool, err error)) error {
	for deadline := time.Now().Add(patience); ; {
		done, err := try()
		if err == nil && done {
			return nil
		}
		if err != nil {
			w.log.Warn("tried again", "error", err)
		}
		if ctx.Err() != nil || time.Now().After(deadline) {
			return errors.Join(err, errors.New("not done in time"))
		}
		pauseFor(ctx, settle)
	}
}

// auditBoth waits until no key is unclean and audits.
func (w *walker[K, P]) auditBoth(ctx context.Context) error {
	err := w.insist(ctx, func() (bool, error) {
		counts, err := w.world.Migration.Journal().Counts(ctx, "")
		return counts.Unclean() == 0, err
	})
	if err != nil {
		return fmt.Errorf("keys stay unclean: %w", err)
	}
	if w.options.broken == breakCorruption {
		if err := w.corrupt(ctx); err != nil {
			return err
		}
	}
	return w.traffic.AuditBoth(ctx, w.world.Single)
}

// corrupt takes a package out of the new store, behind the wrapper's back.
func (w *walker[K, P]) corrupt(ctx context.Context) error {
	for _, record := range w.records {
		err := w.world.Single[dual.New].Delete(ctx, w.subject.Key(record.Name))
		if !errors.Is(err, w.subject.NotFound) {
			return err
		}
	}
	return errors.New("nothing to corrupt")
}

func (w *walker[K, P]) auditOne(position dual.Store) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := w.traffic.Audit(ctx, w.world.Single[position], [2]string{w.subject.From, w.subject.To}[position])
		return err
	}
}
