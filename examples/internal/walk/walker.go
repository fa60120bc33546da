package walk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/examples/internal/debindex"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

const (
	// settle is longer than any statement of the examples' stores may take to land after its caller gave up on it.
	settle = 250 * time.Millisecond
	// lease is short, so that the walk need not wait long for its own killed predecessor.
	lease = 2 * time.Second
	// patience is how long the walk waits for a gate to open.
	patience = 3 * time.Minute
	// kind is the entity kind of both examples.
	kind = "Package"
)

// walker is one process of a walk.
type walker[K, P any] struct {
	subject     Subject[K, P]
	options     options
	records     []debindex.Record
	world       *World[K, P]
	coordinator *control.Coordinator
	reconciler  *reconcile.Reconciler
	injector    *injector
	traffic     *Traffic[K, P]
	flowing     bool
	ledger      *Ledger
	counts      Counts
	verified    atomic.Int64 // entities that verify passes compared
	account     *account
	log         *slog.Logger
	dying       atomic.Bool // a kill was asked for
}

// run walks from the station that is next to the end. It fails if anything was lost or diverged.
func run[K, P any](ctx context.Context, subject Subject[K, P], o options, out io.Writer) (err error) {
	records, err := o.records()
	if err != nil {
		return err
	}
	saved, err := loadProgress(o.directory)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(o.directory, "log.jsonl"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	w := &walker[K, P]{subject: subject, options: o, records: records, log: slog.New(slog.NewJSONHandler(log, nil))}
	if w.ledger, err = OpenLedger(filepath.Join(o.directory, "ledger")); err != nil {
		return err
	}
	defer w.ledger.Close()
	if err := w.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.world.Close(context.WithoutCancel(ctx))) }()
	w.account = &account{out: out, directory: o.directory, progress: saved, before: saved.Totals, current: w.totals}
	w.account.before.Acknowledged = 0 // the ledger counts over all processes
	w.counts.examples = saved.Examples
	return w.walk(ctx)
}

// open opens the stores behind the wrapper, with faults, and each alone, for the audits.
func (w *walker[K, P]) open(ctx context.Context) error {
	backend, err := w.backend(ctx)
	if err != nil {
		return err
	}
	flags := backend.Control
	if err := control.Init(ctx, flags, "walk"); err != nil {
		return errors.Join(err, backend.Close())
	}
	var faults [2]dualtest.Faults
	w.world, err = w.subject.Open(ctx, w.options.directory, &faults, dual.Config{
		Name: "catalog", Control: flags, Journal: backend.Journal, Identify: dual.Fingerprints("the catalog's old store", "the catalog's new store"), Settle: settle, Lease: lease, Logger: w.log,
	})
	if err != nil {
		return errors.Join(err, backend.Close())
	}
	w.world.closers = append(w.world.closers, func(context.Context) error { return backend.Close() })
	migration := w.world.Migration
	w.injector = &injector{phase: migration.Phase, writes: w.subject.Writes, lies: w.options.broken == breakMirrorLies}
	w.injector.arm(&faults)
	w.coordinator = control.NewCoordinator(flags, migration.Journal())
	w.reconciler = reconcile.New(migration, reconcile.Config{
		Owner: migration.Instance(), Lease: lease, Settle: settle, Interval: settle / 2, Backoff: settle, MaxBackoff: time.Second, Rate: -1, Logger: w.log,
		QuarantineAfter: 1000, // with pauses of a second, the usual ten are over before a store that was killed is there again
	})
	w.traffic = &Traffic[K, P]{subject: &w.subject, target: w.world.Dual, ledger: w.ledger, records: w.records, counts: &w.counts}
	return nil
}

func (w *walker[K, P]) backend(ctx context.Context) (Backend, error) {
	if w.subject.Backend == nil {
		return flagFile(w.options.directory)
	}
	return w.subject.Backend(ctx, w.options.directory)
}

