package dual

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Goroutines that live at the same time are spread over the slots.
func TestGoroutinesAreSpreadOverSlots(t *testing.T) {
	var f flight
	const goroutines = 64
	var all, met sync.WaitGroup
	met.Add(goroutines)
	for range goroutines {
		all.Go(func() {
			f.pick().calls.Add(oneCall)
			met.Done()
			met.Wait() // so that no stack is used twice
		})
	}
	all.Wait()
	used, most := 0, int64(0)
	for i := range f {
		n := f[i].calls.Load() & inFlightMask
		most = max(most, n)
		if n > 0 {
			used++
		}
	}
	assert.GreaterOrEqual(t, used, stripes/2)
	assert.LessOrEqual(t, most, int64(goroutines/4), "no slot has more than four times its share")
	inFlight, calls, _ := f.sum()
	assert.EqualValues(t, goroutines, inFlight)
	assert.EqualValues(t, goroutines, calls)
}
