package control

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a Control in this process's memory, for one instance and for tests.
type Memory struct {
	now func() time.Time

	mu       sync.Mutex
	content  content
	changed  chan struct{} // closed at the next change of the record
	interval time.Duration
}

// content is everything a control store holds.
type content struct {
	Record      Record            `json:"record"`
	Members     map[string]member `json:"members,omitempty"`
	Evicted     map[string]bool   `json:"evicted,omitempty"`
	Checkpoints map[string][]byte `json:"checkpoints,omitempty"`
}

// member is an instance and the end of its lease.
type member struct {
	Instance Instance  `json:"instance"`
	Until    time.Time `json:"until"`
}

// MemoryOption changes how a Memory control works.
type MemoryOption func(*Memory)

// WithClock makes leases run by now instead of time.Now.
func WithClock(now func() time.Time) MemoryOption { return func(m *Memory) { m.now = now } }

// NewMemory returns an empty control store: Init puts a record in it.
func NewMemory(options ...MemoryOption) *Memory {
	m := &Memory{now: time.Now, changed: make(chan struct{}), interval: watchInterval}
	for _, option := range options {
		option(m)
	}
	return m
}

// watchInterval is how long Watch waits at most.
const watchInterval = time.Second

// InProcess reports that the fleet is this process alone: an instance that is cut off from its control store is no
// concern here.
func (m *Memory) InProcess() bool { return true }

// Load implements Control.
func (m *Memory) Load(context.Context) (Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.content.Record.Clone(), nil
}

// Swap implements Control.
func (m *Memory) Swap(_ context.Context, expected uint64, next Record) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.content.swap(expected, next); err != nil {
		return err
	}
	close(m.changed)
	m.changed = make(chan struct{})
	return nil
}

// Watch implements Control.
func (m *Memory) Watch(ctx context.Context, revision uint64) error {
	m.mu.Lock()
	stored, changed := m.content.Record.Revision, m.changed
	m.mu.Unlock()
	if stored != revision {
		return nil
	}
	timer := time.NewTimer(m.interval)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// Renew implements Control.
func (m *Memory) Renew(_ context.Context, instance Instance, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.content.renew(instance, m.now().Add(ttl))
}

// Leave implements Control.
func (m *Memory) Leave(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.content.Members, id)
	return nil
}

// Evict implements Control.
func (m *Memory) Evict(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.content.evict(id)
	return nil
}

// Instances implements Control.
func (m *Memory) Instances(context.Context) ([]Instance, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.content.instances(m.now()), nil
}

// SaveCheckpoint implements Control.
func (m *Memory) SaveCheckpoint(_ context.Context, name string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.content.save(name, data)
	return nil
}

// LoadCheckpoint implements Control.
func (m *Memory) LoadCheckpoint(_ context.Context, name string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.content.Checkpoints[name]), nil
}

func (c *content) swap(expected uint64, next Record) error {
	if c.Record.Revision != expected {
		return ErrConflict
	}
	c.Record = next.Clone()
	c.Record.Revision = expected + 1
	return nil
}

func (c *content) renew(instance Instance, until time.Time) error {
	if c.Evicted[instance.ID] {
		return ErrEvicted
	}
	if c.Members == nil {
		c.Members = make(map[string]member)
	}
	instance = instance.Clone()
	instance.Live, instance.Left, instance.Evicted = false, 0, false
	c.Members[instance.ID] = member{Instance: instance, Until: until}
	return nil
}

func (c *content) evict(id string) {
	if c.Evicted == nil {
		c.Evicted = make(map[string]bool)
	}
	c.Evicted[id] = true
}

func (c *content) instances(now time.Time) []Instance {
	list := make([]Instance, 0, len(c.Members))
	for id, m := range c.Members {
		instance := m.Instance.Clone()
		instance.Left = m.Until.Sub(now)
		instance.Live, instance.Evicted = instance.Left > 0, c.Evicted[id]
		if instance.Evicted && !instance.Live {
			continue
		}
		list = append(list, instance)
	}
	slices.SortFunc(list, func(a, b Instance) int { return cmp.Compare(a.ID, b.ID) })
	return list
}

func (c *content) save(name string, data []byte) {
	if c.Checkpoints == nil {
		c.Checkpoints = make(map[string][]byte)
	}
	c.Checkpoints[name] = append([]byte{}, data...)
}

// Clone returns a copy of the record that shares nothing with it.
func (r Record) Clone() Record {
	r.Backfills = maps.Clone(r.Backfills)
	for kind, b := range r.Backfills {
		b.Ranges = slices.Clone(b.Ranges)
		r.Backfills[kind] = b
	}
	r.Builds = maps.Clone(r.Builds)
	r.Certificates = maps.Clone(r.Certificates)
	r.Kinds = slices.Clone(r.Kinds)
	r.Proved = slices.Clone(r.Proved)
	r.Abandoned, r.Forgotten = slices.Clone(r.Abandoned), slices.Clone(r.Forgotten)
	r.Shapes = maps.Clone(r.Shapes)
	r.Trail = slices.Clone(r.Trail)
	return r
}