// walk visits the stations from the next one on, while the reconciler runs beside.
func (w *walker[K, P]) walk(ctx context.Context) error {
	background, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { w.reconciler.Run(background) })
	running.Go(func() { w.keepAccount(background) })
	defer func() {
		w.traffic.Stop()
		stop()
		running.Wait()
	}()
	w.greet()
	stations := w.stations()
	shares := w.options.shares(stations)
	for next := w.account.progress.Station; next < len(stations); next++ {
		station := stations[next]
		w.account.begin(station.doing)
		w.flow(ctx, !station.quiet)
		if err := w.visit(ctx, station, shares[next]); err != nil {
			return fmt.Errorf("%s: %w", station.name, err)
		}
		w.account.line(w.world.Migration.Phase(), station.name)
		if err := w.account.reach(next + 1); err != nil {
			return err
		}
	}
	return w.judge()
}

// greet begins the account, or goes on with it after a kill.
func (w *walker[K, P]) greet() {
	if w.account.kills() == 0 {
		fmt.Fprintf(w.account.out, "%s packages move from %s to %s, while %d writers and %d readers use them and both stores fail now and then.\n\n",
			number(int64(len(w.records))), w.subject.From, w.subject.To, writers, readers)
		w.account.head()
		return
	}
	w.account.note(w.world.Migration.Phase(), "kill -9; started again with the phase that the flag file names and %s acknowledged writes in the ledger",
		number(int64(w.ledger.Acknowledged())))
}

// flow starts or stops the traffic and the failures.
func (w *walker[K, P]) flow(ctx context.Context, wanted bool) {
	switch {
	case wanted && !w.flowing:
		w.injector.on.Store(true)
		w.traffic.Start(ctx)
	case !wanted && w.flowing:
		w.traffic.Stop()
		w.injector.on.Store(false)
	}
	w.flowing = wanted
}

// keepAccount saves the totals often, since nobody knows when the process is killed.
func (w *walker[K, P]) keepAccount(ctx context.Context) {
	for ctx.Err() == nil {
		w.account.beat(w.world.Migration.Phase())
		pauseFor(ctx, 50*time.Millisecond)
	}
}

// totals are those of this process.
func (w *walker[K, P]) totals() Totals {
	stats := w.world.Migration.Stats()
	return Totals{
		Calls: stats.Calls, Acknowledged: int64(w.ledger.Acknowledged()), Refused: w.counts.Refused.Load(),
		Mirrored: stats.Mirrored, Failed: stats.MirrorFailed, Repaired: w.reconciler.Stats().Copied,
		Compared: stats.Compared + w.verified.Load(), Lost: w.counts.Lost.Load(), Diverged: w.counts.Diverged.Load(),
	}
}

// judge ends the account. A walk in which something did not happen at all proves nothing, so it fails, too.
func (w *walker[K, P]) judge() error {
	t := w.account.tick()
	fmt.Fprintf(w.account.out, "\n%s writes were acknowledged; %s calls failed in their primary and were repeated.\n",
		number(t.Acknowledged), number(t.Refused))
	for _, example := range w.counts.Examples() {
		fmt.Fprintln(w.account.out, "  "+example)
	}
	for name, count := range map[string]int64{
		"no write was mirrored": t.Mirrored, "no mirror write failed": t.Failed, "nothing was repaired": t.Repaired,
		"nothing was compared": t.Compared, "the process was not killed": t.Kills,
	} {
		if count == 0 {
			return errors.New("the walk proves nothing: " + name)
		}
	}
	if t.Lost != 0 || t.Diverged != 0 {
		return fmt.Errorf("lost %d acknowledged writes, %d packages diverged", t.Lost, t.Diverged)
	}
	fmt.Fprintf(w.account.out, "The process was killed %d times. Lost: 0. Diverged: 0.\n", t.Kills)
	return nil
}

// pauseFor waits, unless ctx ends first.
func pauseFor(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
