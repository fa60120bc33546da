package proof

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// World is one run of a scenario.
type World struct {
	scenario  *Scenario
	s         *explore.Scheduler
	checker   *Checker
	stores    [2]*Store
	memory    *journal.Memory
	journal   *Journal
	record    *control.Memory
	gates     *control.Coordinator // asks without points
	control   *Control
	instances []*Instance
	history   History
	joints    Joints
	made      int8 // the next key to be made
}

// Instance is one process of the fleet.
type Instance struct {
	world      *World
	number     int
	hooks      *hooks.Hooks
	migration  *dual.Migration
	repository Repository
	reconciler *reconcile.Reconciler
	seen       uint64        // revision of the record at the last pass of the control loop
	followed   time.Duration // when that was
	turns      int           // how many it has begun
	held       int           // the one that it holds its writers of k0 back for; 0: none
	blocked    bool          // what it owes the journal was refused, because a key is unclean in the other direction
}

// epoch is when virtual time begins.
var epoch = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)

var silent = slog.New(slog.DiscardHandler)

// Explorable makes a scenario a world of the explorer. Worlds that share a checker run on one goroutine.
func (sc *Scenario) Explorable(checker *Checker) explore.World {
	w := &World{scenario: sc, checker: checker}
	return explore.World{Name: sc.Name, Budget: sc.Budget, Start: func(s *explore.Scheduler) func() error {
		w.s = s
		if err := w.start(); err != nil {
			s.Fail(fmt.Errorf("set up: %w", err))
		}
		return w.close
	}}
}

func (w *World) now() time.Time { return epoch.Add(w.s.Now()) }

// start sets the world up and starts its tasks.
func (w *World) start() error {
	sc := w.scenario
	w.history.Reset()
	for position := range w.stores {
		faults := explore.NoFault
		switch {
		case sc.Panics:
			faults = explore.AllFaults
		case sc.StoreFaults:
			faults = explore.FailsLate
		}
		w.stores[position] = &Store{s: w.s, position: phase.Store(position), faults: faults, refuses: sc.Refuses, made: &w.made}
		if sc.Joins[position] {
			w.stores[position].joints, w.stores[position].apart = &w.joints, sc.Later
		}
	}
	w.made = sc.firstMade()
	if sc.Stall {
		w.stores[phase.New].before = w.stall
	}
	w.memory = journal.NewMemory(journal.WithClock(w.now), journal.WithRules(sc.Off))
	w.journal = &Journal{s: w.s, inner: w.memory, faults: sc.JournalFaults}
	w.joints = Joints{s: w.s, memory: w.memory}
	if sc.OnePhase {
		w.journal.owners = newOwners(w.s)
		w.stores[phase.Old].owners, w.stores[phase.New].owners = w.journal.owners, w.journal.owners
	}
	w.record = control.NewMemory(control.WithClock(w.now))
	w.control = &Control{s: w.s, inner: w.record, faults: sc.ControlFaults, phase: sc.Phase, revision: 1, epoch: 1, leases: sc.Leases, passes: len(sc.Verify) > 0}
	if !sc.Leases {
		w.s.OnAdvance(w.control.heartbeat)
	}
	if err := w.record.Swap(context.Background(), 0, w.firstRecord()); err != nil {
		return err
	}
	w.fill()
	w.instances = w.instances[:0]
	for i := range max(sc.Instances, 1) {
		instance, err := w.instance(i)
		if err != nil {
			return err
		}
		w.instances = append(w.instances, instance)
	}
	for _, instance := range w.instances {
		if slices.Contains(sc.Starting, instance.number) {
			continue
		}
		if err := instance.hooks.Follow(context.Background()); err != nil && !sc.differs(instance.number) {
			return err
		}
		instance.seen = 1
	}
	w.tasks()
	return nil
}

// firstRecord is a record as if the fleet had walked to the scenario's phase, with everything copied and proved there.
func (w *World) firstRecord() control.Record {
	sc := w.scenario
	record := control.Record{
		Epoch: 1, Phase: sc.Phase, Settings: sc.Settings, MirroredSince: 1, MirroredFrom: sc.filled(),
	}
	if sc.filled() != sc.Phase.Primary() || sc.Settings.Canary > 0 {
		record.Proved = []string{kind, other}
	}
	incarnation, _ := w.memory.Incarnation(context.Background()) // never fails
	if sc.Phase.Guarded() {
		record.Journal, record.Crossed = incarnation, true
	}
	if len(sc.Walk)+len(sc.Shares) > 0 && !sc.NewEmpty && sc.Phase.Mirrored() {
		backfill := control.Backfill{Epoch: 1, From: sc.Phase.Primary(), Complete: true}
		certificate := control.Certificate{Epoch: 1, Incarnation: incarnation, Issued: time.Now(), Recounted: 1, Shape: sc.shape()}
		record.Backfills = map[string]control.Backfill{kind: backfill, other: backfill}
		record.Certificates = map[string]control.Certificate{kind: certificate, other: certificate}
	}
	if len(sc.Swapped) > 0 {
		record.Stores = storeNames
	}
	if shape := sc.shape(); shape != "" {
		record.Builds = map[string]control.Build{kind: {Shape: shape}}
		if sc.Phase.Guarded() {
			record.Shapes = map[string]string{kind: shape}
		}
	}
	return record
}

