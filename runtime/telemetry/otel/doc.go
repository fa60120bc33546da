// Package otel publishes a migration through OpenTelemetry.
//
//	observer, err := otel.NewObserver(meter, otel.Options{Migration: "users"})
//	migration, err := dual.NewMigration(dual.Config{Name: "users", Observer: observer, …})
//	…
//	registration, err := otel.Register(meter, migration, telemetry.Config{})
//
// The counters and gauges of Register are observable: they cost calls nothing. The observer adds the durations dualgen.call.duration and
// dualgen.store.duration, in seconds and with the buckets that the conventions for database clients name. No key is ever an attribute.
// docs/telemetry.md lists the instruments.
package otel
