package proof

import (
	"fmt"
	"os"
	"testing"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
)

func TestDbg(t *testing.T) {
	for _, c := range RedControls() {
		if c.Rule != os.Getenv("R") {
			continue
		}
		s := explore.NewScheduler()
		w := c.Red().Explorable(NewChecker())
		r := explore.Random(s, w, 3, 6000)
		fmt.Printf("%+v\n", r)
		if r.First != nil {
			r.First.Trace, _ = explore.Replay(s, w, r.First.Path)
			fmt.Println(r.First)
		} else {
			tr, err := explore.Replay(s, w, nil)
			fmt.Println(tr, err)
		}
	}
}
