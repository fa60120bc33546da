package proof

import (
	"testing"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

// BenchmarkSchedule measures one schedule of two writers and a reader.
func BenchmarkSchedule(b *testing.B) {
	put := func(a int8) Input { return Input{Act: Put, Value: Value{A: a}} }
	get := Input{Act: Get}
	sc := &Scenario{Name: "put put get", Instances: 2, Walk: []phase.Phase{phase.NewPrimary}, Phase: phase.NewGuarded, Clients: []Client{{0, []Input{put(1)}}, {0, []Input{put(2)}}, {0, []Input{get, get}}}}
	s, world := explore.NewScheduler(), sc.Explorable(NewChecker())
	b.ReportAllocs()
	for n := int64(0); n < int64(b.N); {
		n += explore.Exhaust(s, world, explore.Limits{Schedules: int64(b.N) - n}).Schedules
	}
}
