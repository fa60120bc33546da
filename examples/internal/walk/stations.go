package walk

import (
	"context"
	"errors"
	"fmt"
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

// stations is the whole way.
func (w *walker[K, P]) stations() []station {
	return []station{
		{"loading the index", "the index is loaded", true, w.load},
		{"in use", "in use, not yet migrating", false, w.stay},
		{"waiting for the gates", "writes are mirrored", false, w.forward(dual.OldPrimary)},
		{"backfill", "backfill done", false, w.backfill},
		{"verifying", "verified, differences repaired", false, w.verify},
		{"waiting for the gates", "guarded, old still answers", false, w.forward(dual.OldGuarded)},
		{"waiting for the gates", "cut over: new answers", false, w.forward(dual.NewGuarded)},
		{"waiting for the gates", "taken back: old answers again", false, w.back(dual.OldGuarded)},
		{"waiting for the gates", "cut over again", false, w.forward(dual.NewGuarded)},
		{"waiting for the gates", "new is primary, old is mirrored", false, w.forward(dual.NewPrimary)},
		{"in use", "in use after a kill -9", false, w.killed},
		{"verifying", "verified, differences repaired", false, w.verify},
		{"auditing", "audit: both stores, the ledger", true, w.auditBoth},
		{"waiting for the gates", "old is no longer used", false, w.forward(dual.NewOnly)},
		{"auditing", "audit: new store, the ledger", true, w.auditNew},
	}
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

// stay lets the traffic flow for a while.
func (w *walker[K, P]) stay(ctx context.Context) error {
	pauseFor(ctx, w.options.stay)
	return ctx.Err()
}

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
			_, err := move(ctx, control.Step{By: "walk", Confirm: to == dual.NewOnly})
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

// arrive waits until this instance is in a phase. In the mirrored phases a quarter of the reads is compared.
func (w *walker[K, P]) arrive(ctx context.Context, to dual.Phase) error {
	deadline := time.Now().Add(patience)
	for w.world.Migration.Phase() != to {
		if time.Now().After(deadline) {
			return fmt.Errorf("the instance does not follow to %v", to)
		}
		pauseFor(ctx, 5*time.Millisecond)
	}
	if to != dual.OldPrimary {
		return nil
	}
	settings := dual.Settings{Compare: 0.25}
	if w.options.broken == breakMirrorLies {
		settings.Compare = 0 // a comparison would find the lie, and void the certificate, before the ledger can
	}
	_, err := w.coordinator.Set(ctx, settings, control.Step{By: "walk"})
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
			w.crash(ctx, fmt.Sprintf("backfill at %s of %s packages", number(p.Copied), number(int64(len(w.records)))))
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

// killed has the process killed once, in the midst of its work.
func (w *walker[K, P]) killed(ctx context.Context) error {
	w.crash(ctx, "new is primary, traffic flows")
	return w.stay(ctx)
}

// crash asks for a kill -9, unless this station has had its own, and goes on with its work until then.
func (w *walker[K, P]) crash(ctx context.Context, where string) {
	if w.account.progress.Crashed {
		return
	}
	w.account.line(w.world.Migration.Phase(), where)
	if err := w.account.crash(); err != nil {
		w.account.note(w.world.Migration.Phase(), "%v", err)
		return
	}
	fmt.Fprintln(w.account.out, killMe)
	<-ctx.Done()
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

func (w *walker[K, P]) auditNew(ctx context.Context) error {
	_, err := w.traffic.Audit(ctx, w.world.Single[dual.New], w.subject.To)
	return err
}
