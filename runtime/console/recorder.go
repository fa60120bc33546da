package console

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Recorder keeps how long each store takes, and which fields differed, for the page "compare". Give it to dual.Config as Observer and
// its method Mismatch as OnMismatch, and to Config. It keeps no values of fields. It is safe for concurrent use.
type Recorder struct {
	since time.Time
	next  dual.Observer

	mu      sync.Mutex
	methods map[string]*methodRecord
	fields  map[fieldName]*fieldRecord
	left    int // differences of fields for which there was no room
}

// NewRecorder returns a Recorder.
func NewRecorder() *Recorder {
	return &Recorder{since: time.Now(), methods: make(map[string]*methodRecord), fields: make(map[fieldName]*fieldRecord)}
}

// Then returns the Recorder after it was told of another observer, such as that of telemetry/prom, which is told of all that the
// Recorder is told. Call it before the Recorder is used.
func (r *Recorder) Then(next dual.Observer) *Recorder {
	r.next = next
	return r
}

// Method implements dual.Observer.
func (r *Recorder) Method(info dual.MethodInfo) dual.MethodObserver {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, found := r.methods[info.Name]
	if !found {
		m = new(methodRecord)
		r.methods[info.Name] = m
	}
	if r.next == nil {
		return m
	}
	next := r.next.Method(info)
	if next == nil {
		return m
	}
	return both{m, next}
}

// both tells two observers.
type both struct{ first, second dual.MethodObserver }

// ObserveCall implements dual.MethodObserver.
func (b both) ObserveCall(ctx context.Context, took time.Duration, class dual.ErrorClass) {
	b.first.ObserveCall(ctx, took, class)
	b.second.ObserveCall(ctx, took, class)
}

// ObserveStore implements dual.MethodObserver.
func (b both) ObserveStore(ctx context.Context, took time.Duration, store dual.Store, role dual.Role, class dual.ErrorClass) {
	b.first.ObserveStore(ctx, took, store, role, class)
	b.second.ObserveStore(ctx, took, store, role, class)
}

// methodRecord counts a method's parts by store.
type methodRecord struct{ stores [2]storeRecord }

// ObserveCall implements dual.MethodObserver. How long callers waited is the stores' time, and little more.
func (*methodRecord) ObserveCall(context.Context, time.Duration, dual.ErrorClass) {}

// ObserveStore implements dual.MethodObserver.
func (m *methodRecord) ObserveStore(_ context.Context, took time.Duration, store dual.Store, _ dual.Role, class dual.ErrorClass) {
	s := &m.stores[store]
	s.slots[slot(took)].Add(1)
	if class != dual.ErrorNone {
		s.errors.Add(1)
	}
}

// Durations are counted in slots: each doubling is divided into eight, so that a slot is 12 % wide at most.
const (
	perDoubling = 8
	slotCount   = 40 * perDoubling
)

// storeRecord counts one store's durations.
type storeRecord struct {
	slots  [slotCount]atomic.Uint64
	errors atomic.Uint64
}

// slot is where a duration is counted. Those under 8 ns share slots with none.
func slot(took time.Duration) int {
	n := uint64(max(took, 0))
	if n < perDoubling {
		return int(n)
	}
	doublings := bits.Len64(n) - bits.Len64(perDoubling)
	return min(slotCount-1, doublings*perDoubling+int(n>>doublings))
}

// top is the longest duration of a slot.
func top(slot int) time.Duration {
	if slot < 2*perDoubling {
		return time.Duration(slot)
	}
	doublings := slot/perDoubling - 1
	return time.Duration(uint64(slot-doublings*perDoubling+1)<<doublings - 1)
}

// quantile is what a share of the calls took no longer than.
func (s *storeRecord) quantile(share float64) (took time.Duration, count uint64) {
	var seen [slotCount]uint64
	for i := range s.slots {
		seen[i] = s.slots[i].Load()
		count += seen[i]
	}
	rank, below := uint64(math.Ceil(share*float64(count))), uint64(0)
	for i, n := range seen {
		if below += n; below >= rank && n > 0 {
			return top(i), count
		}
	}
	return 0, count
}

type fieldName struct{ kind, path string }

// fieldRecord counts the differences of one field.
type fieldRecord struct {
	times uint64
	key   string
	at    time.Time
}

// maxFields bounds how many fields are told apart: their names come from the code, but those of a map's entries from its keys.
const maxFields = 200

// Mismatch notes a difference: dual.Config.OnMismatch.
func (r *Recorder) Mismatch(m dual.Mismatch) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, d := range m.Differences {
		path := d.Path
		if path == "" {
			path = "(present)"
		}
		name := fieldName{m.Key.Kind, path}
		f, found := r.fields[name]
		if !found && len(r.fields) >= maxFields {
			r.left++
			continue
		}
		if !found {
			f = new(fieldRecord)
			r.fields[name] = f
		}
		f.times, f.key, f.at = f.times+1, m.Key.String(), time.Now()
	}
}

// names are the methods' names, sorted.
func (r *Recorder) names() []string {
	var all []string
	for name := range r.methods {
		all = append(all, name)
	}
	slices.SortFunc(all, strings.Compare)
	return all
}
