package explore

// Footprint says what one step touches: each bit of Reads and Writes is an object of the world. Calls and Returns have
// a bit for each key on which the step starts or ends a client's operation.
//
// Updates that commute and tell their caller nothing (a counter going up) may be declared as reads.
type Footprint struct {
	Reads, Writes  uint64
	Calls, Returns uint16
}

// add makes f the footprint of both.
func (f *Footprint) add(g Footprint) {
	f.Reads |= g.Reads
	f.Writes |= g.Writes
	f.Calls |= g.Calls
	f.Returns |= g.Returns
}

// independent reports whether two steps of different actors can be swapped without anybody seeing a difference.
func (f Footprint) independent(g Footprint) bool {
	return f.Writes&(g.Reads|g.Writes) == 0 && g.Writes&f.Reads == 0 &&
		f.Calls&g.Returns == 0 && g.Calls&f.Returns == 0
}

// Objects that the scheduler itself knows. Worlds use the bits below FirstReserved.
const (
	FirstReserved = 58

	waitBit   uint64 = 1 << 58 // whether a condition holds that somebody waits for
	spawnBit  uint64 = 1 << 59 // the list of actors
	clockBit  uint64 = 1 << 60 // virtual time
	budgetBit uint64 = 1 << 61 // faults left; two faults exclude each other
)

// instanceBit is what a crash of an instance excludes: every step of its tasks.
func instanceBit(instance int) uint64 { return 1 << (62 + instance) }

// MaxInstances is how many instances a world can have that crash.
const MaxInstances = 2
