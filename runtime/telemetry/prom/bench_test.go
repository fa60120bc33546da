package prom_test

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/telemetry"
	"github.com/dualgen/dualgen/runtime/telemetry/prom"
)

// BenchmarkObserver shows, in one run, what a read of one store costs with nothing, with the counters published, and with durations.
func BenchmarkObserver(b *testing.B) {
	for _, test := range []struct {
		name     string
		observer *prom.Observer
		counters bool
	}{{"nil", nil, false}, {"counters", nil, true}, {"durations", prom.NewObserver(prom.Options{}), true}} {
		b.Run(test.name, func(b *testing.B) {
			var observer dual.Observer
			registry := prometheus.NewRegistry()
			if test.observer != nil {
				observer = test.observer
				registry.MustRegister(test.observer)
			}
			s := newShelf(b, observer, dual.OldOnly)
			if test.counters {
				registry.MustRegister(prom.NewCollector(s.migration, telemetry.Config{}))
			}
			ctx := b.Context()
			b.ReportAllocs()
			for b.Loop() {
				_, _ = s.Get(ctx, 0)
			}
			b.StopTimer()
			_, err := registry.Gather()
			require.NoError(b, err)
		})
	}
}
