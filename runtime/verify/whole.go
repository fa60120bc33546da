package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/owner"
	"github.com/dualgen/dualgen/runtime/journal"
)

// wholeClaim is the pass's token on the whole kind, if the kind was unclean as a whole.
type wholeClaim struct {
	journal journal.Journal
	key     dual.Key
	owner   *owner.Owner
	token   journal.Token
	held    bool
}

// claimed runs the comparison under the claim on the whole kind: what is written under the kind meanwhile marks it again.
func claimed(ctx context.Context, p *pass, compare func(context.Context) error) error {
	if p.hooks.Off.CopyThenClear { // the order that loses a mark, for the test that shows it
		if err := compare(ctx); err != nil {
			return err
		}
		return p.claimWhole(ctx)
	}
	if err := p.claimWhole(ctx); err != nil {
		return err
	}
	return compare(ctx)
}

// claimWhole looks for an entry of the whole kind. With repair it takes a copier's token on it, which clears the entry's mark,
// so that a write of unknown keys sets it again.
func (p *pass) claimWhole(ctx context.Context) error {
	w := &p.whole
	w.journal, w.key = p.migration.Journal(), dual.Key{Kind: p.kind, Whole: true}
	_, unclean, err := w.journal.Lookup(ctx, w.key)
	if err != nil {
		return fmt.Errorf("look %v up in the journal: %w", w.key, err)
	}
	p.report.Whole = unclean
	if !unclean || !p.config.Repair {
		return nil
	}
	if w.owner, err = owner.Start(ctx, w.journal, p.migration.Instance()+"/verify", p.config.Lease, p.hooks); err != nil {
		return err
	}
	for try := 0; try < maxLooks && !w.held; try++ {
		if try > 0 {
			if err := p.hooks.Sleep(ctx, p.config.Settle+time.Millisecond); err != nil {
				return err
			}
		}
		if _, err := w.journal.Expire(ctx); err != nil {
			return fmt.Errorf("expire journal leases: %w", err)
		}
		if w.token, w.held, err = w.journal.BeginCopy(ctx, w.owner.ID(), w.key, p.config.Settle); err != nil {
			return fmt.Errorf("claim %v: %w", w.key, err)
		}
	}
	return nil
}

// release gives the token up: clean only if the pass marked every key that differed. If a write of unknown keys came in
// between, the kind stays unclean all the same.
func (w *wholeClaim) release(ctx context.Context, clean bool) (cleared bool, err error) {
	if w.owner == nil {
		return false, nil
	}
	defer w.owner.Stop()
	if !w.held {
		return false, nil
	}
	w.held = false
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err = w.journal.End(ctx, w.key, w.token, clean)
	if errors.Is(err, journal.ErrTokenLost) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("give up the claim on %v: %w", w.key, err)
	}
	_, unclean, err := w.journal.Lookup(ctx, w.key)
	return !unclean, err
}
