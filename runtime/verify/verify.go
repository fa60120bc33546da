// Package verify compares what the two stores hold of one entity kind, and issues the certificate of parity that the
// coordinator asks for.
//
// It reads both stores whole, so that an entity which only one of them has is found on either side. Where both list
// their entities in one key order (of the encoded keys, as text or as numbers) it merges the two lists and keeps a page of
// each in memory. Where they do not it reads both stores several times and compares one part of the key space a pass,
// with at most about MaxRows entities in memory.
//
// A key that differs is not reported at once: it is read again from both stores after the settle window, and counts only
// if it differs still, the journal does not know it as unclean, and nobody wrote it in the meantime. So a write in flight
// is never reported.
//
// In the end both stores are listed once more, by other code and in pages of another size, and the sets of keys are
// compared by count and digest: a scan or a comparison that loses keys is found out. A difference in that withholds the
// certificate.
//
// With Repair the keys that differ are marked dirty, and the reconciler copies them; the next pass proves it. Repair also clears the entry of a
// whole kind, which writes of unknown keys leave behind.
package verify

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/maphash"
	"log/slog"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/internal/pace"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Errors that callers tell apart.
var (
	// ErrNotReady: the fleet does not write both stores, or has not settled in its phase.
	ErrNotReady = errors.New("dualgen: verify cannot run in this phase")
	// ErrNoScan: the entity kind is not known, or has no method that lists it.
	ErrNoScan = errors.New("dualgen: entity kind cannot be listed")
	// ErrRunning: another pass over the same kind runs. See Config.Takeover.
	ErrRunning = errors.New("dualgen: another verify pass over this kind is running")
	// ErrSuperseded: another pass over the same kind began meanwhile.
	ErrSuperseded = errors.New("dualgen: another verify pass over this kind began meanwhile")
)

// Migration is what verify needs to know of a migration. *dual.Migration is one.
type Migration interface {
	Journal() journal.Journal
	Control() control.Control
	Copiers() []dual.Copier
	Instance() string
	Settle() time.Duration
}

// identifier is a Migration that knows what its stores are.
type identifier interface {
	Identify(ctx context.Context) ([2]control.Identity, error)
}

// pass is one run over one kind.
type pass struct {
	migration Migration
	config    Config
	hooks     hooks.Hooks
	copier    dual.Copier
	kind      string
	pacer     *pace.Pacer
	log       *slog.Logger
	seed      maphash.Seed

	id          string
	began       control.Record // when the pass began
	mixed       string         // the instance of another build that was there then
	stores      [2]control.Identity
	incarnation string      // of the journal, when the pass began
	since       journal.Seq // of the journal, when the pass began
	whole       wholeClaim

	report        Report
	suspects      []suspect
	toMark        []dual.Key
	listed, again [2]digest // by the comparing scan, by the second
	doubted       []bool    // in which a key was a suspect
	skipped       int
	told          time.Time // when the pass's progress was told last
}

// Run compares all entities of one kind. An error means that the comparison could not be made; differences are no error,
// but are in the report, and withhold the certificate unless Repair marked them.
func Run(ctx context.Context, m Migration, kind string, config Config) (Report, error) {
	began := time.Now()
	config = config.withDefaults(m)
	copier, err := scannable(m.Copiers(), kind)
	if err = errors.Join(config.check(), err); err != nil {
		return Report{}, err
	}
	p := &pass{
		migration: m, config: config, hooks: hooks.Or(config.Hooks), copier: copier, kind: kind,
		pacer: pace.New(pace.Config{Max: config.Rate, Min: minRate, Target: latency, Paused: func() bool { return owner.Paused(m) }}),
		log:   config.Logger.With("component", "verify", "kind", kind),
		seed:  maphash.MakeSeed(), id: "verify/" + kind + "/" + rand.Text()[:10],
		report: Report{Kind: kind}, told: hooks.Or(config.Hooks).Now(),
	}
	p.forget()
	err = p.run(ctx)
	p.report.Took = time.Since(began)
	if err != nil {
		return p.report, fmt.Errorf("verify %s: %w", kind, err)
	}
	p.log.InfoContext(ctx, "verify pass ended", "compared", p.report.Compared, "differed", p.report.Differed(),
		"repaired", p.report.Repaired, "certified", p.report.Certified, "reason", p.report.Reason)
	return p.report, nil
}

func scannable(copiers []dual.Copier, kind string) (dual.Copier, error) {
	for _, copier := range copiers {
		if copier.Kind() != kind {
			continue
		}
		if !copier.CanScan() {
			return nil, fmt.Errorf("%w: %s; name a listing method with scan= in its entity directive", ErrNoScan, kind)
		}
		return copier, nil
	}
	return nil, fmt.Errorf("%w: this program has no entity %s", ErrNoScan, kind)
}

