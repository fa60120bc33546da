package dual

import (
	"sync/atomic"
	"unsafe"
)

// stripes is how many slots a method's counter is spread over, so that cores do not fight for one cache line.
const (
	stripeBits = 4
	stripes    = 1 << stripeBits
)

const (
	smallestStack = 2048               // bytes: no two goroutines' stacks are nearer
	spread        = 0x9e3779b97f4a7c15 // 2^64 over the golden ratio: neighbours go far apart (Knuth, TAOCP 6.4)
)

// A slot counts calls: the lower bits those in flight, the upper bits all that ever began. One addition counts a call in.
const (
	inFlightBits = 24
	oneInFlight  = 1
	oneCall      = 1<<inFlightBits | oneInFlight
	inFlightMask = 1<<inFlightBits - 1
)

// flight counts one method's calls under one state.
type flight [stripes]slot

type slot struct {
	calls    atomic.Int64
	mirrored atomic.Int64
	_        [48]byte // keeps neighbours off this cache line
}

// pick returns the slot of the goroutine: where its stack is decides. A random number would cost more than the rest of
// counting a call in, and goroutines are spread as evenly by their stacks.
func (f *flight) pick() *slot {
	var here byte
	stack := uint64(uintptr(unsafe.Pointer(&here))) / smallestStack
	return &f[stack*spread>>(64-stripeBits)]
}

// sum returns the calls in flight, all calls that began, and all mirror writes that succeeded.
//
// A call leaves by the slot it came in by. So once a state is no longer the current one, each slot only falls to zero
// (but for a Begin that finds out and leaves at once), and slots found empty one after the other are all empty.
func (f *flight) sum() (inFlight, calls, mirrored int64) {
	for i := range f {
		n := f[i].calls.Load()
		inFlight += n & inFlightMask
		calls += n >> inFlightBits
		mirrored += f[i].mirrored.Load()
	}
	return inFlight, calls, mirrored
}

// inFlight counts the calls in flight under the state.
func (st *state) inFlight() (n int64) {
	for _, f := range st.flight {
		flying, _, _ := f.sum()
		n += flying
	}
	return n
}
