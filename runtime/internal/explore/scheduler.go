package explore

import (
	"fmt"
	"time"
)

// Step is one choice of the scheduler: an actor, and how its call goes.
type Step struct {
	Actor   uint8
	Outcome Outcome
}

// Actors that are not tasks.
const (
	clockActor uint8 = 250 // time passes, up to the next task that waits for it
	crashActor uint8 = 240 // instance 0 crashes; instance i is crashActor+i
	maxTasks         = 200
	maxSteps         = 2000
)

// Scheduler runs one world at a time, one step at a time. It is used by one goroutine.
type Scheduler struct {
	tasks     []*Task // of this run; the array keeps those of earlier runs, to be used again
	spare     []*Task
	current   *Task
	now       time.Duration
	faults    int // left
	crashes   int // left
	crashable [MaxInstances]bool
	gone      [MaxInstances]bool
	direct    bool // points do not stop: set-up and closing
	unwinding bool
	acted     Footprint // of the step that is running
	failure   error
	steps     []Step
	trace     *Trace
	enabled   []Step
	onAdvance func()
	stuck     []string
}

// NewScheduler returns an idle scheduler.
func NewScheduler() *Scheduler { return &Scheduler{} }

// Budget is how much may go wrong in one run.
type Budget struct {
	Faults  int
	Crashes int
}

// reset readies the scheduler for another run.
func (s *Scheduler) reset(budget Budget) {
	s.spare = append(s.spare, s.tasks...)
	s.tasks = s.tasks[:0]
	s.current, s.now, s.failure = nil, 0, nil
	s.faults, s.crashes = budget.Faults, budget.Crashes
	s.crashable, s.gone = [MaxInstances]bool{}, [MaxInstances]bool{}
	s.direct, s.unwinding, s.onAdvance = true, false, nil
	s.steps = s.steps[:0]
}

// Crashable lets the search crash an instance, as far as the budget allows.
func (s *Scheduler) Crashable(instance int) { s.crashable[instance] = true }

// Gone reports whether an instance crashed in this run.
func (s *Scheduler) Gone(instance int) bool { return s.gone[instance] }

// Now is virtual time since the run began.
func (s *Scheduler) Now() time.Duration {
	s.acted.Reads |= clockBit
	return s.now
}

// Advance lets time pass outside of tasks: while a world is set up or closed.
func (s *Scheduler) Advance(d time.Duration) { s.now += d }

// OnAdvance has f called whenever the clock moves on.
func (s *Scheduler) OnAdvance(f func()) { s.onAdvance = f }

// choices lists the steps that can be taken now: tasks in order of their creation, the clock, then faults and crashes. A
// crash that the budget allows comes in every run, at the latest when everything is over.
func (s *Scheduler) choices() []Step {
	s.enabled = s.enabled[:0]
	for _, t := range s.tasks {
		if s.ready(t) {
			s.enabled = append(s.enabled, Step{t.id, Success})
		}
	}
	if s.canAdvance() {
		s.enabled = append(s.enabled, Step{clockActor, Success})
	}
	if s.faults > 0 {
		for _, t := range s.tasks {
			if t.faults == NoFault || !s.ready(t) {
				continue
			}
			for o := FailBefore; o <= Panics; o++ {
				if t.faults.has(o) {
					s.enabled = append(s.enabled, Step{t.id, o})
				}
			}
		}
	}
	if s.crashes > 0 {
		for i := range s.crashable {
			if s.crashable[i] && !s.gone[i] {
				s.enabled = append(s.enabled, Step{crashActor + uint8(i), Success})
			}
		}
	}
	return s.enabled
}

// touched makes the waiting tasks ask again that read what a step touched.
func (s *Scheduler) touched(f Footprint) {
	bits := f.Reads | f.Writes
	for _, t := range s.tasks {
		if t.state == waiting && bits&(t.footprint.Reads|t.footprint.Writes) != 0 {
			t.asked = false
		}
	}
}

