package proof

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/bits"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/backfill"
	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// Scenario describes a world: who is there, what they do, and what may go wrong.
type Scenario struct {
	Name      string
	Instances int // 1 or 2; defaults to 1
	Phase     phase.Phase
	Settings  phase.Settings
	// Rows are in both stores at the beginning; in old alone if the phase is OldOnly, or if NewEmpty.
	Rows     map[int8]Value
	NewEmpty bool
	// Stale keys are dirty at the beginning, with the phase's primary right and the mirror's value out of date.
	Stale map[int8]Value
	// Leftovers are in the mirror at the beginning, and nobody knows of them.
	Leftovers map[int8]Value
	Clients   []Client
	// Walk lists the phases that a coordinator goes to, one after the other.
	Walk []phase.Phase
	// Loops runs the instances' control loops even if nobody walks.
	Loops bool
	// Reconcilers lists instances that run a reconciler, each for Passes passes (default 1).
	Reconcilers []int
	Passes      int
	// ReconcileAfter is how long a reconciler waits before each pass. Defaults to the settle window.
	ReconcileAfter time.Duration
	// Backfill runs a backfill in instance 0; if that instance crashes, or BackfillTwice, another one in the last instance.
	Backfill, BackfillTwice bool
	// Stall holds the write of k0 by the backfill of instance 0 until another one is complete: it sleeps past its lease.
	Stall bool
	// Chunk is the backfill's page size. Defaults to 1.
	Chunk int

	Budget        explore.Budget
	StoreFaults   bool
	Panics        bool // store faults, and panics
	JournalFaults explore.Faults
	ControlFaults explore.Faults
	Crash         []int // instances that may crash
	// Idle lists instances whose control loop does not run: they sleep past their lease.
	Idle []int
	// Passing is how often a lease passes, at any time; with Leases, a quarter of one.
	Passing int
	// Leases makes calls depend on the instance's lease, and lets time run past it.
	Leases bool

	Off hooks.Rules
}

// Client is a thread of an instance that makes one call after the other.
type Client struct {
	Instance int
	Inputs   []Input
	// After, if set, is what the record must say before the client begins: it keeps the search to what matters.
	After func(control.Record) bool
}

// methods is the set of methods that the scenario calls.
func (sc *Scenario) methods() uint {
	set := uint(1) << Get
	for _, client := range sc.Clients {
		for _, input := range client.Inputs {
			set |= 1 << input.Act
		}
	}
	return set
}

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
		w.stores[position] = &Store{s: w.s, position: phase.Store(position), faults: faults}
	}
	if sc.Stall {
		w.stores[phase.New].before = w.stall
	}
	w.memory = journal.NewMemory(journal.WithClock(w.now), journal.WithRules(sc.Off))
	w.journal = &Journal{s: w.s, inner: w.memory, faults: sc.JournalFaults}
	w.record = control.NewMemory(control.WithClock(w.now))
	w.control = &Control{s: w.s, inner: w.record, faults: sc.ControlFaults, phase: sc.Phase, revision: 1, epoch: 1, leases: sc.Leases}
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
		if err := instance.hooks.Follow(context.Background()); err != nil {
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
		Epoch: 1, Phase: sc.Phase, Settings: sc.Settings, MirroredSince: 1, MirroredFrom: sc.Phase.Primary(),
	}
	incarnation, _ := w.memory.Incarnation(context.Background()) // never fails
	if sc.Phase.Guarded() {
		record.Journal, record.Crossed = incarnation, true
	}
	if len(sc.Walk) > 0 && !sc.NewEmpty && sc.Phase.Mirrored() {
		record.Backfills = map[string]control.Backfill{kind: {Epoch: 1, From: sc.Phase.Primary(), Complete: true}}
		record.Certificates = map[string]control.Certificate{kind: {Epoch: 1, Incarnation: incarnation}}
	}
	return record
}

