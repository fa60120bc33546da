package proof

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/phase"
)

var (
	errImpatient = errors.New("a write went through while its instance held the key's writers back for a copy")
	errStuck     = errors.New("a call never ended")
)

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
func (w *World) settledOnce() explore.Condition {
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

// obeyed checks that a write which began during a turn of k0 did not go through before its end. A transaction does not wait: it
// holds the primary's locks.
func (i *Instance) obeyed(input Input, turn int, err error) {
	if err == nil && turn != 0 && i.held == turn && input.Act != Get && input.Act != Tx && input.keys()&1 != 0 {
		i.world.s.Fail(errImpatient)
	}
}

// allReturned checks that every call of a living instance came to its end.
func (w *World) allReturned() error {
	for _, task := range w.s.Stuck() {
		if strings.HasPrefix(task, "client ") && !strings.HasSuffix(task, ": begins") {
			return fmt.Errorf("%w: %s", errStuck, task)
		}
	}
	return nil
}

// settled makes a client begin once the settle window has passed.
func (c Client) settled() Client {
	c.Settled = true
	return c
}

// turning are worlds in which a stale key is written until its copier gets a turn: the writers of each instance that looks wait.
func turning() []*Scenario {
	var all []*Scenario
	add := func(name string, walks [][]phase.Phase, base Scenario) {
		if base.Rows == nil {
			base.Rows = rows
		}
		base.Stale, base.Instances = stale, 2
		if base.Looks == nil {
			base.Looks = []int{0}
		}
		for n := range base.Clients {
			base.Clients[n].Settled = true
		}
		all = append(all, times("turns: "+name, walks, base)...)
	}
	both, copier := []int{0, 1}, []int{1}
	hot := []Client{one(0, put(0, 1), put(0, 2)), one(0, put(0, 3))}
	add("put put, put", walked, Scenario{Clients: hot, Reconcilers: copier, Passes: 2})
	add("put patch, get get", walked, Scenario{Clients: []Client{one(0, put(0, 1), patch(0, 2)), one(1, get(0), get(0))}, Reconcilers: copier})
	add("put delete, put in another instance", walked, Scenario{Looks: both, Clients: []Client{one(0, put(0, 1), del(0)), one(1, put(0, 3))}, Reconcilers: copier})
	add("nobody copies", walked[:2], Scenario{Clients: hot})
	crossing := walked[3:]
	add("put, putMany", walked[:2], Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, many)}, Reconcilers: copier})
	add("put, sweep", crossing, Scenario{Rows: low, Clients: []Client{one(0, put(0, 1)), one(0, reap)}, Reconcilers: copier})
	add("put, purge", walked[:2], Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, purge)}, Reconcilers: copier})
	add("put, make", crossing, Scenario{Clients: []Client{one(0, put(0, 1)), one(0, make1(2))}, Reconcilers: copier})
	add("put, tx", crossing, Scenario{Rows: two, Clients: []Client{one(0, put(0, 1)), one(0, tx(put(0, 2), put(1, 1)))}, Reconcilers: copier})
	add("put put, joined", walked[:1], Scenario{Joins: [2]bool{true, true}, Clients: hot, Reconcilers: copier})
	add("put put, async", walked[:1], Scenario{Settings: phase.Settings{Mirror: phase.AsyncGuarded}, Clients: hot, Reconcilers: copier})
	add("put put, queued", walked[:1], Scenario{Settings: phase.Settings{Mirror: phase.Queued}, Clients: hot, Reconcilers: copier})
	save := phase.Settings{Fallback: phase.FallbackSave}
	add("put patch, fallback", walked[1:2], Scenario{NewEmpty: true, Settings: save, Clients: hot, Reconcilers: copier})
	slept := Scenario{Name: "turns: put in an instance whose lease runs out", Instances: 2, Phase: phase.OldGuarded,
		Walk: []phase.Phase{phase.NewGuarded, phase.NewPrimary}, Rows: rows, Stale: stale, Looks: []int{1}, Leases: true, Idle: []int{1}, Passing: 5,
		Clients: []Client{one(1, put(0, 1), put(0, 2)).settled(), one(0, get(0)).in(phase.NewPrimary)}, Reconcilers: []int{0}}
	return append(all, &slept)
}

// redTurns are the red controls of turns.
func redTurns() []RedControl {
	world := func(copiers ...int) *Scenario {
		return &Scenario{Instances: 2, Phase: phase.OldPrimary, Rows: rows, Stale: stale, Looks: []int{0}, Reconcilers: copiers,
			Clients: []Client{one(0, put(0, 1), put(0, 2)).settled(), one(0, put(0, 3)).settled()}}
	}
	return []RedControl{
		{Rule: "writers wait for a copy's turn", World: world(1), Off: hooks.Rules{NoTurns: true}},
		{Rule: "a turn ends", World: world(), Off: hooks.Rules{NoTurnEnd: true}},
	}
}
