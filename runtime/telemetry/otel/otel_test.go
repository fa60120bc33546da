package otel_test

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

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/dualgen/dualgen/runtime/control"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/telemetry/otel"
)

// shelf is what a generated wrapper does, over stores whose error the test chooses.
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
	s.migration, err = dual.NewMigration(dual.Config{Name: "books", Control: flags, Observer: observer, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	require.NoError(t, err)
	s.get = s.migration.Method(dual.MethodInfo{Name: "Books.Get", Kind: dual.KindRead})
	s.put = s.migration.Method(dual.MethodInfo{Name: "Books.Put", Kind: dual.KindWrite})
	record, err := control.Update(t.Context(), flags, func(r *control.Record) error {
		r.Epoch++
		r.Phase, r.MirroredSince = p, 1
		return nil
	})
	require.NoError(t, err)
	for s.migration.Status().Acked != record.Epoch {
		time.Sleep(time.Millisecond)
	}
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

var reading dual.Reading[int, int]

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
	return dual.Write(ctx, call, &s.stores, key(id), id, nil, func(_ context.Context, store *shelfStore, id int) error { return store.err() })
}

// meter returns a meter, and a function that reads all it knows as lines: the instrument's name, the attributes, the value.
func meter(t testing.TB) (metric.Meter, func() []string) {
	reader := sdk.NewManualReader()
	provider := sdk.NewMeterProvider(sdk.WithReader(reader))
	t.Cleanup(func() { require.NoError(t, provider.Shutdown(context.Background())) })
	return provider.Meter("test"), func() []string {
		var all metricdata.ResourceMetrics
		require.NoError(t, reader.Collect(t.Context(), &all))
		var lines []string
		for _, scope := range all.ScopeMetrics {
			for _, m := range scope.Metrics {
				lines = append(lines, linesOf(m)...)
			}
		}
		return lines
	}
}

func linesOf(m metricdata.Metrics) (lines []string) {
	switch data := m.Data.(type) {
	case metricdata.Histogram[float64]:
		for _, p := range data.DataPoints {
			lines = append(lines, fmt.Sprintf("%s[%s] %v %d", m.Name, m.Unit, p.Attributes.ToSlice(), p.Count))
		}
	case metricdata.Gauge[float64]:
		for _, p := range data.DataPoints {
			lines = append(lines, fmt.Sprintf("%s[%s] %v %g", m.Name, m.Unit, p.Attributes.ToSlice(), p.Value))
		}
	case metricdata.Sum[float64]:
		for _, p := range data.DataPoints {
			lines = append(lines, fmt.Sprintf("%s[%s] %v %g", m.Name, m.Unit, p.Attributes.ToSlice(), p.Value))
		}
	}
	return lines
}

// has looks for a line of an instrument with some attributes.
func has(t *testing.T, lines []string, parts ...string) {
	t.Helper()
	for _, line := range lines {
		ok := true
		for _, part := range parts {
			ok = ok && strings.Contains(line, part)
		}
		if ok {
			return
		}
	}
	t.Errorf("no line with %q in:\n%s", parts, strings.Join(lines, "\n"))
}

// Names, units and attributes are those that the conventions ask for; no key is among them; a method has at most 60 streams.
func TestInstruments(t *testing.T) {
	m, read := meter(t)
	observer, err := otel.NewObserver(m, otel.Options{Migration: "books"})
	require.NoError(t, err)
	s := newShelf(t, observer, dual.OldPrimary)
	registration, err := otel.Register(m, s.migration, telemetry.Config{})
	require.NoError(t, err)
	for _, failure := range []error{nil, errors.New("down"), context.DeadlineExceeded, context.Canceled, errors.New("UNIQUE constraint failed: x")} {
		for position := range s.stores {
			s.stores[0].fail(nil)
			s.stores[1].fail(nil)
			s.stores[position].fail(failure)
			_ = s.Put(t.Context(), 1)
			_, _ = s.Get(t.Context(), 1)
		}
	}
	lines := read()
	has(t, lines, "dualgen.call.duration[s]", "Books.Put")
	has(t, lines, "dualgen.store.duration[s]", "Books.Put", `"dualgen.role":"mirror"`, `"dualgen.store":"new"`, "error.type", "timeout")
	has(t, lines, "dualgen.call.count[{call}]", "Books.Put", " 10")
	has(t, lines, "dualgen.mirror.writes[{call}]", "failed", " 5") // one is that of the key that the old store refused, which no copier knows
	has(t, lines, "dualgen.phase[1]", " 2")
	has(t, lines, "dualgen.ready[1]", " 1")
	has(t, lines, "dualgen.fleet.instances[{instance}]", "live", " 1")
	count := 0
	for _, line := range lines {
		require.NotContains(t, line, "secret")
		if strings.Contains(line, "Books.Put") {
			count++
		}
	}
	t.Logf("%d streams of Books.Put", count)
	require.LessOrEqual(t, count, 60)
	require.NoError(t, registration.Unregister())
}

// The mirror's part is a span of its own, linked to the caller's, and nothing else is one.
func TestSpans(t *testing.T) {
	spans := tracetest.NewSpanRecorder()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans))
	tracer := provider.Tracer("test")
	m, _ := meter(t)
	observer, err := otel.NewObserver(m, otel.Options{Tracer: tracer})
	require.NoError(t, err)
	s := newShelf(t, observer, dual.OldPrimary)
	ctx, caller := tracer.Start(t.Context(), "request")
	s.stores[1].fail(errors.New("down"))
	require.NoError(t, s.Put(ctx, 1))
	_, _ = s.Get(ctx, 1)
	ended := spans.Ended()
	require.Len(t, ended, 1)
	require.Equal(t, "dualgen mirror Books.Put", ended[0].Name())
	require.NotEqual(t, caller.SpanContext().TraceID(), ended[0].SpanContext().TraceID())
	require.Len(t, ended[0].Links(), 1)
	require.Equal(t, caller.SpanContext().SpanID(), ended[0].Links()[0].SpanContext.SpanID())
	require.Contains(t, fmt.Sprint(ended[0].Attributes()), "error.type")
	require.NoError(t, provider.Shutdown(t.Context()))
}

// BenchmarkObserver shows, in one run, what a read of one store costs with nothing, with the counters published, and with durations.
func BenchmarkObserver(b *testing.B) {
	for _, name := range []string{"nil", "counters", "durations"} {
		b.Run(name, func(b *testing.B) {
			m, _ := meter(b)
			var observer dual.Observer
			if name == "durations" {
				o, err := otel.NewObserver(m, otel.Options{})
				require.NoError(b, err)
				observer = o
			}
			s := newShelf(b, observer, dual.OldOnly)
			if name != "nil" {
				_, err := otel.Register(m, s.migration, telemetry.Config{})
				require.NoError(b, err)
			}
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = s.Get(ctx, 0)
			}
		})
	}
}
