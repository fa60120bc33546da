package proof

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
)

func TestMatrix(t *testing.T) {
	all := Scenarios()
	if os.Getenv("S") != "" {
		all = Special()
	}
	if f := os.Getenv("F"); f != "" {
		var some []*Scenario
		for _, sc := range all {
			if strings.Contains(sc.Name, f) {
				some = append(some, sc)
			}
		}
		all = some
	}
	bad := 0
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	rng.Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
	all = all[:min(len(all), 400)]
	kinds := map[string]int{}
	began := time.Now()
	totals := Run(all, Effort{Exhaust: explore.Limits{Schedules: 30, Time: 5 * time.Second}, Random: 20, Seed: 1}, func(o Outcome) {
		if v := o.Violation(); v != nil {
			bad++
			e := strings.Split(v.Err.Error(), "\n")[0]
			if len(e) > 50 {
				e = e[:50]
			}
			if kinds[e]++; kinds[e] <= 2 {
				t.Errorf("%v", v)
			} else {
				t.Errorf("%v", v.World)
			}
		}
	})
	fmt.Println(len(all), totals, time.Since(began), bad, kinds)
}
