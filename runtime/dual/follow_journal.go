package dual

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/journal"
)

// reachJournal learns which journal this is, and takes the first lease in it.
func (f *follower) reachJournal(ctx context.Context) error {
	if f.ownerLease && !f.record.Phase.Guarded() && f.incarnation != "" {
		return nil
	}
	incarnation, err := f.m.journal.Incarnation(ctx)
	if err != nil {
		return fmt.Errorf("ask for the journal's incarnation: %w", err)
	}
	f.mu.Lock()
	f.incarnation = incarnation
	f.mu.Unlock()
	if f.ownerLease {
		return nil
	}
	return f.renewOwners(ctx)
}

// foreseen is an epoch that an instance may report before it registers for the first time.
type foreseen struct {
	epoch uint64
	phase Phase
}

// foresee takes a lease in the journal, and looks which epoch the record is of, before this instance registers for the first time. So its first report
// says all that gates ask for, and a process that starts stands in no step's way. The epoch counts as acknowledged, since no call
// has begun; calls are let in by the record that is loaded after the registration alone. What fails here is tried again, and
// said, by the pass.
func (f *follower) foresee(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, f.m.config.Lease/4)
	defer cancel()
	if f.reachJournal(ctx) != nil {
		return
	}
	record, err := f.m.config.Control.Load(ctx)
	if err != nil || record.Revision == 0 || record.Settings.Validate(record.Phase) != nil {
		return
	}
	f.foreseen = foreseen{record.Epoch, record.Phase}
}

// renewOwners keeps the tokens of this instance's calls: those of the present owner, and those of former ones while calls
// that took tokens under them are in flight. It changes the owner first if tokens were left behind with it. A journal that
// hangs does not keep the record from being read.
func (f *follower) renewOwners(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, f.m.config.Lease/4)
	defer cancel()
	f.mu.Lock()
	if f.spent == f.owner {
		f.owners++
		f.owner = fmt.Sprintf("%s#%d", f.name, f.owners)
		f.ownerLease = false
	}
	f.mu.Unlock()
	owners := []string{f.owner}
	if current := f.m.state.Load(); current.owner != "" {
		owners = append(owners, current.owner)
	}
	for _, st := range f.m.reap() {
		if st.owner != "" {
			owners = append(owners, st.owner)
		}
	}
	slices.Sort(owners)
	var errs []error
	for _, owner := range slices.Compact(owners) {
		err := f.m.journal.Renew(ctx, owner, f.m.config.Lease)
		if errors.Is(err, journal.ErrForgot) { // the lease is there; which journal this is must be asked anew
			f.mu.Lock()
			f.incarnation = ""
			f.mu.Unlock()
		}
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if owner == f.owner {
			f.ownerLease = true
		}
	}
	if err := errors.Join(errs...); err != nil {
		f.m.journalFailed.Add(1)
		return fmt.Errorf("renew the leases of journal tokens: %w", err)
	}
	return nil
}

// changeOwner leaves the tokens of an owner behind: the journal failed in a way that may have made a token that nobody
// knows of, or kept one that is done with. Calls that began already keep the owner, and its lease, until they end; then
// it runs out, and the keys turn dirty.
func (f *follower) changeOwner(owner string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.spent = owner
}

// voidParity has the parity certificates voided, before the next epoch is acknowledged.
func (f *follower) voidParity() {
	f.mu.Lock()
	f.voidOwed++
	f.mu.Unlock()
	f.kick()
}

func (f *follower) storeVoid(ctx context.Context) error {
	f.mu.Lock()
	owed := f.voidOwed
	f.mu.Unlock()
	if owed == 0 {
		return nil
	}
	if err := control.VoidParity(ctx, f.m.config.Control, f.m.config.Instance); err != nil {
		return fmt.Errorf("writes ran without the journal, and the parity certificates cannot be voided: %w", err)
	}
	f.mu.Lock()
	f.voidOwed -= owed
	f.mu.Unlock()
	return nil
}

// refute has the certificate of a kind voided: a key that was clean differed, so that something writes past the wrapper.
func (f *follower) refute(kind string) {
	f.mu.Lock()
	if !slices.Contains(f.refuted, kind) {
		f.refuted = append(f.refuted, kind)
	}
	f.mu.Unlock()
	f.kick()
}

func (f *follower) storeRefuted(ctx context.Context) error {
	f.mu.Lock()
	refuted := f.refuted
	f.refuted = nil
	f.mu.Unlock()
	for n, kind := range refuted {
		if err := control.Refute(ctx, f.m.config.Control, kind, f.m.config.Instance); err != nil {
			f.mu.Lock()
			f.refuted = append(f.refuted, refuted[n:]...)
			f.mu.Unlock()
			return fmt.Errorf("a key of %s differs, and its parity certificate cannot be voided: %w", kind, err)
		}
	}
	return nil
}

// markLater has keys marked whose tokens were taken away, once the record says which store is right. Until then this
// instance's present epoch is the one it acknowledged last, so that the fleet is at most one step ahead.
func (f *follower) markLater(keys []Key) {
	f.mu.Lock()
	f.marks = append(f.marks, keys...)
	f.mu.Unlock()
	f.kick()
}

func (f *follower) mark(ctx context.Context) error {
	f.mu.Lock()
	marks := f.marks
	f.marks = nil
	f.mu.Unlock()
	if len(marks) == 0 || !f.record.Phase.Mirrored() {
		return nil
	}
	var by [2][]Key // the store that is right
	for _, key := range marks {
		store := f.record.PrimaryOf(key)
		by[store] = append(by[store], key)
	}
	for store, keys := range by {
		if len(keys) == 0 {
			continue
		}
		if err := f.m.journal.MarkDirty(ctx, keys, Store(store)); err != nil {
			f.mu.Lock()
			f.marks = append(marks, f.marks...)
			f.mu.Unlock()
			return fmt.Errorf("mark keys whose tokens were taken away: %w", err)
		}
	}
	return nil
}

// stopCanary takes the canary back for the whole fleet.
func (f *follower) stopCanary(ctx context.Context, epoch uint64, why string) {
	ctx, cancel := context.WithTimeout(ctx, f.m.config.Lease/4)
	defer cancel()
	err := control.StopCanary(ctx, f.m.config.Control, epoch, "canary guard of "+f.m.config.Instance, why)
	f.m.config.Logger.LogAttrs(ctx, slog.LevelWarn, eventCanary, slog.String("why", why), slog.Any("error", err))
	f.kick()
}
