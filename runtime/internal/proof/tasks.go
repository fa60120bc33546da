package proof

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// tasks starts everything that the scenario has.
func (w *World) tasks() {
	sc := w.scenario
	for n, client := range sc.Clients {
		task := w.s.Go(fmt.Sprintf("client %d on i%d", n, client.Instance), client.Instance, func() { w.client(client) }).
			Always(explore.Footprint{Reads: instanceState(client.Instance)})
		switch {
		case client.After != nil:
			task.When(w.recordSays(client.After))
		case client.Settled:
			task.When(settledOnce(w))
		}
	}
	w.looks()
	for _, i := range sc.Reconcilers {
		w.s.Go(fmt.Sprintf("reconciler i%d", i), i, func() { w.instances[i].reconcile() })
	}
	if sc.Backfill {
		w.s.Go("backfill i0", 0, func() { w.instances[0].backfill(sc.Overlap) })
	}
	if sc.BackfillTwice {
		last := len(w.instances) - 1
		w.s.Go(fmt.Sprintf("backfill i%d", last), last, func() { w.instances[last].backfill(sc.Overlap) })
	}
	w.checks()
	if sc.Passing > 0 {
		task := w.s.Go("time", -1, w.passTime)
		if sc.Cutoff != 0 {
			task.When(w.recordSays(divided))
		}
	}
	if len(sc.Walk) > 0 || len(sc.Shares) > 0 || sc.Loops {
		for _, i := range w.instances {
			if slices.Contains(sc.Idle, i.number) {
				continue
			}
			w.s.Go(fmt.Sprintf("loop of i%d", i.number), i.number, i.follow).
				When(i.somethingToDo())
		}
	}
	if len(sc.Walk) > 0 || len(sc.Shares) > 0 {
		w.gates = control.NewCoordinator(w.record, w.memory, control.WithRules(w.scenario.Off))
		task := w.s.Go("coordinator", -1, w.coordinate)
		if _, first := sc.Shares[0]; !first {
			task.When(w.gatesOpen(sc.Walk[0]))
		}
	}
	if sc.Cutoff != 0 {
		w.s.Go("coordinator", -1, w.divide)
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
	i := w.instances[client.Instance]
	if slices.Contains(w.scenario.Starting, i.number) && !w.s.Wait(explore.Condition{What: "has started",
		Reads: explore.Footprint{Reads: instanceState(i.number)}, Lasting: true, Holds: func() bool { return i.migration.Ready() == nil }}) {
		return
	}
	if i.repository == nil {
		i.wrap()
		w.s.Touch(explore.Footprint{Writes: instanceState(i.number)})
	}
	r := i.repository
	for n, input := range client.Inputs {
		if n > 0 && w.s.Point("calls", explore.Footprint{}, explore.NoFault) == explore.Gone {
			return // the task's start is the first call's own step
		}
		keys := input.keys()
		w.s.Touch(explore.Footprint{Calls: keys})
		first := w.history.Len()
		for _, change := range input.changes() {
			w.history.Call(change)
		}
		last, turn := w.history.Len(), i.held
		if w.s.Tracing() {
			w.s.Note("begins %v", input)
		}
		seen, err := w.call(r, input, first)
		if w.s.Tracing() {
			w.s.Note("ends %v: %v %v", input, seen, err)
		}
		w.s.Touch(explore.Footprint{Returns: keys})
		i.obeyed(input, turn, err)
		w.returned(first, last, seen, err)
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
	return errors.Is(err, dual.ErrReadOnly) || errors.Is(err, dual.ErrStopped) || errors.Is(err, dual.ErrNotReady) ||
		errors.Is(err, dual.ErrKindUnproved) || errors.Is(err, dual.ErrOtherStores) || errors.Is(err, dual.ErrOtherShape) || errors.Is(err, dual.ErrAhead) || errors.Is(err, dual.ErrUntimed) ||
		errors.Is(err, errAborted)
}

// call makes a client's call, whose first operation in the history is op.
func (w *World) call(r Repository, input Input, op int) (Value, error) {
	switch input.Act {
	case Make:
		return Value{}, w.make(context.Background(), r.(Books), input, op)
	case Tx:
		return Value{}, w.transaction(context.Background(), r.(Books), input, op)
	}
	return call(r, input)
}

// call makes a client's call of one that the history knows the keys of.
func call(r Repository, input Input) (seen Value, err error) {
	defer injected(&err)
	ctx := context.Background()
	switch input.Act {
	case Get:
		return r.Get(ctx, input.Key)
	case Put:
		return Value{}, r.Put(ctx, input.Key, input.value())
	case Patch:
		return Value{}, r.Patch(ctx, input.Key, input.Value.B)
	case Add:
		return Value{}, r.Add(ctx, input.Key, input.Value.B)
	case PutMany:
		return Value{}, r.PutMany(ctx, []int8{0, 1}, input.value())
	case Clear:
		return Value{}, r.Clear(ctx)
	case Purge:
		return Value{}, r.(Books).Purge(ctx)
	case Sweep:
		return Value{}, r.(Books).Sweep(ctx)
	case Roll:
		return Value{}, r.(Books).Roll(ctx, input.value())
	case Move:
		return Value{}, r.(Books).Move(ctx, 0, 1, input.value())
	default:
		return Value{}, r.Delete(ctx, input.Key)
	}
}

// injected takes a panic of the primary, which reaches the caller as it would without a wrapper.
func injected(err *error) {
	if p := recover(); p != nil {
		if p != any(errInjected) {
			panic(p)
		}
		*err = errInjected
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

var errImpatient = errors.New("a write went through while its instance held the key's writers back for a copy")

// looking is how the name of a task begins that looks: what it starts are turns.
const looking = "looks of i"

// looks starts the instances' looks for keys that are written all the time.
func (w *World) looks() {
	for _, n := range w.scenario.Looks {
		i := w.instances[n]
		w.s.Go(fmt.Sprint(looking, n), n, i.looks).
			Always(explore.Footprint{Reads: instanceState(n) | explore.Clock.Reads})
	}
}

// settledOnce is the condition that the settle window has passed since the beginning.
func settledOnce(w *World) explore.Condition {
	return explore.Condition{What: "begins", Reads: explore.Clock, Lasting: true, Holds: func() bool { return w.s.Now() >= settle }}
}

// looks looks twice: once the settle window has passed, and when somebody wrote since.
func (i *Instance) looks() {
	w, ctx := i.world, context.Background()
	if w.s.Sleep(ctx, settle) != nil {
		return
	}
	seq, _ := w.memory.Seq(ctx) // in memory: never fails
	i.look(ctx)
	if w.s.Wait(explore.Condition{What: "looks again", Reads: everything, Lasting: true, Holds: func() bool {
		now, _ := w.memory.Seq(ctx)
		return now > seq
	}}) {
		i.look(ctx)
	}
}

func (i *Instance) look(ctx context.Context) {
	err := i.hooks.Look(ctx)
	if i.world.s.Tracing() {
		i.world.s.Note("looked: holds turn %d; %v", i.held, err)
	}
}

// obeyed checks that a write which began during a turn of k0 did not go through before its end. A transaction does not wait: it
// holds the primary's locks.
func (i *Instance) obeyed(input Input, turn int, err error) {
	if err == nil && turn != 0 && i.held == turn && input.Act != Get && input.Act != Tx && input.keys()&1 != 0 {
		i.world.s.Fail(errImpatient)
	}
}
