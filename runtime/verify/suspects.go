package verify

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/activity"
	"github.com/dualgen/dualgen/runtime/journal"
)

// suspect is a key that differed when it was listed. It is looked at again once the settle window has passed.
type suspect struct {
	key   dual.Key
	since time.Time
	looks int
}

// look is what a second look at a suspect found.
type look struct {
	suspect
	found       [2]bool
	differences []dual.Difference
	unclean     bool
	failed      bool // to be copied, once at least
	err         error
}

func (l look) differs() bool { return len(l.differences) > 0 }

// batchSize is how many suspects are looked at together, between two questions to the journal.
const batchSize = 512

// doubt adds a suspect, and looks at the oldest ones again if there are too many.
func (p *pass) doubt(ctx context.Context, key dual.Key) error {
	p.doubted[p.bucket(key)] = true
	p.suspects = append(p.suspects, suspect{key: key, since: p.hooks.Now()})
	if len(p.suspects) < maxSuspects {
		return nil
	}
	return p.lookAgain(ctx)
}

// clearUp looks at all suspects until none is left.
func (p *pass) clearUp(ctx context.Context) error {
	for len(p.suspects) > 0 {
		if err := p.lookAgain(ctx); err != nil {
			return err
		}
	}
	return nil
}

// lookAgain waits until the oldest suspect is due and reads it, and those after it that are due too, from both stores.
// What differs still counts only if the journal knows nothing of the key and nobody wrote it in the meantime.
func (p *pass) lookAgain(ctx context.Context) error {
	if p.config.off.reread {
		return p.believe(ctx)
	}
	if err := p.hooks.Sleep(ctx, p.config.Settle-p.hooks.Now().Sub(p.suspects[0].since)); err != nil {
		return err
	}
	due := p.takeDue()
	j := p.migration.Journal()
	since, err := j.Seq(ctx)
	if err != nil {
		return fmt.Errorf("read the journal's sequence: %w", err)
	}
	looks := p.readAll(ctx, due)
	written, err := p.writtenSince(ctx, since)
	if err != nil {
		return err
	}
	for _, l := range looks {
		if err := p.judge(ctx, l, written); err != nil {
			return err
		}
	}
	return p.repair(ctx)
}

// takeDue takes the suspects whose settle window has passed; they are in order of time.
func (p *pass) takeDue() []suspect {
	now, n := p.hooks.Now(), 1
	for n < len(p.suspects) && n < batchSize && now.Sub(p.suspects[n].since) >= p.config.Settle {
		n++
	}
	due := p.suspects[:n:n]
	p.suspects = p.suspects[n:]
	return due
}

func (p *pass) readAll(ctx context.Context, due []suspect) []look {
	looks := make([]look, len(due))
	if p.hooks.Manual { // on the caller's goroutine, for a test that schedules the steps itself
		for i, s := range due {
			looks[i] = p.look(ctx, s)
		}
		return looks
	}
	slots := make(chan struct{}, p.config.Workers)
	var workers sync.WaitGroup
	for i, s := range due {
		slots <- struct{}{}
		workers.Go(func() {
			defer func() { <-slots }()
			looks[i] = p.look(ctx, s)
		})
	}
	workers.Wait()
	return looks
}

// look reads a key from both stores and then asks the journal about it.
func (p *pass) look(ctx context.Context, s suspect) (l look) {
	l.suspect = s
	var rows [2]dual.Row
	for _, store := range []dual.Store{dual.Old, dual.New} {
		rows[store], l.found[store], l.err = p.readRow(ctx, store, s.key)
		if l.err != nil {
			return l
		}
	}
	switch {
	case l.found[dual.Old] && l.found[dual.New]:
		var err error
		if l.differences, err = p.diff(rows[dual.Old], rows[dual.New]); err != nil {
			l.differences = []dual.Difference{{Path: "(comparison failed: " + err.Error() + ")"}}
		}
	case l.found[dual.Old] || l.found[dual.New]:
		l.differences = []dual.Difference{{Path: "(present)", Old: l.found[dual.Old], New: l.found[dual.New]}}
	}
	if !l.differs() {
		return l
	}
	entry, unclean, err := p.migration.Journal().Lookup(ctx, s.key)
	if err != nil {
		l.err = fmt.Errorf("look %v up in the journal: %w", s.key, err)
		return l
	}
	l.unclean = unclean && !(entry.Key.Whole && p.whole.held)
	l.failed = l.unclean && entry.Attempts > 0
	return l
}

