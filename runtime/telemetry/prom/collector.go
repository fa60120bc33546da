package prom

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/phase"
	"github.com/dualgen/dualgen/runtime/telemetry"
)

// Collector publishes what a migration counts, and what it knows of its fleet.
type Collector struct {
	source *telemetry.Source
	all    map[string]*prometheus.Desc
}

// NewCollector returns a Collector of a migration. The configuration says how often it looks at the fleet.
func NewCollector(migration *dual.Migration, config telemetry.Config) *Collector {
	c := &Collector{source: telemetry.New(migration, config), all: make(map[string]*prometheus.Desc)}
	labels := prometheus.Labels{"migration": migration.Name()}
	for _, f := range families {
		c.all[f.name] = prometheus.NewDesc(f.name, f.help, f.labels, labels)
	}
	return c
}

// Describe implements prometheus.Collector.
func (c *Collector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range c.all {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *Collector) Collect(ch chan<- prometheus.Metric) {
	p := publisher{collector: c, to: ch}
	s := c.source.Snapshot(context.Background())
	p.counts(s.Stats)
	p.instance(s)
	if s.Fleet != nil {
		p.gauge("dualgen_fleet_look_age_seconds", time.Since(s.Looked).Seconds())
		p.fleet(s.Fleet)
	}
}

// publisher sends the metrics of one scrape.
type publisher struct {
	collector *Collector
	to        chan<- prometheus.Metric
}

func (p publisher) gauge(name string, value float64, labels ...string) {
	p.to <- prometheus.MustNewConstMetric(p.collector.all[name], prometheus.GaugeValue, value, labels...)
}

func (p publisher) counter(name string, value int64, labels ...string) {
	p.to <- prometheus.MustNewConstMetric(p.collector.all[name], prometheus.CounterValue, float64(value), labels...)
}

func (p publisher) yes(name string, value bool, labels ...string) {
	number := 0.0
	if value {
		number = 1
	}
	p.gauge(name, number, labels...)
}

// counts sends the counters. A method that writes has none of comparisons, and one that reads none of mirrors.
func (p publisher) counts(stats dual.Stats) {
	p.gauge("dualgen_in_flight_calls", float64(stats.InFlight))
	p.counter("dualgen_journal_failures_total", stats.JournalFailed)
	p.gauge("dualgen_journal_retries", float64(stats.Retrying))
	for method, c := range stats.Methods {
		p.counter("dualgen_calls_total", c.Calls, method)
		p.counter("dualgen_calls_refused_total", c.Refused, method)
		if c.Mirrored+c.MirrorFailed+c.MirrorDropped+c.Unjournaled+c.Unknown > 0 {
			p.counter("dualgen_mirror_writes_total", c.Mirrored, method, "done")
			p.counter("dualgen_mirror_writes_total", c.MirrorFailed, method, "failed")
			p.counter("dualgen_mirror_writes_total", c.MirrorDropped, method, "dropped")
			p.counter("dualgen_unjournaled_writes_total", c.Unjournaled, method)
			p.counter("dualgen_unknown_writes_total", c.Unknown, method)
		}
		if c.Compared+c.CompareDropped > 0 {
			p.counter("dualgen_compare_reads_total", c.Compared, method)
			p.counter("dualgen_compare_mismatches_total", c.Mismatched, method)
			p.counter("dualgen_compare_skipped_total", c.CompareDropped, method, "dropped")
			p.counter("dualgen_compare_skipped_total", c.CompareFailed, method, "failed")
			p.counter("dualgen_compare_skipped_total", c.CompareSkipped, method, "unclean")
		}
	}
}

// instance sends what this process believes.
func (p publisher) instance(s telemetry.Snapshot) {
	p.gauge("dualgen_phase", float64(s.Status.Phase))
	p.yes("dualgen_ready", s.Ready)
	p.gauge("dualgen_epoch", float64(s.Status.Epoch))
	p.gauge("dualgen_epoch_acknowledged", float64(s.Status.Acked))
	p.gauge("dualgen_record_age_seconds", s.Status.Age.Seconds())
	if s.Status.Leased {
		p.gauge("dualgen_lease_remaining_seconds", s.Status.Lease.Seconds())
	}
	p.counter("dualgen_fleet_look_failures_total", s.Failed)
}

// fleet sends what the control store and the journal say.
func (p publisher) fleet(f *telemetry.Fleet) {
	p.gauge("dualgen_fleet_phase", float64(f.Record.Phase))
	p.gauge("dualgen_fleet_epoch", float64(f.Record.Epoch))
	p.gauge("dualgen_fleet_instances", float64(f.Live), "live")
	p.gauge("dualgen_fleet_instances", float64(f.Behind), "behind")
	p.gauge("dualgen_fleet_instances", float64(f.Gone), "gone")
	p.gauge("dualgen_fleet_instances", float64(f.Reconcilers), "reconciling")
	p.gauge("dualgen_fleet_lag_epochs", float64(f.Lag))
	p.gauge("dualgen_fleet_blocked_gates", float64(f.Blocked))
	p.gauge("dualgen_fleet_freeze", float64(f.Record.Settings.Freeze))
	p.yes("dualgen_fleet_paused", f.Record.Settings.Paused)
	for _, k := range f.Kinds {
		p.kind(k)
	}
}

func (p publisher) kind(k telemetry.Kind) {
	p.gauge("dualgen_unclean_keys", float64(k.Unclean.Unclean()), k.Kind)
	p.gauge("dualgen_quarantined_keys", float64(k.Unclean.Quarantined), k.Kind)
	b := k.Backfill
	p.gauge("dualgen_backfill_entities", float64(b.Copied-b.Same), k.Kind, "written")
	p.gauge("dualgen_backfill_entities", float64(b.Same), k.Kind, "same")
	p.gauge("dualgen_backfill_entities", float64(b.Failed), k.Kind, "failed")
	p.yes("dualgen_backfill_complete", b.Complete && !b.Void, k.Kind)
	for _, store := range []dual.Store{phase.Old, phase.New} {
		p.gauge("dualgen_verify_entities", float64(k.Verify.Read[store]), k.Kind, store.String())
	}
	p.gauge("dualgen_verify_differing_keys", float64(k.Verify.Differ), k.Kind)
	p.yes("dualgen_certificate_valid", k.Valid, k.Kind)
	if k.Certificate != nil {
		p.gauge("dualgen_certificate_age_seconds", time.Since(k.Certificate.Issued).Seconds(), k.Kind)
	}
}
