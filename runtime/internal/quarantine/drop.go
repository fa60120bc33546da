// Package quarantine takes keys out of a journal that nobody can copy.
package quarantine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
)

// Drop says on whose behalf keys are taken out.
type Drop struct {
	Journal journal.Journal
	Control control.Control
	Owner   string        // in the journal
	Lease   time.Duration // of the owner, should it die meanwhile
	By      string        // in the flag record
	Off     hooks.Rules
}

// ErrWhole refuses to drop the entry of a whole kind: nobody could say any longer which of its entities were written, and a backfill
// that runs would not learn that any was.
var ErrWhole = errors.New("a whole kind is not dropped: a verify pass with repair compares it, and clears it")

var errBusy = errors.New("it is written at this moment, or a reconciler has it: try again")

// Keys takes entries out of the journal as they are. The stores may differ in the keys from then on, and no certificate outlives that.
//
// A verify pass says nothing of a key that is unclean: the reconciler will copy it. So that no pass passes over one that is about to be
// dropped, each key first gets an attempt that failed, which withholds a certificate. Only then the certificates become void, those of
// passes under way among them; and a pass that begins after that meets the failed attempt, or a key that the journal does not know.
func (d Drop) Keys(ctx context.Context, entries []journal.Entry) error {
	for _, e := range entries {
		if e.Key.Whole {
			return fmt.Errorf("drop %v: %w", e.Key, ErrWhole)
		}
	}
	if err := d.Journal.Renew(ctx, d.Owner, d.Lease); err != nil {
		return fmt.Errorf("take a lease in the journal: %w", err)
	}
	if d.Off.NoDropDoubt {
		if err := d.void(ctx); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := d.doubt(ctx, e); err != nil {
			return fmt.Errorf("drop %v: %w", e.Key, err)
		}
	}
	if !d.Off.NoDropDoubt {
		if err := d.void(ctx); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if err := d.end(ctx, e.Key); err != nil {
			return fmt.Errorf("drop %v: %w", e.Key, err)
		}
	}
	return nil
}

func (d Drop) void(ctx context.Context) error {
	if err := control.VoidParity(ctx, d.Control, d.By); err != nil {
		return fmt.Errorf("void the certificates: %w", err)
	}
	return nil
}

// doubt lifts the key's quarantine, and counts a failed copy.
func (d Drop) doubt(ctx context.Context, e journal.Entry) error {
	if err := d.Journal.MarkDirty(ctx, []journal.Key{e.Key}, e.Primary); err != nil { // a quarantined key gives no claim
		return err
	}
	if d.Off.NoDropDoubt {
		return nil
	}
	token, err := d.claim(ctx, e.Key)
	if err != nil {
		return err
	}
	return d.Journal.Fail(ctx, e.Key, token, "being dropped by "+d.By, 0)
}

// end ends an entry by the claim of a copy that copies nothing. A key that somebody uses by now is left alone.
func (d Drop) end(ctx context.Context, key journal.Key) error {
	token, err := d.claim(ctx, key)
	if err != nil {
		return err
	}
	return d.Journal.End(ctx, key, token, true)
}

func (d Drop) claim(ctx context.Context, key journal.Key) (journal.Token, error) {
	token, ok, err := d.Journal.BeginCopy(ctx, d.Owner, key, 0)
	if err == nil && !ok {
		err = errBusy
	}
	return token, err
}
