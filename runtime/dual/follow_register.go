package dual

import (
	"context"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/process"
)

// register renews the lease and reports, if there is something to report or the lease is a third over.
func (f *follower) register(ctx context.Context) error {
	m := f.m
	report := control.Instance{
		ID: m.config.Instance, Run: f.run, Kinds: m.kinds(), Shapes: m.shapes(), KeepsLast: !m.config.counted(m.hooks), Timed: m.timed(),
		Command: m.command.Load() || process.Command(), Reconciles: m.reconcilers.Load() > 0, Alone: m.config.inProcess() || m.hooks.Manual,
	}
	report.Loose, report.Unlisted, report.Abandoned = m.loose()
	f.mu.Lock()
	report.Acked, report.Note, report.Journal, report.Stores = f.acked, f.note, f.incarnation, f.stores
	f.mu.Unlock()
	if report.Acked > 0 {
		report.Phase = m.Phase()
	} else {
		report.Acked, report.Phase = f.foreseen.epoch, f.foreseen.phase
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
	f.mu.Lock()
	f.command = report.Command
	f.mu.Unlock()
	f.extendLease(now)
	return nil
}

func (f *follower) status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	status := Status{Acked: f.acked, Note: f.note}
	if !f.read.IsZero() {
		status.Age = f.m.hooks.Now().Sub(f.read)
	}
	return status
}

// AsCommand tells the fleet that this process is a command beside the service: gates wait for it as for any instance, since it may
// copy, and it does not count where instances are counted. It returns once the fleet has heard of that, cannot, or ctx ends. Package ctl
// calls it for what it opens.
func AsCommand(ctx context.Context, m *Migration) {
	if m.command.Swap(true) || process.Command() {
		return
	}
	f := m.follower
	f.kick()
	for f.unheard() {
		if m.hooks.Sleep(ctx, time.Millisecond) != nil {
			return
		}
	}
}

// unheard reports whether the next report is to say that this process is a command.
func (f *follower) unheard() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !f.command && f.failures == 0 && f.ctx.Err() == nil
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