// fill puts the first rows into the stores, and tells the history of them.
func (w *World) fill() {
	sc := w.scenario
	primary := sc.Phase.Primary()
	for key := int8(0); key < Keys; key++ {
		v, ok := sc.Rows[key]
		if !ok {
			continue
		}
		w.stores[primary.Other()].rows[key] = sc.Leftovers[key]
		w.stores[primary].rows[key] = v
		if !sc.NewEmpty && sc.Phase.Mirrored() {
			w.stores[primary.Other()].rows[key] = v
		}
		if old, stale := sc.Stale[key]; stale {
			w.stores[primary.Other()].rows[key] = old
			_ = w.memory.MarkDirty(context.Background(), []journal.Key{keyOf(key)}, primary) // in memory: never fails
		}
		w.history.Return(w.history.Call(Input{Act: Put, Key: key, Value: v}), Value{})
	}
}

func (w *World) instance(number int) (*Instance, error) {
	i := &Instance{world: w, number: number}
	i.hooks = &hooks.Hooks{
		Now:    w.now,
		Sleep:  w.s.Sleep,
		Go:     i.goes,
		Wait:   i.waits,
		Manual: true,
		Leases: w.scenario.Leases,
		Off:    w.scenario.Off,
	}
	migration, err := dual.NewMigration(dual.Config{
		Control: w.control, Journal: w.journal, Instance: fmt.Sprint("i", number), Logger: silent,
		Settle: settle, Lease: lease, Workers: 2, Queue: 2, Hooks: i.hooks,
	})
	if err != nil {
		return nil, err
	}
	i.migration = migration
	i.repository = NewDual(w.stores[phase.Old], w.stores[phase.New], migration, w.scenario.methods())
	return i, nil
}

