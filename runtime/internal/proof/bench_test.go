package proof

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// BenchmarkSchedule measures one schedule of two writers and a reader.
func BenchmarkSchedule(b *testing.B) {
	sc := &Scenario{Name: "put put get", Instances: 2, Walk: []phase.Phase{phase.NewPrimary}, Phase: phase.NewGuarded, Clients: []Client{one(0, put(0, 1)), one(0, put(0, 2)), one(0, get(0), get(0))}}
	s, world := explore.NewScheduler(), sc.Explorable(NewChecker())
	b.ReportAllocs()
	for n := int64(0); n < int64(b.N); {
		n += explore.Exhaust(s, world, explore.Limits{Schedules: int64(b.N) - n}).Schedules
	}
}
