package explore

// Outcome is how a call at a point goes.
type Outcome uint8

// The outcomes. The first is the ordinary one.
const (
	Success    Outcome = iota
	FailBefore         // an error, and no effect
	FailAfter          // an error, and its effect
	FailLate           // an error, and its effect later (see Scheduler.Late)
	Panics             // its effect, and a panic
	Gone               // the task's instance crashed: an error, no effect, and nothing it does matters any more
)

var outcomes = [...]string{"", "fails without effect", "fails with effect", "times out, takes effect later", "panics after its effect", "gone"}

// String describes the outcome for a trace.
func (o Outcome) String() string { return outcomes[o] }

// Faults is the set of outcomes other than Success that a point can have.
type Faults uint8

// Sets of faults.
const (
	NoFault   Faults = 0
	Fails     Faults = 1<<FailBefore | 1<<FailAfter
	FailsLate Faults = Fails | 1<<FailLate
	AllFaults Faults = FailsLate | 1<<Panics
)

func (f Faults) has(o Outcome) bool { return f&(1<<o) != 0 }
