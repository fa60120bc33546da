package dual

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
)

// register renews the lease and reports, if there is something to report or the lease is a third over.
func (f *follower) register(ctx context.Context) error {
	m := f.m
	report := control.Instance{
		ID: m.config.Instance, Run: f.run, Kinds: m.kinds(), Shapes: m.shapes(), KeepsLast: !m.config.counted(m.hooks), Timed: m.timed(),
		Reconciles: m.reconcilers.Load() > 0, Alone: m.config.inProcess() || m.hooks.Manual,
	}
	report.Loose, report.Abandoned = m.loose()
	f.mu.Lock()
	report.Acked, report.Note, report.Journal, report.Stores = f.acked, f.note, f.incarnation, f.stores
	f.mu.Unlock()
	if report.Acked > 0 {
		report.Phase = m.Phase()
	}
	if !f.ownerLease {
		report.Journal = "" // it cannot hold tokens in it
	}
	now := m.hooks.Now()
	if report.Same(f.reported) && !f.renewed.IsZero() && now.Sub(f.renewed) < m.config.Lease/4 {
		return nil
	}
	if err := f.unique(ctx); err != nil {
		f.checkLease()
		return err
	}
	if err := m.config.Control.Renew(ctx, report, m.config.Lease); err != nil {
		f.checkLease()
		return fmt.Errorf("renew the instance's lease: %w", err)
	}
	f.renewed, f.reported = now, report
	f.extendLease(now)
	return nil
}

// unique refuses a name under which another process is alive: the fleet would count one for two, and wait for the calls of one of them.
// Whoever comes later finds the first; two that begin together find each other when they renew.
func (f *follower) unique(ctx context.Context) error {
	m := f.m
	now := m.hooks.Now()
	if f.run == "" || !f.alone.IsZero() && now.Sub(f.alone) > m.config.Lease {
		return nil
	}
	instances, err := m.config.Control.Instances(ctx)
	if err != nil {
		return fmt.Errorf("look for other instances of this name: %w", err)
	}
	f.shared, f.ahead = false, control.Instance{}
	for _, i := range instances {
		if i.Live && i.Acked > f.ahead.Acked && i.ID != m.config.Instance {
			f.ahead = i
		}
		if i.ID == m.config.Instance && i.Live && i.Run != "" && i.Run != f.run {
			f.shared = true
			return fmt.Errorf("another process is alive under the name %q, for which the fleet would count one: leave dual.Config.Instance empty, or give each "+
				"process its own; of one that was killed, the lease runs out in %v", i.ID, i.Left.Round(time.Second))
		}
	}
	if f.alone.IsZero() {
		f.alone = now
	}
	return nil
}

// errNoRecord is ErrNotReady where there is no record.
var errNoRecord = fmt.Errorf("%w", ErrNotReady)

// recordPatience is how long it is no event that there is no record: the command init begins without one.
const recordPatience = time.Second

// errRecordBack is ErrNotReady where other instances follow a later record than the one that is there.
var errRecordBack = fmt.Errorf("%w: the flag record is older than the one that other instances follow", ErrNotReady)

// overtaken refuses a record that is older than the one which another instance follows: it was put back from a copy. The list of
// instances is older than the record, so that none can have acknowledged more in order.
func (f *follower) overtaken(record control.Record) error {
	if f.ahead.Acked <= record.Epoch {
		return nil
	}
	f.alone = time.Time{} // look again with the next renewal
	f.m.publish(unready(f.m, errRecordBack))
	return fmt.Errorf("the flag record went back: instance %s follows epoch %d, in %v, and the record is of epoch %d, in %v. It was put back from a copy; "+
		"recover --confirm puts it where that instance is", f.ahead.ID, f.ahead.Acked, f.ahead.Phase, record.Epoch, record.Phase)
}
