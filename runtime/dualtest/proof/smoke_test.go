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
		{Name: "walk nobody", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}},
		{Name: "walk put", Instances: 1, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Clients: []Client{{0, []Input{put(1)}}}},
		{Name: "walk 2 put", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Clients: []Client{{0, []Input{put(1)}}}},
		{Name: "walk put put", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Clients: []Client{{0, []Input{put(1)}}, {1, []Input{put(2)}}}},
		{Name: "walk put get", Instances: 2, Phase: phase.NewGuarded, Walk: []phase.Phase{phase.NewPrimary}, Clients: []Client{{0, []Input{put(1)}}, {1, []Input{get}}}},
		{Name: "walk put put get", Instances: 2, Phase: phase.OldGuarded, Walk: []phase.Phase{phase.NewGuarded}, Clients: []Client{{0, []Input{put(1)}}, {1, []Input{put(2)}}, {1, []Input{get}}}},
	} {
		began := time.Now()
		s := explore.NewScheduler()
		w := sc.Explorable(NewChecker())
		r := explore.Exhaust(s, w, explore.Limits{Time: 3 * time.Second})
		fmt.Printf("%s: %+v %v %.0f/s\n", sc.Name, r, time.Since(began), float64(r.Schedules)/time.Since(began).Seconds())
		if r.First != nil {
			r.First.Trace, _ = explore.Replay(s, w, r.First.Path)
			fmt.Println(r.First)
		} else if r.Complete && r.Schedules < 20 {
			tr, err := explore.Replay(s, w, nil)
			fmt.Println(tr, err)
		}
	}
}
