package servertest

import (
	"fmt"
	"runtime"
	"testing"
	"time"
)

// Try is one try of Eventually. What fails in it ends the try, not the test.
type Try struct{ failures []string }

// Errorf notes a failure.
func (c *Try) Errorf(format string, args ...any) {
	c.failures = append(c.failures, fmt.Sprintf(format, args...))
}

// FailNow ends the try.
func (c *Try) FailNow() {
	c.failures = append(c.failures, "the try was ended")
	runtime.Goexit()
}

// Eventually tries, a pause apart, until nothing fails. Past the limit it fails with what failed last. Testify has this from
// 1.8.3 on; the module is built with what its oldest users have.
func Eventually(t testing.TB, try func(c *Try), limit, pause time.Duration) {
	t.Helper()
	for until := time.Now().Add(limit); ; time.Sleep(pause) {
		c, done := &Try{}, make(chan struct{})
		go func() {
			defer close(done)
			try(c)
		}()
		<-done
		if len(c.failures) == 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("not within %v: %v", limit, c.failures)
		}
	}
}
