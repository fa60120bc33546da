package prom_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/telemetry/prom"
)

// shelf is the repository of these tests: what a generated wrapper does, with an error that the test chooses.
type shelf struct {
	migration *dual.Migration
	stores    [2]*shelfStore
	get, put  *dual.Method
}

// shelfStore fails as it is told to, also while a comparison still reads it.
type shelfStore struct{ failure atomic.Pointer[error] }

func (s *shelfStore) fail(err error) { s.failure.Store(&err) }

func (s *shelfStore) err() error {
	if failure := s.failure.Load(); failure != nil {
		return *failure
	}
	return nil
}

func newShelf(t testing.TB, observer dual.Observer, p dual.Phase) *shelf {
	t.Helper()
	flags := control.NewMemory()
	require.NoError(t, control.Init(t.Context(), flags, "test"))
	s := &shelf{stores: [2]*shelfStore{{}, {}}}
	var err error
	s.migration, err = dual.NewMigration(dual.Config{Name: "books", Control: flags, Observer: observer, Settle: time.Millisecond,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	s.get = s.migration.Method(dual.MethodInfo{Name: "Books.Get", Kind: dual.KindRead})
	s.put = s.migration.Method(dual.MethodInfo{Name: "Books.Put", Kind: dual.KindWrite})
	dual.AddEntity(s.migration, &s.stores, dual.Entity[*shelfStore, int]{Kind: "Book", Key: key,
		Get:  func(context.Context, *shelfStore, dual.Key) (int, bool, error) { return 1, true, nil },
		Put:  func(context.Context, *shelfStore, int) error { return nil },
		Scan: func(context.Context, *shelfStore, string, int) ([]int, string, error) { return nil, "", nil }})
	s.move(t, p, dual.Settings{})
	t.Cleanup(func() { require.NoError(t, s.migration.Close(context.Background())) })
	return s
}

// key is the key of a book; that of 0 costs nothing to make.
func key(id int) dual.Key {
	if id == 0 {
		return dual.Key{Kind: "Book", ID: "secret"}
	}
	return dual.Key{Kind: "Book", ID: fmt.Sprint("secret-", id)}
}

// move puts the fleet into a phase, asking no gate, and waits until the instance follows.
func (s *shelf) move(t testing.TB, p dual.Phase, settings dual.Settings) {
	t.Helper()
	record, err := control.Update(t.Context(), s.migration.Control(), func(r *control.Record) error {
		r.Epoch++
		r.Phase, r.Settings, r.MirroredSince = p, settings, 1
		r.Proved = []string{"Book"}
		return nil
	})
	require.NoError(t, err)
	for s.migration.Status().Acked != record.Epoch {
		time.Sleep(time.Millisecond)
	}
}

var reading = dual.Reading[int, int]{Diff: func(a, b int) []dual.Difference { return nil }}

func (s *shelf) Get(ctx context.Context, id int) (int, error) {
	call, err := s.migration.Begin(s.get)
	if err != nil {
		return 0, err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return 1, s.stores[store].err()
	}
	return dual.Read(ctx, call, &s.stores, key(id), id, &reading, func(_ context.Context, store *shelfStore, id int) (int, error) { return 1, store.err() })
}

func (s *shelf) Put(ctx context.Context, id int) error {
	call, err := s.migration.Begin(s.put)
	if err != nil {
		return err
	}
	defer call.End()
	if store, ok := call.Single(); ok {
		return s.stores[store].err()
	}
	return dual.Write(ctx, call, &s.stores, key(id), id, nil, func(_ context.Context, store *shelfStore, id int) error { return store.err() })
}

func gather(t testing.TB, r *prometheus.Registry) map[string]*dto.MetricFamily {
	t.Helper()
	families, err := r.Gather()
	require.NoError(t, err)
	all := make(map[string]*dto.MetricFamily)
	for _, f := range families {
		all[f.GetName()] = f
	}
	return all
}

// series counts the series that a metric is stored as: a histogram's buckets, that of everything, its sum and its count.
func series(m *dto.Metric) int {
	if h := m.GetHistogram(); h != nil {
		return len(h.GetBucket()) + 3
	}
	return 1
}

// A method that lives through the whole migration, with comparisons and with every kind of error in either store, has at most 60
// series, and no label ever holds a key.
func TestSeriesOfAMethod(t *testing.T) {
	observer := prom.NewObserver(prom.Options{Migration: "books"})
	s := newShelf(t, observer, dual.OldOnly)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(observer, prom.NewCollector(s.migration, telemetry.Config{}))
	failures := []error{nil, context.DeadlineExceeded, context.Canceled, errors.New("UNIQUE constraint failed: x"), errors.New("down")}
	for p := dual.OldOnly; p <= dual.NewOnly; p++ {
		s.move(t, p, dual.Settings{Compare: 1})
		for _, old := range failures {
			for _, new := range failures {
				s.stores[0].fail(old)
				s.stores[1].fail(new)
				_, _ = s.Get(t.Context(), 1)
				_ = s.Put(t.Context(), 2)
				for s.migration.Stats().InFlight > 0 {
					time.Sleep(time.Millisecond)
				}
			}
		}
	}
	time.Sleep(50 * time.Millisecond) // comparisons end
	count := make(map[string]int)
	for name, f := range gather(t, registry) {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				require.NotContains(t, l.GetValue(), "secret", name)
				if l.GetName() == "method" {
					count[l.GetValue()] += series(m)
				}
			}
		}
	}
	require.Len(t, count, 2)
	for method, n := range count {
		t.Logf("%s: %d series", method, n)
		require.LessOrEqual(t, n, 60, method)
		require.Greater(t, n, 40, "the test no longer brings all of them up")
	}
}

