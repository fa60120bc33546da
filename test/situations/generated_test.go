package situations

import (
	"testing"

	"github.com/dualgen/dualgen/generator"
)

// TestGenerated: the wrappers and tests of all situations are what dualgen writes now.
func TestGenerated(t *testing.T) {
	stale, err := generator.Check(t.Context(), generator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range stale {
		t.Errorf("%s is out of date: run go tool dualgen ./... in this folder\n%s", s.Path, s.Diff)
	}
}
