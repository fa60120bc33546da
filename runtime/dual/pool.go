package dual

import (
	"sync"

	"github.com/dualgen/dualgen/runtime/internal/hooks"
)

// pool runs jobs in the background: so many at once, so many waiting, and no goroutine while there is nothing to do.
type pool struct {
	hooks   hooks.Hooks
	workers int
	room    int

	mu      sync.Mutex
	running int
	queue   []func()
}

func newPool(h hooks.Hooks, workers, room int) *pool {
	return &pool{hooks: h, workers: workers, room: room}
}

// submit runs job soon, or returns false if there is no room for it.
func (p *pool) submit(job func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running < p.workers {
		p.running++
		p.hooks.Go(func() { p.work(job) })
		return true
	}
	if len(p.queue) >= p.room {
		return false
	}
	p.queue = append(p.queue, job)
	return true
}

// work runs a job and then what waits. A job that ends its goroutine ends the worker, and what waits gets another.
func (p *pool) work(job func()) {
	ended := false
	defer func() {
		if ended {
			return
		}
		if job := p.next(); job != nil {
			p.hooks.Go(func() { p.work(job) })
		}
	}()
	for job != nil {
		job()
		job = p.next()
	}
	ended = true
}

// next takes a waiting job; nil ends the worker.
func (p *pool) next() func() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		p.running--
		p.queue = nil
		return nil
	}
	job := p.queue[0]
	p.queue[0] = nil
	p.queue = p.queue[1:]
	return job
}

func (p *pool) busy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running > 0
}
