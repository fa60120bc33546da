package proof

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/internal/hooks"
	"github.com/dualgen/dualgen/runtime/internal/results"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

// liveStore is a store in memory for real goroutines: calls are atomic, and some fail.
type liveStore struct {
	faults float64 // share of changes that fail, half of them with effect
	mu     sync.Mutex
	rows   [Keys]Value
}

func (l *liveStore) change(input Input) error {
	pause()
	l.mu.Lock()
	defer l.mu.Unlock()
	failed := rand.Float64() < l.faults
	if !failed || rand.IntN(2) == 0 {
		l.rows[input.Key] = input.apply(l.rows[input.Key])
	}
	if failed {
		return errInjected
	}
	return nil
}

// pause gives other goroutines a chance to come in between.
func pause() {
	for range rand.IntN(3) {
		runtime.Gosched()
	}
	if rand.IntN(400) == 0 {
		time.Sleep(time.Duration(rand.IntN(200)) * time.Microsecond)
	}
}

func (l *liveStore) Get(_ context.Context, key int8) (Value, error) {
	pause()
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.rows[key], nil
}

func (l *liveStore) Put(_ context.Context, key int8, v Value) error {
	return l.change(Input{Act: Put, Key: key, Value: v})
}

func (l *liveStore) Patch(_ context.Context, key, b int8) error {
	return l.change(Input{Act: Patch, Key: key, Value: Value{B: b}})
}

func (l *liveStore) Add(_ context.Context, key, b int8) error {
	return l.change(Input{Act: Add, Key: key, Value: Value{B: b}})
}

func (l *liveStore) Delete(_ context.Context, key int8) error {
	return l.change(Input{Act: Delete, Key: key})
}

func (l *liveStore) PutMany(_ context.Context, keys []int8, v Value) error {
	for _, key := range keys {
		if err := l.change(Input{Act: Put, Key: key, Value: v}); err != nil {
			return err
		}
	}
	return nil
}

func (l *liveStore) Clear(context.Context) error { panic("not called") }

func (l *liveStore) Scan(context.Context, string, int) ([]Row, string, error) { panic("not called") }

// liveAct are the acts of live clients, as often as they are listed.
var liveActs = []Act{Get, Get, Get, Get, Put, Put, Put, Patch, Delete, PutMany}

// liveFleet is a fleet of two instances in one process, with their real loops, under real concurrency.
type liveFleet struct {
	stores     [2]*liveStore
	journal    *journal.Memory
	control    *control.Memory
	migrations []*dual.Migration
	clients    []Repository
	stop       context.CancelFunc
	background sync.WaitGroup
	steps      atomic.Int64
}

// startLive starts a fleet that walks between OldPrimary and NewPrimary and back until it is stopped.
func startLive(settings phase.Settings, faults float64, off hooks.Rules) (*liveFleet, error) {
	f := &liveFleet{stores: [2]*liveStore{{faults: faults}, {faults: faults}},
		journal: journal.NewMemory(journal.WithRules(off)), control: control.NewMemory()}
	ctx, stop := context.WithCancel(context.Background())
	f.stop = stop
	incarnation, _ := f.journal.Incarnation(ctx) // in memory: never fails
	if err := f.control.Swap(ctx, 0, control.Record{
		Epoch: 1, Phase: phase.OldPrimary, Settings: settings, MirroredSince: 1,
		Backfills:    map[string]control.Backfill{kind: {Epoch: 1, Complete: true}},
		Certificates: map[string]control.Certificate{kind: {Epoch: 1, Incarnation: incarnation, Issued: time.Now(), Recounted: 1}},
	}); err != nil {
		return nil, err
	}
	for i := range 2 {
		h := &hooks.Hooks{Off: off}
		m, err := dual.NewMigration(dual.Config{Control: f.control, Journal: f.journal, Instance: fmt.Sprint("i", i), Logger: silent, Hooks: h})
		if err != nil {
			return nil, err
		}
		f.migrations = append(f.migrations, m)
		f.clients = append(f.clients, NewDual(f.stores[0], f.stores[1], m, Build{Acts: ^uint(0)}))
		r := reconcile.New(m, reconcile.Config{Settle: time.Millisecond, Interval: time.Millisecond, Rate: -1, Backoff: time.Millisecond,
			QuarantineAfter: -1, Logger: silent, Hooks: h})
		f.background.Go(func() { r.Run(ctx) })
	}
	if settings.Mirror != phase.Parallel {
		f.background.Go(func() { f.walk(ctx, off) })
	}
	return f, nil
}

// walk moves the fleet forward and back as fast as its gates allow.
func (f *liveFleet) walk(ctx context.Context, off hooks.Rules) {
	c := control.NewCoordinator(f.control, f.journal, control.WithRules(off))
	by := c.Advance
	for ctx.Err() == nil {
		switch record, err := by(ctx, control.Step{}); {
		case err != nil:
			time.Sleep(50 * time.Microsecond) // a gate is not met
		case record.Phase == phase.NewPrimary:
			by = c.Back
			f.steps.Add(1)
		case record.Phase == phase.OldPrimary:
			by = c.Advance
			f.steps.Add(1)
		default:
			f.steps.Add(1)
		}
	}
}

// enough is how long what should come soon may take on a busy machine.
const enough = 3 * time.Minute