// nextWake is the earliest time that a task sleeps for.
func (s *Scheduler) nextWake() (time.Duration, bool) {
	var wake time.Duration
	found := false
	for _, t := range s.tasks {
		if t.state == sleeping && !t.dead && t.wake > s.now && (!found || t.wake < wake) {
			wake, found = t.wake, true
		}
	}
	return wake, found
}

// canAdvance reports whether time may pass: somebody waits for it, and no late effect would miss its deadline.
func (s *Scheduler) canAdvance() bool {
	wake, found := s.nextWake()
	if !found {
		return false
	}
	for _, t := range s.tasks {
		if t.late && t.state != ended && t.deadline < wake {
			return false
		}
	}
	return true
}

// take runs one step and returns what it touched.
func (s *Scheduler) take(step Step) Footprint {
	s.steps = append(s.steps, step)
	switch {
	case step.Actor == clockActor:
		return s.advance()
	case step.Actor >= crashActor:
		return s.crash(int(step.Actor - crashActor))
	}
	t := s.tasks[step.Actor]
	s.acted = t.footprint
	s.acted.add(t.always)
	if t.instance >= 0 {
		s.acted.Reads |= instanceBit(t.instance)
	}
	if step.Outcome != Success {
		s.faults--
		s.acted.Writes |= budgetBit
	}
	if s.trace != nil {
		s.trace.step(t.name, t.what, step.Outcome)
	}
	s.run(t, step.Outcome)
	s.acted.Writes |= s.sways(s.acted, t)
	return s.acted
}

// sways is waitBit if the step changed what another task waits for that may come and go.
func (s *Scheduler) sways(f Footprint, actor *Task) uint64 {
	for _, t := range s.tasks {
		if t != actor && t.state == waiting && !t.lasting && f.Writes&t.footprint.Reads != 0 {
			return waitBit
		}
	}
	return 0
}

// run resumes a task.
func (s *Scheduler) run(t *Task, outcome Outcome) {
	if t.late {
		t.job()
		t.state = ended
		return
	}
	t.outcome = outcome
	s.current = t
	t.co.resume()
	s.current = nil
	if !t.co.done() {
		return
	}
	t.state = ended
	if t.co.failure != nil {
		s.Fail(fmt.Errorf("%s: %w", t.name, t.co.failure))
	}
}

func (s *Scheduler) advance() Footprint {
	wake, _ := s.nextWake()
	if s.trace != nil {
		s.trace.step("clock", fmt.Sprintf("%v pass", wake-s.now), Success)
	}
	s.now = wake
	if s.onAdvance != nil {
		s.onAdvance()
	}
	f := Footprint{Writes: clockBit}
	f.Writes |= s.sways(f, nil)
	return f
}

func (s *Scheduler) crash(instance int) Footprint {
	if s.trace != nil {
		s.trace.step(fmt.Sprintf("instance %d", instance), "crashes", Success)
	}
	s.crashes--
	s.gone[instance] = true
	for _, t := range s.tasks {
		if t.instance == instance && t.state != ended {
			t.dead = true
		}
	}
	return Footprint{Reads: clockBit, Writes: instanceBit(instance) | budgetBit}
}

// Stuck names the tasks that could not go on when the run came to its end, crashed ones aside.
func (s *Scheduler) Stuck() []string { return s.stuck }

func (s *Scheduler) findStuck() {
	s.stuck = s.stuck[:0]
	for _, t := range s.tasks {
		if t.state != ended && !t.dead {
			s.stuck = append(s.stuck, t.name+": "+t.what)
		}
	}
}

// unwind lets the tasks that are still under way run to their end without effect, so that their coroutines can be used
// again.
func (s *Scheduler) unwind() {
	s.unwinding = true
	trace := s.trace
	s.trace = nil
	failure := s.failure
	for i := 0; i < len(s.tasks); i++ {
		t := s.tasks[i]
		for n := 0; t.co != nil && !t.late && !t.co.done(); n++ {
			if n > maxSteps {
				panic("explore: " + t.name + " does not end after its instance crashed")
			}
			s.current = t
			t.co.resume()
			s.current = nil
		}
	}
	s.failure = failure
	s.trace = trace
}
