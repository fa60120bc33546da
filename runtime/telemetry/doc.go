// Package telemetry reads everything that a migration can show of itself as one Snapshot, for gauges and counters. telemetry/prom
// (Prometheus) and telemetry/otel (OpenTelemetry) publish it; they are modules of their own, so that nobody inherits a library that
// they did not choose.
//
// What this process did and believes costs some atomic loads. What the fleet did is asked of the control store and the journal, at most
// once each Config.Every, by whoever reads a Snapshot then. A look that fails leaves the last one, and its age says so.
package telemetry
