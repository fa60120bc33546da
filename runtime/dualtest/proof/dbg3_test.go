package proof

import (
	"fmt"
	"os"
	"testing"

	"github.com/dualgen/dualgen/runtime/dualtest/explore"
)

func TestDbg3(t *testing.T) {
	for _, c := range RedControls() {
		if c.Rule != os.Getenv("R") {
			continue
		}
		s := explore.NewScheduler()
		w := c.Red().Explorable(NewChecker())
		p, err := explore.ParsePath(os.Getenv("P"))
		if err != nil {
			t.Fatal(err)
		}
		tr, err := explore.Replay(s, w, p)
		fmt.Println(tr, "\n", err)
	}
}
