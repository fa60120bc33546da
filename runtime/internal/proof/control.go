package proof

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Control is the world's control store as its instances see it: every call is a point. It checks that every change of
// phase is a step to an adjacent one.
type Control struct {
	s        *explore.Scheduler
	inner    control.Control
	faults   explore.Faults
	phase    phase.Phase // as stored last
	revision uint64      // as stored last
	epoch    uint64      // as stored last
	leases   bool        // calls depend on their instance's lease
	passes   bool        // there are verify passes
	acked    [fleetSize]uint64
}

var _ control.Control = (*Control)(nil)

// InProcess reports whether calls may run on without a lease.
func (c *Control) InProcess() bool { return !c.leases }

// heartbeat renews what the living instances reported last, without a point: in worlds that are not about leases.
func (c *Control) heartbeat() {
	ctx := context.Background()
	instances, _ := c.inner.Instances(ctx) // in memory: never fails
	for _, i := range instances {
		if n := int(i.ID[1] - '0'); n >= explore.MaxInstances || !c.s.Gone(n) {
			_ = c.inner.Renew(ctx, i, lease)
		}
	}
}

// Load implements control.Control.
func (c *Control) Load(ctx context.Context) (control.Record, error) {
	effect, failed := strike(c.s, "control.Load", explore.Footprint{Reads: 1 << recordBit}, c.faults&(1<<explore.FailBefore))
	if !effect {
		return control.Record{}, failed
	}
	record, err := c.inner.Load(ctx)
	if i := c.s.Instance(); i >= 0 {
		c.s.Touch(explore.Footprint{Writes: instanceState(i)}) // the control loop applies what it loaded
	}
	if c.s.Tracing() {
		c.s.Note("epoch %d, %v", record.Epoch, record.Phase)
	}
	return record, err
}

// Swap implements control.Control.
func (c *Control) Swap(ctx context.Context, expected uint64, next control.Record) error {
	effect, failed := strike(c.s, "control.Swap", explore.Footprint{Writes: 1 << recordBit}, c.faults)
	if !effect {
		return failed
	}
	err := c.inner.Swap(ctx, expected, next)
	if c.s.Tracing() {
		c.s.Note("epoch %d, %v %v", next.Epoch, next.Phase, err)
	}
	if err == nil {
		if c.phase != next.Phase && !c.phase.Adjacent(next.Phase) {
			c.s.Fail(fmt.Errorf("the record went from %v to %v", c.phase, next.Phase))
		}
		c.phase, c.revision, c.epoch = next.Phase, expected+1, next.Epoch
	}
	if failed != nil {
		return failed
	}
	return err
}

// Watch implements control.Control. Worlds do not watch: they wait for conditions.
func (c *Control) Watch(ctx context.Context, revision uint64) error {
	return c.inner.Watch(ctx, revision)
}

// Renew implements control.Control.
func (c *Control) Renew(ctx context.Context, instance control.Instance, ttl time.Duration) error {
	effect, failed := strike(c.s, "control.Renew", explore.Footprint{Writes: 1 << (fleetBits + own(c.s))}, c.faults)
	if !effect {
		return failed
	}
	instance.KeepsLast = instance.KeepsLast && c.leases // who crashed will not go on
	err := c.inner.Renew(ctx, instance, ttl)
	if err == nil {
		c.acked[instance.ID[1]-'0'] = instance.Acked
	}
	if c.s.Tracing() {
		c.s.Note("%s acknowledges epoch %d %v", instance.ID, instance.Acked, err)
	}
	if failed != nil {
		return failed
	}
	return err
}

// Leave implements control.Control.
func (c *Control) Leave(ctx context.Context, id string) error {
	effect, failed := strike(c.s, "control.Leave", explore.Footprint{Writes: 1 << (fleetBits + own(c.s))}, c.faults)
	if !effect {
		return failed
	}
	return c.inner.Leave(ctx, id)
}

// Evict implements control.Control.
func (c *Control) Evict(ctx context.Context, id string) error {
	effect, failed := strike(c.s, "control.Evict", explore.Footprint{Writes: allFleet}, c.faults)
	if !effect {
		return failed
	}
	return c.inner.Evict(ctx, id)
}

// Instances implements control.Control.
func (c *Control) Instances(ctx context.Context) ([]control.Instance, error) {
	effect, failed := strike(c.s, "control.Instances", explore.Footprint{Reads: allFleet}, c.faults&(1<<explore.FailBefore))
	if !effect {
		return nil, failed
	}
	return c.inner.Instances(ctx)
}

// SaveCheckpoint implements control.Control.
func (c *Control) SaveCheckpoint(ctx context.Context, name string, data []byte) error {
	effect, failed := strike(c.s, "control.SaveCheckpoint", explore.Footprint{Writes: checkpoint(name)}, c.faults)
	if !effect {
		return failed
	}
	err := c.inner.SaveCheckpoint(ctx, name, data)
	if c.s.Tracing() {
		c.s.Note("%s", data)
	}
	if failed != nil {
		return failed
	}
	return err
}

// LoadCheckpoint implements control.Control.
func (c *Control) LoadCheckpoint(ctx context.Context, name string) ([]byte, error) {
	if checkpoint(name) == 1<<passesBit && !c.passes {
		return c.inner.LoadCheckpoint(ctx, name) // nothing meets this step
	}
	effect, failed := strike(c.s, "control.LoadCheckpoint", explore.Footprint{Reads: checkpoint(name)}, c.faults&(1<<explore.FailBefore))
	if !effect {
		return nil, failed
	}
	return c.inner.LoadCheckpoint(ctx, name)
}

// checkpoint is the object that a checkpoint is: those of backfills are one, and the marks of verify passes another.
func checkpoint(name string) uint64 {
	if strings.HasPrefix(name, "verify/") {
		return 1 << passesBit
	}
	return 1 << checkpointsBit
}
