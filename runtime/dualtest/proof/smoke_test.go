package proof

import (
	"fmt"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
	"github.com/dualgen/dualgen/runtime/phase"
)

func TestSmoke(t *testing.T) {
	put := func(a int8) Input { return Input{Act: Put, Value: Value{A: a}} }
	get := Input{Act: Get}
	for _, sc := range []*Scenario{
		{Name: "put", Phase: phase.OldPrimary, Clients: []Client{{0, []Input{put(1)}}}},
		{Name: "put put", Phase: phase.OldPrimary, Clients: []Client{{0, []Input{put(1)}}, {0, []Input{put(2)}}}},
		{Name: "put put get", Phase: phase.NewGuarded, Clients: []Client{{0, []Input{put(1)}}, {0, []Input{put(2)}}, {0, []Input{get, get}}}},
		{Name: "put put fault", Phase: phase.NewGuarded, Clients: []Client{{0, []Input{put(1)}}, {0, []Input{put(2)}}}, StoreFaults: true, Budget: explore.Budget{Faults: 1}},
		{Name: "put put jfault", Phase: phase.NewGuarded, Clients: []Client{{0, []Input{put(1)}}, {0, []Input{put(2)}}}, JournalFaults: explore.Fails, Budget: explore.Budget{Faults: 1}},
		{Name: "put crash", Instances: 2, Phase: phase.NewGuarded, Clients: []Client{{0, []Input{put(1)}}, {1, []Input{put(2)}}}, Crash: []int{0}, Budget: explore.Budget{Crashes: 1}},
	} {
		began := time.Now()
		s := explore.NewScheduler()
		w := sc.Explorable(NewChecker())
		r := explore.Exhaust(s, w, explore.Limits{Time: 3 * time.Second})
		fmt.Printf("%s: %+v %v %.0f/s\n", sc.Name, r, time.Since(began), float64(r.Schedules)/time.Since(began).Seconds())
		if r.First != nil {
			r.First.Trace, _ = explore.Replay(s, w, r.First.Path)
			fmt.Println(r.First)
		}
	}
}
