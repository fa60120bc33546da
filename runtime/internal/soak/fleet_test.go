package soak

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/reconcile"
)

const (
	instances = 2
	clients   = 8
	hotKeys   = 20
	settle    = 200 * time.Millisecond
)

// fleet is a small service, whose instances come and go.
type fleet struct {
	t         *testing.T
	place     place
	stores    [2]*store
	processes []*process
	version   atomic.Int64
	deaths    int

	mu    sync.Mutex
	calls []time.Duration // of the writes since they were looked at
}

func newFleet(t *testing.T, p place) *fleet {
	f := &fleet{t: t, place: p}
	for i := range f.stores {
		f.stores[i] = &store{items: make(map[string]item)}
	}
	b := p.open(t)
	defer b.close()
	_, err := control.Update(t.Context(), b.control, func(r *control.Record) error {
		r.Epoch++
		r.MirroredSince, r.MirroredFrom = r.Epoch, phase.Old
		r.Phase, r.Kinds = phase.OldPrimary, []string{kind}
		return nil
	})
	require.NoError(t, err)
	return f
}

// process is one instance with its reconciler.
type process struct {
	migration  *dual.Migration
	put, sweep *dual.Method
	reconciler *reconcile.Reconciler
	close      func()
}

// start starts an instance, whose reconciler runs if it is to.
func (f *fleet) start(reconciles bool) *process {
	b := f.place.open(f.t)
	m, err := dual.NewMigration(dual.Config{
		Control: b.control, Journal: b.journal, Settle: settle, Lease: time.Minute, Logger: slog.New(slog.DiscardHandler),
	})
	require.NoError(f.t, err)
	dual.AddEntity(m, &f.stores, entity())
	p := &process{
		migration: m,
		put:       m.Method(dual.MethodInfo{Name: "Items.Put", Kind: dual.KindWrite, Mirror: dual.Replay}),
		sweep:     m.Method(dual.MethodInfo{Name: "Items.Sweep", Kind: dual.KindWrite, Mirror: dual.Replay}),
		reconciler: reconcile.New(m, reconcile.Config{
			Rate: -1, Interval: settle, QuarantineAfter: -1, Backoff: 200 * time.Millisecond, MaxBackoff: 5 * time.Second,
			Logger: slog.New(slog.DiscardHandler),
		}),
	}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	if reconciles {
		running.Go(func() { p.reconciler.Run(ctx) })
	}
	p.close = func() {
		cancel()
		running.Wait()
		assert.NoError(f.t, m.Close(context.Background()))
		b.close()
	}
	require.Eventually(f.t, func() bool { return m.Phase() == phase.OldPrimary }, 5*time.Minute, 5*time.Millisecond)
	return p
}

func (f *fleet) startAll() {
	for range instances {
		f.processes = append(f.processes, f.start(true))
	}
}

func (f *fleet) stopAll() {
	for _, p := range f.processes {
		p.close()
	}
	f.processes = nil
}

// die has a process take tokens and never be heard of again.
func (f *fleet) die() {
	f.deaths++
	owner, ctx := fmt.Sprint("dead ", f.deaths), f.t.Context()
	b := f.place.open(f.t)
	defer b.close()
	require.NoError(f.t, b.journal.Renew(ctx, owner, time.Second))
	for i := range 3 {
		_, err := b.journal.Begin(ctx, owner, journal.Key{Kind: kind, ID: fmt.Sprint("orphan ", f.deaths, " ", i)}, phase.Old)
		require.NoError(f.t, err)
	}
}

// traffic runs clients for as long as more, which gets the number of calls, says.
func (f *fleet) traffic(more func(call int64) bool) {
	var calls atomic.Int64
	var all sync.WaitGroup
	for client := range clients {
		all.Go(func() {
			for n := calls.Add(1); more(n); n = calls.Add(1) {
				p := f.processes[client%len(f.processes)]
				began := time.Now()
				err := f.call(p, client)
				for errors.Is(err, dual.ErrLeaseLost) { // the machine had no time for it; its service would start another instance
					time.Sleep(time.Second)
					err = f.call(p, client)
				}
				assert.NoError(f.t, err)
				f.mu.Lock()
				f.calls = append(f.calls, time.Since(began))
				f.mu.Unlock()
			}
		})
	}
	all.Wait()
}

// call is one of the service: a write of a hot key, of one that is written once, or of all keys of a prefix.
func (f *fleet) call(p *process, client int) error {
	version := f.version.Add(1)
	temporary := fmt.Sprintf("temporary %d ", client)
	switch n := rand.IntN(100); {
	case n < 45:
		return f.write(p, item{fmt.Sprint("hot ", rand.IntN(hotKeys)), version})
	case n < 95:
		return f.write(p, item{fmt.Sprint("once ", version), version})
	case n < 98:
		return f.write(p, item{temporary + fmt.Sprint(rand.IntN(5)), version})
	}
	call, err := p.migration.Begin(p.sweep)
	if err != nil {
		return err
	}
	defer call.End()
	_, err = dual.WriteListed(f.t.Context(), call, &f.stores, kind, temporary,
		func(ctx context.Context, s *store, prefix string) ([]dual.Key, error) { return s.list(ctx, prefix) },
		func(_ context.Context, s *store, prefix string) (int, error) {
			return 0, s.do(func() {
				for id := range s.items {
					if strings.HasPrefix(id, prefix) {
						delete(s.items, id)
					}
				}
			})
		})
	return err
}

func (f *fleet) write(p *process, i item) error {
	call, err := p.migration.Begin(p.put)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(f.t.Context(), call, &f.stores, i.key(), i, nil, func(ctx context.Context, s *store, i item) error { return s.put(ctx, i) })
}

// latencies returns the median and the 99th percentile of the calls since the last time.
func (f *fleet) latencies() (median, most time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	slices.Sort(f.calls)
	if n := len(f.calls); n > 0 {
		median, most = f.calls[n/2], f.calls[n*99/100]
	}
	f.calls = nil
	return median, most
}

// drain makes the passes of one reconciler until every key is clean, and returns how many copies that took, and what a key of a pass
// that copied some cost the server. What it costs to wait, for keys that are not ready yet, is a matter of time.
func (f *fleet) drain() (copied, each int64) {
	f.stopAll()
	defer f.startAll()
	p := f.start(false)
	defer p.close()
	ctx := context.WithValue(f.t.Context(), work{}, true)
	var cost, keys int64
	for tries := 0; ; tries++ {
		counts, err := p.migration.Journal().Counts(f.t.Context(), "")
		require.NoError(f.t, err)
		if counts.Unclean() == 0 {
			break
		}
		before := f.place.cost(f.t)
		pass, err := p.reconciler.Once(ctx)
		if err == nil && pass.Copied > 0 {
			cost += f.place.cost(f.t) - before
			keys += int64(pass.Copied + pass.Failed + pass.Busy + pass.Waiting)
			copied += int64(pass.Copied)
			tries = 0
			continue
		}
		require.Less(f.t, tries, 300, "%d keys stay unclean, though the mirror is up: %v, %+v", counts.Unclean(), err, pass)
		time.Sleep(time.Second)
	}
	require.Equal(f.t, f.stores[0].snapshot(), f.stores[1].snapshot(), "the stores differ, and the journal is empty")
	return copied, cost / max(1, keys)
}

// work marks the context of what a pass does itself.
type work struct{}