// run makes the pass between the journal's Track and Untrack.
func (p *pass) run(ctx context.Context) error {
	var err error
	if p.began, err = p.ready(ctx); err != nil {
		return err
	}
	if m, ok := p.migration.(identifier); ok {
		if p.stores, err = m.Identify(ctx); err != nil {
			return err
		}
	}
	last, err := mayRun(ctx, p)
	if err != nil {
		return err
	}
	here.Store(p.id, nil)
	defer p.untrack(ctx) // a mark that could not be stored may be there
	if err := p.track(ctx, last); err != nil {
		return err
	}
	if err := claimed(ctx, p, p.findAll); err != nil {
		_, _ = p.whole.release(ctx, false) // the pass's own error is the one to report
		return err
	}
	p.report.Reason, err = p.objection(ctx)
	cleared, released := p.whole.release(ctx, err == nil && p.repaired())
	if err := errors.Join(err, released); err != nil {
		return err
	}
	if p.report.Whole = p.report.Whole && !cleared; p.report.Whole && p.report.Reason == "" {
		p.report.Reason = "the whole kind is unclean: verify it with repair"
	}
	if p.report.Reason == "" || p.report.Differed() > 0 {
		return p.certify(ctx)
	}
	return nil
}

// admitted says why what this instance compares counts for nothing.
func (p *pass) admitted() error {
	if err := owner.Admitted(p.migration); err != nil {
		return fmt.Errorf("%w: %w", ErrNotReady, err)
	}
	return nil
}

// ready checks that both stores are written and no call of an earlier phase is in flight.
func (p *pass) ready(ctx context.Context) (control.Record, error) {
	if err := p.admitted(); err != nil {
		return control.Record{}, err
	}
	record, mixed, err := control.Begin(ctx, p.migration.Control(), p.kind, p.copier.Shape(), p.migration.Instance())
	p.mixed = mixed
	var refusal *control.Refusal
	switch {
	case errors.As(err, &refusal):
		return record, fmt.Errorf("%w: %w", ErrNotReady, err)
	case err != nil:
		return record, fmt.Errorf("look at the fleet: %w", err)
	case !record.Phase.Mirrored():
		return record, fmt.Errorf("%w: in %v only one store is written", ErrNotReady, record.Phase)
	}
	return record, nil
}

func (p *pass) findAll(ctx context.Context) error {
	if p.config.Sample > 0 {
		return errors.Join(p.sample(ctx), p.clearUp(ctx))
	}
	if err := p.match(ctx); err != nil {
		return err
	}
	if err := p.clearUp(ctx); err != nil {
		return err
	}
	return p.secondOpinion(ctx)
}

// restart forgets what a merge found that turned out to be none.
func (p *pass) restart() {
	p.report = Report{Kind: p.kind, Order: p.report.Order, Passes: p.report.Passes, Whole: p.report.Whole}
	p.suspects, p.toMark = nil, nil
	p.forget()
}

// forget makes the books of the second count empty.
func (p *pass) forget() {
	p.listed = [2]digest{p.newDigest(), p.newDigest()}
	p.doubted = make([]bool, p.config.Buckets)
}

// repaired reports whether everything that may differ is in the journal by its own key.
func (p *pass) repaired() bool {
	return p.config.Repair && p.config.Sample == 0 && p.report.Mismatched == 0 && len(p.toMark) == 0
}

// objection says why no certificate can be issued, or nothing.
func (p *pass) objection(ctx context.Context) (string, error) {
	r := &p.report
	latest, err := activity.LoadPass(ctx, p.migration.Control(), p.kind)
	if err != nil {
		return "", err
	}
	if latest.Track != p.id {
		return "", ErrSuperseded
	}
	incarnation, err := p.migration.Journal().Incarnation(ctx)
	if err != nil {
		return "", fmt.Errorf("read the journal's incarnation: %w", err)
	}
	counts, err := p.migration.Journal().Counts(ctx, p.kind)
	if err != nil {
		return "", fmt.Errorf("count the unclean keys: %w", err)
	}
	quarantined := counts.Quarantined
	switch {
	case p.config.Sample > 0:
		return "a sample proves nothing", nil
	case incarnation != p.incarnation:
		return "the journal lost its memory during the pass: run it again", nil
	case r.Whole && !p.whole.held:
		return "the whole kind is unclean: verify it with repair", nil
	case r.Mismatched > 0:
		return "a second scan listed other keys: the listing method of a store loses or repeats keys, or writes bypass the wrapper", nil
	case r.Differed() > 0 && !p.config.Repair:
		return "the stores differ: verify with repair", nil
	case r.Differed() > 0:
		return "the stores differed: verify again when the reconciler has copied the keys that were marked", nil
	case r.Stuck > 0 && !p.config.off.stuck:
		return fmt.Sprintf("%d keys differ and could not be copied so far: mend what their cause says (status, quarantine list), let the reconciler copy them, and verify again", r.Stuck), nil
	case quarantined > 0 && !p.config.off.stuck:
		return fmt.Sprintf("%s keys of the kind are given up, since they cannot be copied: see quarantine list", counts.Text(quarantined)), nil
	case r.Busy > 0 && !p.config.Repair:
		return "some keys differed and were written during each look: run it again, or with repair", nil
	}
	return "", nil
}
