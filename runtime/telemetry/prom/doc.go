// Package prom publishes a migration to Prometheus.
//
//	observer := prom.NewObserver(prom.Options{Migration: "users"})
//	migration, err := dual.NewMigration(dual.Config{Name: "users", Observer: observer, …})
//	…
//	registry.MustRegister(observer, prom.NewCollector(migration, telemetry.Config{}))
//
// The collector alone costs calls nothing: it reads what the runtime counts anyway. The observer adds durations. One method has at most 60
// series, and no key is ever a label. docs/telemetry.md lists the series; dashboard.json and rules.yml beside this file are a
// Grafana dashboard and alert rules over them.
package prom