// goes starts a background leg of a call.
func (i *Instance) goes(f func()) {
	touch := explore.Footprint{Writes: instanceState(i.number)}
	i.world.s.Touch(touch)
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

// tasks starts everything that the scenario has.
func (w *World) tasks() {
	sc := w.scenario
	for n, client := range sc.Clients {
		task := w.s.Go(fmt.Sprintf("client %d on i%d", n, client.Instance), client.Instance, func() { w.client(client) }).
			Always(explore.Footprint{Reads: instanceState(client.Instance)})
		if client.After != nil {
			task.When(w.recordSays(client.After))
		}
	}
	for _, i := range sc.Reconcilers {
		w.s.Go(fmt.Sprintf("reconciler i%d", i), i, func() { w.instances[i].reconcile() })
	}
	if sc.Backfill {
		w.s.Go("backfill i0", 0, func() { w.instances[0].backfill() })
	}
	if sc.BackfillTwice {
		last := len(w.instances) - 1
		w.s.Go(fmt.Sprintf("backfill i%d", last), last, func() { w.instances[last].backfill() })
	}
	if sc.Passing > 0 {
		w.s.Go("time", -1, w.passTime)
	}
	if len(sc.Walk) > 0 || sc.Loops {
		for _, i := range w.instances {
			if slices.Contains(sc.Idle, i.number) {
				continue
			}
			w.s.Go(fmt.Sprintf("loop of i%d", i.number), i.number, i.follow).
				When(i.somethingToDo())
		}
	}
	if len(sc.Walk) > 0 {
		w.gates = control.NewCoordinator(w.record, w.memory)
		w.s.Go("coordinator", -1, w.coordinate).When(w.gatesOpen(sc.Walk[0]))
	}
	for _, i := range sc.Crash {
		w.s.Crashable(i)
	}
}

// recordSays is the condition of a client that begins when the record says something.
func (w *World) recordSays(what func(control.Record) bool) explore.Condition {
	return explore.Condition{What: "begins", Reads: explore.Footprint{Reads: 1 << recordBit}, Lasting: true, Holds: func() bool {
		record, err := w.record.Load(context.Background())
		return err == nil && what(record)
	}}
}

// stall holds the write of k0 by instance 0.
func (w *World) stall(input Input) {
	if w.s.Instance() == 0 && input.Key == 0 {
		w.s.Wait(w.recordSays(func(r control.Record) bool { return r.Backfills[kind].Complete }))
	}
}

// passTime lets quarters of a lease pass.
func (w *World) passTime() {
	part := lease
	if w.scenario.Leases {
		part /= 4
	}
	for range w.scenario.Passing {
		if w.s.Sleep(context.Background(), part) != nil {
			return
		}
	}
}

// client makes the calls and records them.
func (w *World) client(client Client) {
	r := w.instances[client.Instance].repository
	for n, input := range client.Inputs {
		if n > 0 && w.s.Point("calls", explore.Footprint{}, explore.NoFault) == explore.Gone {
			return // the task's start is the first call's own step
		}
		keys := input.keys()
		w.s.Touch(explore.Footprint{Calls: keys})
		first := w.history.Len()
		for key := int8(0); key < Keys; key++ {
			if keys&(1<<key) != 0 {
				input.Key = key
				w.history.Call(input)
			}
		}
		if w.s.Tracing() {
			w.s.Note("begins %v", input)
		}
		seen, err := call(r, input)
		if w.s.Tracing() {
			w.s.Note("ends %v: %v %v", input, seen, err)
		}
		w.s.Touch(explore.Footprint{Returns: keys})
		w.returned(first, first+bits.OnesCount16(keys), seen, err)
	}
}

// returned records the end of a call, which is an operation on each of its keys.
func (w *World) returned(from, to int, seen Value, err error) {
	for op := from; op < to; op++ {
		switch {
		case err == nil:
			w.history.Return(op, seen)
		case refused(err):
			w.history.Refused(op)
		}
	}
}

// refused reports whether an error says that the call certainly did nothing.
func refused(err error) bool {
	return errors.Is(err, dual.ErrReadOnly) || errors.Is(err, dual.ErrStopped) || errors.Is(err, dual.ErrNotReady)
}

// call makes a client's call. A panic of the primary reaches the caller, as it would without a wrapper.
func call(r Repository, input Input) (seen Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			if p != any(errInjected) {
				panic(p)
			}
			err = errInjected
		}
	}()
	ctx := context.Background()
	switch input.Act {
	case Get:
		return r.Get(ctx, input.Key)
	case Put:
		return Value{}, r.Put(ctx, input.Key, Value{Present: true, A: input.Value.A, B: input.Value.B})
	case Patch:
		return Value{}, r.Patch(ctx, input.Key, input.Value.B)
	case Add:
		return Value{}, r.Add(ctx, input.Key, input.Value.B)
	case PutMany:
		return Value{}, r.PutMany(ctx, []int8{0, 1}, Value{Present: true, A: input.Value.A, B: input.Value.B})
	case Clear:
		return Value{}, r.Clear(ctx)
	default:
		return Value{}, r.Delete(ctx, input.Key)
	}
}

// reconcile makes the instance's passes, each after the settle window.
func (i *Instance) reconcile() {
	for range max(i.world.scenario.Passes, 1) {
		if i.hooks.Sleep(context.Background(), cmp.Or(i.world.scenario.ReconcileAfter, settle)) != nil {
			return
		}
		i.pass()
	}
}

func (i *Instance) pass() {
	if i.reconciler == nil {
		i.reconciler = reconcile.New(i.migration, reconcile.Config{
			Owner: fmt.Sprint("reconciler ", i.number), Settle: settle, Lease: lease, Rate: -1, Backoff: time.Nanosecond,
			QuarantineAfter: -1, Logger: silent, Hooks: i.hooks,
		})
	}
	_, err := i.reconciler.Once(context.Background())
	if err != nil && i.world.s.Tracing() {
		i.world.s.Note("pass failed: %v", err)
	}
}

func (i *Instance) backfill() {
	chunk := max(i.world.scenario.Chunk, 1)
	_, err := backfill.Run(context.Background(), i.migration, kind, backfill.Config{
		Holder: fmt.Sprint("i", i.number), Chunk: chunk, Rate: -1, Lease: lease, Settle: settle, Logger: silent, Hooks: i.hooks,
	})
	if i.world.s.Tracing() {
		i.world.s.Note("backfill ends: %v", err)
	}
}
