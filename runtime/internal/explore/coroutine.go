package explore

import (
	"fmt"
	"iter"
	"runtime/debug"
)

// coroutine runs functions on a goroutine of its own that moves only when it is resumed. It is reused, because starting
// one costs more than a short schedule.
type coroutine struct {
	job     func()
	failure error // of a job that panicked
	next    func() (struct{}, bool)
	stop    func()
	suspend func(struct{}) bool
}

func newCoroutine() *coroutine {
	c := &coroutine{}
	c.next, c.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.suspend = yield
		for {
			c.run()
			if !yield(struct{}{}) {
				return
			}
		}
	})
	return c
}

// run does the job, and keeps what it panicked with.
func (c *coroutine) run() {
	defer func() {
		if r := recover(); r != nil {
			c.failure = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
		c.job = nil
	}()
	c.job()
}

// start gives an idle coroutine a job; resume begins it.
func (c *coroutine) start(job func()) { c.job, c.failure = job, nil }

// resume runs the job up to its next pause, or its end.
func (c *coroutine) resume() { c.next() }

// pause hands control back to whoever resumed the coroutine. Called by the job.
func (c *coroutine) pause() { c.suspend(struct{}{}) }

// done reports whether the job ended.
func (c *coroutine) done() bool { return c.job == nil }
