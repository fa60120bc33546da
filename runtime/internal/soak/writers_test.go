package soak

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
)

var writing = flag.Duration("writers", 0, "how long 10,000 goroutines of one instance write at once, in each of two phases; 0 for 500 goroutines, two writes each")

// crowd is how many goroutines write at once: all, or as many as a run of every test has.
const (
	crowd      = 10_000
	smallCrowd = 500
)

// TestWritersKeepTheLease: an instance with 10,000 writers at once, each on a key of its own, keeps its lease of 15 s, and no
// call fails for it. The stores are in memory, so that all statements are those of the journal and of the control store.
func TestWritersKeepTheLease(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) place{"postgres": postgres, "cassandra": cassandra} {
		t.Run(name, func(t *testing.T) {
			p := open(t)
			for _, at := range []phase.Phase{phase.OldPrimary, phase.NewGuarded} {
				t.Run(at.String(), func(t *testing.T) { keepsTheLease(t, p, at) })
			}
		})
	}
}

func keepsTheLease(t *testing.T, p place, at phase.Phase) {
	b := p.open(t)
	defer b.close()
	_, err := control.Update(t.Context(), b.control, func(r *control.Record) error {
		r.Epoch++
		r.MirroredSince, r.MirroredFrom = r.Epoch, phase.Old
		r.Phase, r.Kinds, r.Proved = at, []string{kind}, []string{kind}
		var err error
		r.Journal, err = b.journal.Incarnation(t.Context())
		return err
	})
	require.NoError(t, err)
	stores := [2]*store{{items: make(map[string]item)}, {items: make(map[string]item)}}
	m, err := dual.NewMigration(dual.Config{Control: b.control, Journal: b.journal, Logger: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	dual.AddEntity(m, &stores, entity())
	put := m.Method(dual.MethodInfo{Name: "Items.Put", Kind: dual.KindWrite, Mirror: dual.Replay})
	require.Eventually(t, func() bool { return m.Phase() == at && m.Ready() == nil }, time.Minute, 5*time.Millisecond, "%v", m.Ready())

	least := m.Status().Lease
	var writers sync.WaitGroup
	var written atomic.Int64
	var failed sync.Map
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	many, each := smallCrowd, int64(2)
	if *writing > 0 {
		many, each = crowd, math.MaxInt64
		ctx, cancel = context.WithTimeout(ctx, *writing)
		defer cancel()
	}
	for n := range many {
		writers.Go(func() {
			for version := int64(1); version <= each && ctx.Err() == nil; version++ {
				if err := putItem(m, put, &stores, item{fmt.Sprint("w", n), version}); err != nil {
					failed.Store(err.Error(), true)
					continue
				}
				written.Add(1)
			}
		})
	}
	go func() {
		writers.Wait()
		cancel()
	}()
	began := time.Now()
	for ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
		least = min(least, m.Status().Lease)
	}
	writers.Wait()
	t.Logf("%s, %v: %d writers, %d writes in %v, the lease had %v left at least", p.name, at, many, written.Load(),
		time.Since(began).Round(time.Millisecond), least.Round(time.Millisecond))
	failed.Range(func(text, _ any) bool { return assert.Fail(t, "a write failed", text) })
	assert.Positive(t, least)
	assert.NotZero(t, written.Load())
	require.NoError(t, m.Close(context.Background()))
}

func putItem(m *dual.Migration, put *dual.Method, stores *[2]*store, i item) error {
	call, err := m.Begin(put)
	if err != nil {
		return err
	}
	defer call.End()
	return dual.Write(context.Background(), call, stores, i.key(), i, nil,
		func(ctx context.Context, s *store, i item) error { return s.put(ctx, i) })
}
