package cqlcontrol

import (
	"context"
	"sync"
	"time"
)

// toldAfter is how long ends gather until they are told; toldAgain is how long after a failure it is tried again.
const (
	toldAfter = 10 * time.Millisecond
	toldAgain = time.Second
)

// teller has a process' position told, once for all calls that end within a while.
type teller struct {
	tell func(ctx context.Context) error
	stop chan struct{} // closed: nobody waits any more for further ends

	mu      sync.Mutex
	due     bool
	running bool
	lane    sync.WaitGroup
}

// ended is to be called after a call has ended.
func (t *teller) ended() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.due = true
	if !t.running {
		t.running = true
		t.lane.Go(t.run)
	}
}

func (t *teller) run() {
	for pause := toldAfter; ; {
		stopped := false
		select {
		case <-time.After(pause):
		case <-t.stop:
			stopped = true
		}
		t.mu.Lock()
		if t.running = t.due; !t.running {
			t.mu.Unlock()
			return
		}
		t.due = false
		t.mu.Unlock()
		pause = toldAfter
		ctx, cancel := context.WithTimeout(context.Background(), behindTimeout)
		err := t.tell(ctx)
		cancel()
		if err == nil {
			continue
		}
		t.mu.Lock()
		t.due, t.running = true, !stopped // others take the calls for active until it succeeds
		t.mu.Unlock()
		if stopped {
			return
		}
		pause = toldAgain
	}
}

// close tells what is left to tell.
func (t *teller) close() {
	close(t.stop)
	t.lane.Wait()
}