// fill puts the first rows into the stores, and tells the history of them.
func (w *World) fill() {
	sc := w.scenario
	primary := sc.filled()
	for key := int8(0); key < Keys; key++ {
		v, ok := sc.Rows[key]
		if !ok {
			continue
		}
		left, leftover := sc.Leftovers[key]
		w.stores[primary.Other()].rows[key] = left
		w.stores[primary].rows[key] = v
		if !sc.NewEmpty && !leftover && sc.Phase.Mirrored() {
			w.stores[primary.Other()].rows[key] = v
		}
		if old, stale := sc.Stale[key]; stale {
			w.stores[primary.Other()].rows[key] = old
			_ = w.memory.MarkDirty(context.Background(), []journal.Key{keyOf(key)}, primary) // in memory: never fails
		}
		w.history.Return(w.history.Call(Input{Act: Put, Key: key, Value: v}), Value{})
	}
	makeDoubtful(w, primary)
}

func (w *World) instance(number int) (*Instance, error) {
	i := &Instance{world: w, number: number}
	i.hooks = &hooks.Hooks{
		Now:    i.now,
		Sleep:  w.s.Sleep,
		Jitter: func(time.Duration) time.Duration { return patience },
		Go:     i.goes,
		Wait:   i.waits,
		Await:  i.awaits,
		Manual: true,
		Leases: w.scenario.Leases,
		Off:    w.scenario.Off,
	}
	migration, err := dual.NewMigration(dual.Config{
		Control: w.control, Journal: w.journalOf(), Joins: w.scenario.Joins, Instance: fmt.Sprint("i", number), Logger: silent,
		Settle: settle, Lease: lease, Workers: 2, Queue: 2, Hooks: i.hooks, Identify: w.scenario.identify(number),
	})
	if err != nil {
		return nil, err
	}
	i.migration = migration
	if !slices.Contains(w.scenario.Late, number) {
		i.wrap()
	}
	return i, nil
}

// wrap constructs the instance's wrapper, which tells the migration of its entity kind.
func (i *Instance) wrap() {
	w := i.world
	old, new := w.stores[phase.Old], w.stores[phase.New]
	if slices.Contains(w.scenario.Swapped, i.number) {
		old, new = new, old
	}
	i.repository = NewDual(old, new, i.migration, w.scenario.build(i.number))
}

// now is the instance's clock.
func (i *Instance) now() time.Time {
	if i.number >= explore.MaxInstances { // a successor
		return i.world.now()
	}
	return i.world.now().Add(i.world.scenario.Skew[i.number])
}

// journalOf is the journal with the optional parts that the scenario gives it.
func (w *World) journalOf() journal.Journal {
	switch {
	case w.scenario.Joins != [2]bool{}:
		return Joining{w.journal, &w.joints}
	case w.scenario.Apart:
		return struct{ journal.Journal }{w.journal}
	}
	return w.journal
}

// goes starts a background leg of a call.
func (i *Instance) goes(f func()) {
	touch := explore.Footprint{Writes: instanceState(i.number)}
	i.world.s.Touch(touch)
	if strings.HasPrefix(i.world.s.Running(), looking) {
		f = i.turn(f)
	}
	i.world.s.Go(fmt.Sprintf("leg of i%d", i.number), i.number, func() {
		f()
		i.world.s.Touch(touch)
	})
}

// waits stops a call until a leg of it has ended.
func (i *Instance) waits(done <-chan struct{}) {
	i.world.s.Wait(explore.Condition{
		What: "its leg ended", Reads: explore.Footprint{Reads: instanceState(i.number)}, Lasting: true,
		Holds: func() bool {
			select {
			case <-done:
				return true
			default:
				return false
			}
		},
	})
}

// gone reports whether an instance crashed. A successor does not.
func gone(w *World, number int) bool { return number < explore.MaxInstances && w.s.Gone(number) }

// turn begins a turn of k0: the only key of these worlds that is dirty for longer than the settle window.
func (i *Instance) turn(watch func()) func() {
	i.turns++
	i.world.checker.Turns++
	i.held = i.turns
	return func() {
		watch()
		i.held = 0
	}
}

// awaits stops a call until a turn is over.
func (i *Instance) awaits(_ context.Context, done <-chan struct{}) error {
	i.world.checker.Waits++
	i.waits(done)
	if i.world.s.Instance() >= 0 && gone(i.world, i.number) {
		return explore.ErrGone
	}
	return nil
}