func (p *pass) readRow(ctx context.Context, store dual.Store, key dual.Key) (row dual.Row, found bool, err error) {
	defer caught(&err)
	ctx, cancel := context.WithTimeout(ctx, p.config.Timeout)
	defer cancel()
	row, found, err = p.copier.Row(ctx, store, key)
	if err != nil {
		return row, found, fmt.Errorf("read %v in the %v store: %w", key, store, err)
	}
	return row, found, nil
}

// written is which keys were written during a look.
type written struct {
	keys map[dual.Key]bool
	all  bool // writes that no key names
}

func (w written) has(key dual.Key) bool { return w.all || w.keys[key] }

func (p *pass) writtenSince(ctx context.Context, since journal.Seq) (written, error) {
	w := written{keys: make(map[dual.Key]bool)}
	if p.config.off.activity {
		return w, nil
	}
	question := activity.Question{Journal: p.migration.Journal(), Kind: p.kind, Since: since, Sleep: p.hooks.Sleep, Off: p.hooks.Off}
	if p.whole.held {
		question.Own = 1
	}
	answer, err := question.Ask(ctx)
	if err != nil {
		return w, err
	}
	for _, key := range answer.Keys {
		w.keys[key] = true
	}
	w.all = answer.Unnamed
	return w, nil
}

// judge decides what a look means.
func (p *pass) judge(ctx context.Context, l look, w written) error {
	switch {
	case l.err != nil && l.looks+1 < maxLooks && ctx.Err() == nil:
		p.lookLater(l.suspect) // a store that fails now and then must not cost the whole pass
	case l.err != nil:
		return l.err
	case !l.differs():
		p.report.Transient++
	case l.unclean && !p.config.off.activity:
		p.report.Unclean++
		if l.failed {
			p.report.Stuck++
		}
	case w.has(l.key):
		p.lookLater(l.suspect)
	default:
		p.differs(ctx, l)
	}
	return nil
}

// lookLater gives a key that is being written another settle window, a few times. With repair it is then marked: that
// costs one copy.
func (p *pass) lookLater(s suspect) {
	s.looks++
	if s.looks < maxLooks {
		s.since = p.hooks.Now()
		p.suspects = append(p.suspects, s)
		return
	}
	p.report.Busy++
	if p.config.Repair {
		p.toMark = append(p.toMark, s.key)
	}
}

// differs reports a key that differs for certain.
func (p *pass) differs(ctx context.Context, l look) {
	switch {
	case !l.found[dual.New]:
		p.report.OnlyOld++
	case !l.found[dual.Old]:
		p.report.OnlyNew++
	default:
		p.report.Different++
	}
	if len(p.report.Differences) < p.config.Shown {
		p.report.Differences = append(p.report.Differences, dual.Mismatch{Key: l.key, Differences: l.differences})
		p.log.WarnContext(ctx, "the stores differ", "key", l.key.String(), "fields", paths(l.differences))
	}
	if p.config.Repair {
		p.toMark = append(p.toMark, l.key)
	}
}

func paths(differences []dual.Difference) []string {
	names := make([]string, len(differences))
	for i, d := range differences {
		names[i] = d.Path
	}
	return names
}

// errPhase says that the fleet moved during the pass, so that nobody can say any longer which store is right.
var errPhase = errors.New("dualgen: the phase changed during the verify pass; run it again")

// repair marks what was found. The reconciler copies it, from the store that answers for it in the phase the pass began in.
func (p *pass) repair(ctx context.Context) error {
	if len(p.toMark) == 0 {
		return nil
	}
	current, err := p.migration.Control().Load(ctx)
	if err != nil {
		return fmt.Errorf("load the flag record: %w", err)
	}
	if current.Phase != p.began.Phase || current.MirroredSince != p.began.MirroredSince || current.Complete() != p.began.Complete() {
		return errPhase
	}
	var marks [2][]dual.Key // by the store that is right
	for _, key := range p.toMark {
		from := current.PrimaryOf(key)
		if p.hooks.Off.RepairPrimary {
			from = current.Phase.Primary()
		}
		marks[from] = append(marks[from], key)
	}
	for from, keys := range marks {
		if len(keys) == 0 {
			continue
		}
		if err := p.migration.Journal().MarkDirty(ctx, keys, dual.Store(from)); err != nil {
			return fmt.Errorf("mark the keys that differ: %w", err)
		}
	}
	p.report.Repaired += int64(len(p.toMark))
	p.toMark = p.toMark[:0]
	return nil
}

// believe takes every suspect for different, unseen. It is what the second look is there to prevent.
func (p *pass) believe(ctx context.Context) error {
	for _, s := range p.suspects {
		p.differs(ctx, look{suspect: s, found: [2]bool{true, true}})
	}
	p.suspects = nil
	return p.repair(ctx)
}
