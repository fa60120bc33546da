package prom

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Options of an Observer. The zero value is a good one.
type Options struct {
	// Migration is the migration's name, the label of every series. Defaults to "migration", as dual.Config.Name does.
	Migration string
	// Buckets are the bounds of the histograms, in seconds. Every bound costs five series a method. Defaults to Buckets.
	Buckets []float64
	// Native makes native histograms: one series each, with buckets a tenth apart, for a Prometheus that scrapes them. Buckets
	// is not used then. Defaults to false.
	Native bool
}

// Buckets are the default bounds, in seconds: as many as 60 series a method leave room for, over a migration's whole walk.
var Buckets = []float64{0.001, 0.005, 0.025, 0.1, 0.5, 5}

// Observer measures how long calls and stores take. Give it to dual.Config, and register it.
type Observer struct {
	calls, stores           *prometheus.HistogramVec
	callErrors, storeErrors *prometheus.CounterVec
}

var _ dual.Observer = (*Observer)(nil)

// NewObserver returns an Observer.
func NewObserver(o Options) *Observer {
	if o.Migration == "" {
		o.Migration = "migration"
	}
	if o.Buckets == nil {
		o.Buckets = Buckets
	}
	labels := prometheus.Labels{"migration": o.Migration}
	histogram := func(name, help string, names ...string) *prometheus.HistogramVec {
		opts := prometheus.HistogramOpts{Name: name, Help: help, ConstLabels: labels, Buckets: o.Buckets}
		if o.Native {
			opts.Buckets, opts.NativeHistogramBucketFactor, opts.NativeHistogramMaxBucketNumber = nil, 1.1, 160
		}
		return prometheus.NewHistogramVec(opts, names)
	}
	counter := func(name, help string, names ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, names)
	}
	return &Observer{
		calls:  histogram("dualgen_call_duration_seconds", "How long callers waited for their answer.", "method"),
		stores: histogram("dualgen_store_duration_seconds", "How long a store took for its part of a call.", "method", "store", "role"),
		callErrors: counter("dualgen_call_errors_total",
			"Calls that ended with an error, but for entities that are not there and callers that gave up.", "method"),
		storeErrors: counter("dualgen_store_errors_total", "Errors of a store: refused, timeout or other.", "method", "store", "error"),
	}
}

// Describe implements prometheus.Collector.
func (o *Observer) Describe(ch chan<- *prometheus.Desc) {
	for _, c := range o.collectors() {
		c.Describe(ch)
	}
}

// Collect implements prometheus.Collector.
func (o *Observer) Collect(ch chan<- prometheus.Metric) {
	for _, c := range o.collectors() {
		c.Collect(ch)
	}
}

func (o *Observer) collectors() []prometheus.Collector {
	return []prometheus.Collector{o.calls, o.stores, o.callErrors, o.storeErrors}
}

// Method implements dual.Observer.
func (o *Observer) Method(info dual.MethodInfo) dual.MethodObserver {
	return &method{observer: o, name: info.Name, calls: o.calls.WithLabelValues(info.Name), errors: o.callErrors.WithLabelValues(info.Name)}
}

// method holds the series of one method, so that no label is looked up on a call's way.
type method struct {
	observer *Observer
	name     string
	calls    prometheus.Observer
	errors   prometheus.Counter
	stores   [2][dual.Roles]atomic.Pointer[prometheus.Observer] // made when a store first has the role
}

// ObserveCall implements dual.MethodObserver.
func (m *method) ObserveCall(_ context.Context, took time.Duration, class dual.ErrorClass) {
	m.calls.Observe(took.Seconds())
	if class != dual.ErrorNone && class != dual.ErrorCanceled {
		m.errors.Inc()
	}
}

// ObserveStore implements dual.MethodObserver.
func (m *method) ObserveStore(_ context.Context, took time.Duration, store dual.Store, role dual.Role, class dual.ErrorClass) {
	series := m.stores[store][role].Load()
	if series == nil {
		made := m.observer.stores.WithLabelValues(m.name, store.String(), role.String())
		series = &made
		m.stores[store][role].Store(series)
	}
	(*series).Observe(took.Seconds())
	switch class {
	case dual.ErrorNone, dual.ErrorCanceled:
	case dual.ErrorRefused, dual.ErrorTimeout:
		m.observer.storeErrors.WithLabelValues(m.name, store.String(), class.String()).Inc()
	default:
		m.observer.storeErrors.WithLabelValues(m.name, store.String(), dual.ErrorOther.String()).Inc()
	}
}