// Durations and errors stand under their method, store and role.
func TestDurations(t *testing.T) {
	observer := prom.NewObserver(prom.Options{Migration: "books"})
	s := newShelf(t, observer, dual.OldPrimary)
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(observer, prom.NewCollector(s.migration, telemetry.Config{}))
	require.NoError(t, s.Put(t.Context(), 1))
	s.stores[1].fail(context.DeadlineExceeded)
	require.NoError(t, s.Put(t.Context(), 1))
	s.stores[0].fail(errors.New("down"))
	require.Error(t, s.Put(t.Context(), 1))
	all := gather(t, registry)
	text := func(name string) string {
		var lines []string
		for _, m := range all[name].GetMetric() {
			value := m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetValue())
			}
			lines = append(lines, fmt.Sprintf("%s=%g", strings.Join(labels, ","), value))
		}
		return strings.Join(lines, " ")
	}
	require.Equal(t, "Books.Put,books=3", strings.Replace(text("dualgen_call_duration_seconds"), "Books.Get,books=0 ", "", 1))
	require.Equal(t, "Books.Put,books,mirror,new=2 Books.Put,books,primary,old=3", text("dualgen_store_duration_seconds"))
	require.Equal(t, "other,Books.Put,books,old=1 timeout,Books.Put,books,new=1", text("dualgen_store_errors_total"))
	require.Contains(t, text("dualgen_call_errors_total"), "Books.Put,books=1")
	require.Equal(t, "books=2", text("dualgen_phase"))
	require.Contains(t, text("dualgen_unclean_keys"), "Book,books=1")
	require.Contains(t, text("dualgen_mirror_writes_total"), "Books.Put,books,failed=1")
}

// Everything that a Collector tells is a family that it has described, whatever it was asked for.
func TestFamiliesAreComplete(t *testing.T) {
	s := newShelf(t, nil, dual.OldPrimary)
	require.NoError(t, s.migration.Journal().MarkDirty(t.Context(), []journal.Key{key(1)}, phase.Old))
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(prom.NewCollector(s.migration, telemetry.Config{}))
	all := gather(t, registry)
	require.NotContains(t, all, "dualgen_call_duration_seconds")
	for _, name := range []string{"dualgen_calls_total", "dualgen_unclean_keys", "dualgen_fleet_instances", "dualgen_backfill_complete"} {
		require.Contains(t, all, name)
	}
	s.move(t, dual.OldOnly, dual.Settings{})
}
