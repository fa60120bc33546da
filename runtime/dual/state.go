package dual

import (
	"math"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/internal/canary"
	"github.com/dualgen/dualgen/runtime/phase"
)

// state is what this instance believes at one moment: immutable but for its counters, and behind one atomic pointer. A
// call works with one state from its beginning to its end, and is counted in it.
type state struct {
	migration *Migration
	phase     Phase
	epoch     uint64
	settings  Settings
	primary   Store
	complete  Store // that holds every entity: primary, unless reads fall back
	fallsBack bool
	filling   bool // the phase is guarded, and keys may be in the complete store alone
	mirrored  bool
	guarded   bool
	parallel  bool
	async     bool
	queued    bool
	canary    bool   // a share of the keys is in the other guarded phase
	divided   bool   // there is a cutoff
	sample    uint32 // reads whose random number is below it are compared
	owner     string // of the journal tokens that calls take
	lease     *lease // nil where calls do not depend on one
	record    *control.Record
	refusals  [classes]error
	modes     [classes]mode // of calls, by their method's class
	// reach is the latest time of keys that are served: one lead after the record was last asked for. While this state is
	// not behind the record, it moves on; then never again.
	reach  *atomic.Pointer[time.Time]
	plain  [classes]bool // nothing but the mode need be looked at
	tx     *Tx           // of calls of wrappers inside a transaction; else nil
	flight []*flight     // by Method.index
}

// class is what a state needs to know of a method's kind.
type class uint8

const (
	classRead class = iota
	classWrite
	classPrimary
	classPrimaryWrite
	classes
)

// unready is a state that refuses every call.
func unready(m *Migration, err error) *state {
	st := &state{migration: m}
	st.refuseAll(err)
	return st
}

func newState(m *Migration, record control.Record, owner string, l *lease) *state {
	p, settings := record.Phase, record.Settings
	st := &state{
		migration: m, phase: p, epoch: record.Epoch, settings: settings, owner: owner, lease: l, record: &record,
		primary:  p.Primary(),
		complete: record.Complete(), fallsBack: record.FallsBack(),
		filling:  p.Guarded() && settings.Fallback != phase.FallbackOff,
		mirrored: p.Mirrored(),
		guarded:  p.Guarded(),
		parallel: p.Mirrored() && !p.Guarded() && settings.Mirror == phase.Parallel,
		async:    settings.Mirror == phase.Async && !p.Guarded() || settings.Mirror == phase.AsyncGuarded,
		queued:   settings.Mirror == phase.Queued,
		canary:   settings.Canary > 0 && (p.Guarded() || m.hooks.Off.CanaryAnywhere),
		divided:  !settings.Cutoff.IsZero(),
		reach:    new(atomic.Pointer[time.Time]),
	}
	if p.Guarded() && m.hooks.Off.ParallelGuarded {
		st.parallel, st.async = true, false
	}
	if st.mirrored {
		st.sample = threshold(settings.Compare)
	}
	st.refuse(settings.Freeze)
	st.classify()
	return st
}

// classify works out what calls need to know at their beginning.
func (st *state) classify() {
	single := [classes]bool{
		classRead:         !st.guarded && st.lease == nil,
		classWrite:        !st.mirrored && st.lease == nil,
		classPrimary:      true,
		classPrimaryWrite: true,
	}
	observed := st.migration.config.Observer != nil
	for c := range classes {
		st.modes[c] = mode(st.primary)
		if c == classPrimary || c == classPrimaryWrite {
			st.modes[c] = mode(st.complete)
		}
		if st.canary && (c == classRead || c == classWrite) {
			st.modes[c] |= modeObserved | modeCanary // the guard looks at the clock
		} else if observed && (c == classRead || c == classWrite) { // through Read and Write, which look at the clock
			st.modes[c] |= modeObserved
		} else if single[c] {
			st.modes[c] |= modeSingle
		}
		st.plain[c] = st.refusals[c] == nil && st.lease == nil && (c != classRead || st.sample == 0) && !st.divided
	}
}

// inCanary reports whether a key is in the other guarded phase already (Settings.Canary).
func (st *state) inCanary(key Key) bool {
	kind := key.Kind
	if st.migration.hooks.Off.CanaryUnstable {
		kind += st.migration.config.Instance
	}
	return !key.Whole && st.settings.InCanary(kind, key.ID)
}

// canaryView is what the canary's guard has to know.
func (st *state) canaryView() canary.View {
	return canary.View{On: st.canary, Epoch: st.epoch, Settings: st.settings, Primary: st.primary}
}

func (st *state) refuse(freeze phase.Freeze) {
	switch freeze {
	case phase.FreezeWrites:
		st.refusals[classWrite], st.refusals[classPrimaryWrite] = ErrReadOnly, ErrReadOnly
	case phase.FreezeAll:
		for c := range classes {
			st.refusals[c] = ErrStopped
		}
	}
}

// reaches has keys served up to one lead after the record was asked for.
func (st *state) reaches(asked time.Time) {
	latest := asked.Round(0).Add(st.settings.Ahead())
	st.reach.Store(&latest)
}

// refuseAll refuses every call with an error.
func (st *state) refuseAll(err error) {
	for c := range classes {
		st.refusals[c] = err
	}
	st.classify()
}

// threshold maps a share from 0 to 1 to the random numbers below it.
func threshold(share float64) uint32 {
	if share >= 1 {
		return math.MaxUint32
	}
	return uint32(share * math.MaxUint32)
}

// lease is one unbroken stretch of being counted on by the fleet. Once it ran out it is never renewed: a new one begins,
// with a new state, so that a call which slept through the gap cannot mistake the new one for its own.
type lease struct {
	base time.Time    // measures the monotonic clock
	mono atomic.Int64 // valid until so long after base
	wall atomic.Int64 // and until this wall clock, because a suspended machine may stop the monotonic one
}

func newLease(base, until time.Time) *lease {
	l := &lease{base: base}
	l.extend(until)
	return l
}

func (l *lease) extend(until time.Time) {
	l.mono.Store(int64(until.Sub(l.base)))
	l.wall.Store(until.UnixNano())
}

// left is what is left of the lease at now.
func (l *lease) left(now time.Time) time.Duration {
	return time.Duration(min(l.mono.Load()-int64(now.Sub(l.base)), l.wall.Load()-now.UnixNano()))
}

// valid reports whether the lease runs at now. A nil lease always does.
func (l *lease) valid(now time.Time) bool {
	return l == nil || int64(now.Sub(l.base)) < l.mono.Load() && now.UnixNano() < l.wall.Load()
}
