package walk

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/internal/verdict"
)

// Sequences sets how many sequences a conformance test draws, and how long a failure is shrunk, until the test ends.
func Sequences(t *testing.T, n int) {
	t.Helper()
	for name, value := range map[string]string{"rapid.checks": fmt.Sprint(n), "rapid.nofailfile": "true", "rapid.shrinktime": "10ms"} {
		was := flag.Lookup(name).Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, was) })
	}
}

// Faulty demands that a conformance test fails, and returns what it says. Its sequences are drawn at random, so it gets
// several tries.
func Faulty(t *testing.T, conform func(t rapid.TB)) string {
	t.Helper()
	Sequences(t, 50)
	for range 20 {
		if v := verdict.Of(t, conform); v.Failed {
			return v.Text
		}
	}
	t.Fatal("the conformance test sees nothing wrong")
	return ""
}
