package shop

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/verdict"
	"github.com/dualgen/dualgen/runtime/dual"
	"github.com/dualgen/dualgen/runtime/dualtest"
)

// enoughRuns is how often the suite is run over a flaw: its cases are drawn at random, and some flaws show rarely.
const enoughRuns = 5

var broken = regexp.MustCompile(`law ([a-z-]+) is broken`)

// caught runs the suite over two stores until it fails, and returns the law that it names and what it says.
func caught(t *testing.T, wrap func(old, new Shop, m *dual.Migration) Shop, old, new flaw) (law, text string) {
	t.Helper()
	suite := shopSuite()
	if wrap != nil {
		suite.Wrap = wrap
	}
	for range enoughRuns {
		v := verdictOf(t, suite, func() (Shop, Shop) { return newMemory(old), newMemory(new) })
		if v.Failed {
			text = v.Text
			if found := broken.FindStringSubmatch(text); found != nil {
				return found[1], text
			}
			return "none", text
		}
	}
	return "", ""
}

// verdictOf runs a suite once.
func verdictOf(t *testing.T, suite dualtest.Suite[Shop], open func() (old, new Shop)) verdict.Verdict {
	t.Helper()
	return verdict.Of(t, func(t rapid.TB) { suite.Conform(t, open) })
}
