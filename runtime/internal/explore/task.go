package explore

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrGone is what a call returns to a task whose instance crashed, or whose run is over.
var ErrGone = errors.New("explore: the instance is gone")

type taskState uint8

const (
	running  taskState = iota // at a point
	sleeping                  // until wake
	waiting                   // for a condition
	ended
)

// Task is one thread of a world.
type Task struct {
	scheduler *Scheduler
	co        *coroutine
	name      string
	instance  int // that crashes with it; -1: none
	id        uint8
	born      int // the step that created it; -1: set-up
	state     taskState
	dead      bool
	late      bool // an effect that is under way, not a thread
	job       func()
	footprint Footprint // of the step it stands before
	always    Footprint // of each of its steps
	faults    Faults
	what      string // the call it stands before, for traces
	outcome   Outcome
	wake      time.Duration
	deadline  time.Duration // of a late effect
	until     func() bool
	holds     bool // what until said last
	asked     bool // and nothing that it reads was touched since
	lasting   bool // once it holds, it holds until the task goes on
}

// Go starts a task. Its first step begins when the scheduler chooses it. instance is the one it dies with, or -1.
func (s *Scheduler) Go(name string, instance int, job func()) *Task {
	t := s.task(name, instance)
	if t.co == nil {
		t.co = newCoroutine()
	}
	t.job = job
	t.co.start(job)
	s.acted.Writes |= spawnBit
	t.what = "starts"
	return t
}

func (s *Scheduler) task(name string, instance int) *Task {
	if len(s.tasks) >= maxTasks {
		panic("explore: too many tasks in one world")
	}
	var t *Task
	if n := len(s.spare); n > 0 {
		t, s.spare = s.spare[n-1], s.spare[:n-1]
		*t = Task{co: t.co}
	} else {
		t = &Task{}
	}
	t.scheduler, t.name, t.instance, t.id = s, name, instance, uint8(len(s.tasks))
	t.born = len(s.steps) - 1
	s.tasks = append(s.tasks, t)
	return t
}

// Always adds to the footprint of each of the task's steps.
func (t *Task) Always(footprint Footprint) *Task {
	t.always.add(footprint)
	return t
}

// When makes the task's first step wait for a condition.
func (t *Task) When(c Condition) *Task {
	t.waits(c)
	return t
}

// Instance of the task that is running; -1 if none.
func (s *Scheduler) Instance() int {
	if s.current == nil {
		return -1
	}
	return s.current.instance
}

// Running is the name of the task that is running; empty if none.
func (s *Scheduler) Running() string {
	if s.current == nil {
		return ""
	}
	return s.current.name
}

// Point stops the running task before a call on a shared object and returns how the call goes. Outside of tasks, and
// while a world is set up or closed, every call succeeds.
func (s *Scheduler) Point(what string, footprint Footprint, faults Faults) Outcome {
	t := s.current
	if t == nil || s.direct {
		return Success
	}
	if t.dead || s.unwinding {
		return Gone
	}
	t.what, t.footprint, t.faults, t.state = what, footprint, faults, running
	t.co.pause()
	if t.dead || s.unwinding {
		return Gone
	}
	return t.outcome
}

// Touch adds to the footprint of the step that is running, for what is known only when it ran.
func (s *Scheduler) Touch(footprint Footprint) { s.acted.add(footprint) }

// Late makes an effect land at some later step, before d of time has passed.
func (s *Scheduler) Late(what string, footprint Footprint, d time.Duration, effect func()) {
	t := s.task("late", -1)
	t.job, t.what, t.footprint = effect, what, footprint
	t.footprint.Reads |= clockBit
	s.acted.add(Footprint{Reads: clockBit, Writes: spawnBit})
	t.late, t.deadline = true, s.now+d
}

// Sleep stops the task until d of virtual time has passed.
func (s *Scheduler) Sleep(ctx context.Context, d time.Duration) error {
	t := s.current
	if t == nil || s.direct {
		s.now += d
		return ctx.Err()
	}
	if t.dead || s.unwinding {
		return ErrGone
	}
	t.what, t.footprint, t.faults = "wakes", Footprint{Reads: clockBit}, NoFault
	t.state, t.wake = sleeping, s.now+d
	s.acted.Reads |= clockBit
	t.co.pause()
	if t.dead || s.unwinding {
		return ErrGone
	}
	return ctx.Err()
}

// Condition is what a task waits for.
type Condition struct {
	What  string    // for traces
	Reads Footprint // everything that Holds looks at: it is asked again only when a step touched some of that
	Holds func() bool
	// Lasting says that the condition, once it holds, holds until the task goes on.
	Lasting bool
}

// Wait stops the task until the condition holds. It returns false if the task will never be allowed to go on, and should
// return.
func (s *Scheduler) Wait(c Condition) bool {
	t := s.current
	if t == nil || s.direct {
		return c.Holds()
	}
	if t.dead || s.unwinding {
		return false
	}
	t.waits(c)
	if !c.Lasting {
		s.acted.Reads |= c.Reads.Reads // who changes it from here on changes what this task can do
	}
	t.co.pause()
	return !t.dead && !s.unwinding
}

func (t *Task) waits(c Condition) {
	t.what, t.footprint, t.faults = c.What, c.Reads, NoFault
	t.state, t.until, t.asked, t.lasting = waiting, c.Holds, false, c.Lasting
	if !c.Lasting {
		t.footprint.Reads |= waitBit
	}
}

// Clock is the footprint of what depends on virtual time.
var Clock = Footprint{Reads: clockBit}

// Fail makes the run a failure, with the first error it is given.
func (s *Scheduler) Fail(err error) {
	if s.failure == nil {
		s.failure = err
	}
}

// Note adds a line to the trace, if one is recorded.
func (s *Scheduler) Note(format string, args ...any) {
	if s.trace != nil {
		s.trace.note(fmt.Sprintf(format, args...))
	}
}

// Tracing reports whether a trace is recorded, so that a caller can save itself the words.
func (s *Scheduler) Tracing() bool { return s.trace != nil }

func (s *Scheduler) ready(t *Task) bool {
	switch {
	case t.dead:
		return false
	case t.state == running:
		return true
	case t.state == sleeping:
		return t.wake <= s.now
	case t.state == waiting:
		if !t.asked {
			t.holds, t.asked = t.until(), true
		}
		return t.holds
	}
	return false
}
