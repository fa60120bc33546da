package dual

import (
	"math/rand/v2"
	"sync/atomic"
)

// stripes is how many slots a method's counter is spread over, so that cores do not fight for one cache line.
const stripes = 16

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

// pick returns a slot at random.
func (f *flight) pick() *slot { return &f[rand.Uint32()%stripes] }

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
