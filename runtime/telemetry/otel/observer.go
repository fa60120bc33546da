package otel

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Buckets are the bounds of the histograms, in seconds: those of db.client.operation.duration.
var Buckets = []float64{0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10}

// Options of an Observer. The zero value is a good one.
type Options struct {
	// Migration is the migration's name, an attribute of everything. Defaults to "migration", as dual.Config.Name does.
	Migration string
	// Tracer makes a span of each mirror's part, linked to the caller's span. Defaults to nil: no spans.
	Tracer trace.Tracer
}

// Observer measures how long calls and stores take. Give it to dual.Config.
type Observer struct {
	options       Options
	calls, stores metric.Float64Histogram
}

var _ dual.Observer = (*Observer)(nil)

// NewObserver returns an Observer.
func NewObserver(meter metric.Meter, o Options) (*Observer, error) {
	if o.Migration == "" {
		o.Migration = "migration"
	}
	calls, err := meter.Float64Histogram("dualgen.call.duration", metric.WithUnit("s"), metric.WithExplicitBucketBoundaries(Buckets...),
		metric.WithDescription("How long callers waited for their answer."))
	if err != nil {
		return nil, fmt.Errorf("make the histogram of calls: %w", err)
	}
	stores, err := meter.Float64Histogram("dualgen.store.duration", metric.WithUnit("s"), metric.WithExplicitBucketBoundaries(Buckets...),
		metric.WithDescription("How long a store took for its part of a call."))
	if err != nil {
		return nil, fmt.Errorf("make the histogram of stores: %w", err)
	}
	return &Observer{options: o, calls: calls, stores: stores}, nil
}

// Method implements dual.Observer.
func (o *Observer) Method(info dual.MethodInfo) dual.MethodObserver {
	m := &method{observer: o, name: info.Name}
	for class := range dual.ErrorClasses {
		m.calls[class] = o.with(class, attribute.String("dualgen.method", info.Name))
		for store := range m.stores {
			for role := range dual.Roles {
				m.stores[store][role][class] = o.with(class, attribute.String("dualgen.method", info.Name),
					attribute.String("dualgen.store", dual.Store(store).String()), attribute.String("dualgen.role", role.String()))
			}
		}
	}
	return m
}

// with makes the options of one set of attributes, once: to make them at each call would cost more than the rest.
func (o *Observer) with(class dual.ErrorClass, attributes ...attribute.KeyValue) []metric.RecordOption {
	attributes = append(attributes, attribute.String("dualgen.migration", o.options.Migration))
	if class != dual.ErrorNone {
		attributes = append(attributes, attribute.String("error.type", class.String()))
	}
	return []metric.RecordOption{metric.WithAttributeSet(attribute.NewSet(attributes...))}
}

// method holds the attributes of one method.
type method struct {
	observer *Observer
	name     string
	calls    [dual.ErrorClasses][]metric.RecordOption
	stores   [2][dual.Roles][dual.ErrorClasses][]metric.RecordOption
}

// ObserveCall implements dual.MethodObserver.
func (m *method) ObserveCall(ctx context.Context, took time.Duration, class dual.ErrorClass) {
	m.observer.calls.Record(ctx, took.Seconds(), m.calls[class]...)
}

// ObserveStore implements dual.MethodObserver.
func (m *method) ObserveStore(ctx context.Context, took time.Duration, store dual.Store, role dual.Role, class dual.ErrorClass) {
	m.observer.stores.Record(ctx, took.Seconds(), m.stores[store][role][class]...)
	if m.observer.options.Tracer != nil && role == dual.RoleMirror {
		m.span(ctx, took, store, class)
	}
}

// span makes the span of a mirror's part, which may have begun after the caller's span ended: so it is linked, and no child.
func (m *method) span(ctx context.Context, took time.Duration, store dual.Store, class dual.ErrorClass) {
	now := time.Now()
	attributes := []attribute.KeyValue{attribute.String("dualgen.method", m.name), attribute.String("dualgen.store", store.String())}
	if class != dual.ErrorNone {
		attributes = append(attributes, attribute.String("error.type", class.String()))
	}
	_, span := m.observer.options.Tracer.Start(ctx, "dualgen mirror "+m.name, trace.WithNewRoot(), trace.WithTimestamp(now.Add(-took)),
		trace.WithLinks(trace.LinkFromContext(ctx)), trace.WithAttributes(attributes...))
	span.End(trace.WithTimestamp(now))
}
