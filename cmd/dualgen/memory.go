package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// enough is the memory, in bytes, that a run over a hundred interfaces gets along with.
const enough = 33 << 20

// collectLate has the garbage collector wait until that memory is used: most runs are over by then, and in others a third
// of the time would go into collections of a heap that is still small. Whoever sets GOGC or GOMEMLIMIT is obeyed instead.
func collectLate() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(enough)
	collectNormally()
}

// collectNormally returns to the collector's own ways after the first collection that leaves little room.
func collectNormally() {
	runtime.AddCleanup(new([64]byte), func(struct{}) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		if live[0].Value.Kind() == metrics.KindUint64 && live[0].Value.Uint64() < enough*2/3 {
			collectNormally()
			return
		}
		debug.SetMemoryLimit(math.MaxInt64)
		debug.SetGCPercent(100)
	}, struct{}{})
}
