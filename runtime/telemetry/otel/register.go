package otel

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
)

// instrument is one observable counter or gauge, and how it is read from a snapshot.
type instrument struct {
	name    string
	unit    string
	help    string
	counter bool
	read    func(p publisher, s telemetry.Snapshot)
}

// publisher hands one instrument's values over.
type publisher struct {
	observer   metric.Observer
	instrument metric.Float64Observable
	migration  attribute.KeyValue
}

func (p publisher) put(value float64, attributes ...attribute.KeyValue) {
	p.observer.ObserveFloat64(p.instrument, value, metric.WithAttributes(append(attributes, p.migration)...))
}

// method hands a figure of each method over.
func (p publisher) method(s telemetry.Snapshot, figure func(dual.Counts) int64, attributes ...attribute.KeyValue) {
	for name, counts := range s.Stats.Methods {
		p.put(float64(figure(counts)), append([]attribute.KeyValue{attribute.String("dualgen.method", name)}, attributes...)...)
	}
}

// kind hands a figure of each entity kind over, where the fleet was seen.
func (p publisher) kind(s telemetry.Snapshot, figure func(telemetry.Kind) float64, attributes ...attribute.KeyValue) {
	if s.Fleet == nil {
		return
	}
	for _, k := range s.Fleet.Kinds {
		p.put(figure(k), append([]attribute.KeyValue{attribute.String("dualgen.kind", k.Kind)}, attributes...)...)
	}
}

// Register publishes what a migration counts and what it knows of its fleet, until the registration ends. The configuration says how often
// the fleet is looked at.
func Register(meter metric.Meter, migration *dual.Migration, config telemetry.Config) (metric.Registration, error) {
	source := telemetry.New(migration, config)
	made := make([]metric.Float64Observable, len(instruments))
	all := make([]metric.Observable, len(instruments))
	for i, in := range instruments {
		var err error
		if in.counter {
			made[i], err = meter.Float64ObservableCounter(in.name, metric.WithUnit(in.unit), metric.WithDescription(in.help))
		} else {
			made[i], err = meter.Float64ObservableGauge(in.name, metric.WithUnit(in.unit), metric.WithDescription(in.help))
		}
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", in.name, err)
		}
		all[i] = made[i]
	}
	name := attribute.String("dualgen.migration", migration.Name())
	return meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		s := source.Snapshot(ctx)
		for i, in := range instruments {
			in.read(publisher{observer: o, instrument: made[i], migration: name}, s)
		}
		return nil
	}, all...)
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

func age(t time.Time) float64 { return time.Since(t).Seconds() }
