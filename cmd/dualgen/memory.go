package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
)

// enough is the memory, in bytes, that a run over a hundred interfaces gets along with.
const enough = 32 << 20

// collectLate has the garbage collector wait until the memory is used that most runs need: a run is short, and a third of
// its time would go into collections of a heap that is still small. Whoever sets GOGC or GOMEMLIMIT is obeyed instead.
func collectLate() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(enough)
	runtime.AddCleanup(new([64]byte), func(struct{}) { // after the first collection
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(100)
	}, struct{}{})
}