// close ends the fleet once its journal is empty.
func (f *liveFleet) close() error {
	deadline := time.Now().Add(enough)
	for {
		counts, err := f.journal.Counts(context.Background(), "")
		if err == nil && counts.Unclean() == 0 {
			break
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("the journal does not empty: %+v", counts)
		}
		time.Sleep(time.Millisecond)
	}
	f.stop()
	f.background.Wait()
	for _, m := range f.migrations {
		if err := m.Close(context.Background()); err != nil {
			return err
		}
	}
	return nil
}

// liveHistory is what one client did.
type liveHistory struct {
	repository Repository
	clock      *atomic.Int32
	operations []operation
}

// do makes n calls.
func (l *liveHistory) do(rng *rand.Rand, n int) {
	for range n {
		in := Input{Act: liveActs[rng.IntN(len(liveActs))], Key: int8(rng.IntN(ofOne)), Value: Value{A: int8(rng.Int()), B: int8(rng.Int())}}
		if in.Act == PutMany {
			in.Key = 0
		}
		o := operation{input: in, call: l.clock.Add(1)}
		seen, err := call(l.repository, in)
		if err == nil {
			o.end, o.ok, o.seen = l.clock.Add(1), true, seen
		}
		for key := int8(0); key < Keys; key++ {
			if in.keys()&(1<<key) != 0 {
				o.input.Key = key
				l.operations = append(l.operations, o)
			}
		}
	}
}

// live makes one history of clients × calls operations and checks it.
func live(seed uint64, clients, calls int, off hooks.Rules) (operations int, steps int64, err error) {
	rng := rand.New(rand.NewPCG(seed, 99))
	settings := phase.Settings{Mirror: phase.Mirror(rng.IntN(3))}
	f, err := startLive(settings, []float64{0, 0.01, 0.03}[rng.IntN(3)], off)
	if err != nil {
		return 0, 0, err
	}
	var clock atomic.Int32
	histories := make([]liveHistory, clients)
	var running sync.WaitGroup
	for c := range histories {
		h := &histories[c]
		h.repository, h.clock = f.clients[c%2], &clock
		seed := rng.Uint64()
		running.Go(func() { h.do(rand.New(rand.NewPCG(seed, 1)), calls) })
	}
	running.Wait()
	if err := f.close(); err != nil {
		return 0, 0, err
	}
	var all History
	for _, h := range histories {
		all.operations = append(all.operations, h.operations...)
	}
	all.clock = clock.Load()
	primary := 0
	record, _ := f.control.Load(context.Background()) // in memory: never fails
	if record.Phase.Primary() == phase.New {
		primary = 1
	}
	for key := range int8(Keys) {
		all.Return(all.Call(Input{Act: Get, Key: key}), f.stores[primary].rows[key])
	}
	if f.stores[0].rows != f.stores[1].rows {
		return 0, 0, fmt.Errorf("%w: %v in old, %v in new", errDiverged, f.stores[0].rows, f.stores[1].rows)
	}
	for key := range int8(Keys) {
		switch porcupine.CheckOperationsTimeout(sequential, all.ofKey(key), enough) {
		case porcupine.Illegal:
			return 0, 0, fmt.Errorf("not linearizable: %s", all.describe(key))
		case porcupine.Unknown:
			return 0, 0, fmt.Errorf("Porcupine came to no verdict about k%d in time", key)
		}
	}
	return all.Len(), f.steps.Load(), nil
}

// TestLiveHistories: fleets under real concurrency, with faults, walking forward and back all the time.
func TestLiveHistories(t *testing.T) {
	level, err := LevelFromEnv()
	require.NoError(t, err)
	began := time.Now()
	histories := pick[int64](level, 60, 2_100, 105_000)
	var next, operations, steps, violations atomic.Int64
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for n := next.Add(1); n <= histories; n = next.Add(1) {
				seed := uint64(time.Now().UnixNano())
				ops, moved, err := live(seed, 6, 85, hooks.Rules{})
				if err != nil {
					violations.Add(1)
					t.Errorf("seed %d: %v", seed, err)
				}
				operations.Add(int64(ops))
				steps.Add(moved)
			}
		})
	}
	workers.Wait()
	require.NoError(t, results.Report(results.Row{
		Layer: "operations checked for linearizability", Level: string(level), Count: operations.Load(), Unit: "operations checked for linearizability",
		Violations: violations.Load(), Seconds: time.Since(began).Seconds(),
		Detail: fmt.Sprintf("%d histories under real concurrency, %d phase changes beneath them, by Porcupine", histories, steps.Load()),
	}))
	assert.Greater(t, steps.Load(), histories, "the fleets moved")
	if level == CI {
		assert.GreaterOrEqual(t, operations.Load(), int64(1_000_000))
	}
}

// TestLiveRedControls: the same fleets with a rule switched off are caught.
func TestLiveRedControls(t *testing.T) {
	for rule, off := range map[string]hooks.Rules{
		"adopt":   {NoAdopt: true},
		"guard":   {NoGuard: true},
		"overlap": {NoOverlap: true},
	} {
		t.Run(rule, func(t *testing.T) {
			for seed := range uint64(2000) {
				if _, _, err := live(seed, 6, 85, off); err != nil {
					t.Logf("history %d: %.300v", seed, err)
					return
				}
			}
			t.Error("no violation in 2,000 histories")
		})
	}
}
