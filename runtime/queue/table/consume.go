package table

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/queue"
)

// page is how many entries are read at once.
const page = 256

// consumer applies the entries of the parts that its process holds. Of each key one entry is under way.
type consumer struct {
	q      *Queue
	config queue.Config
	apply  queue.Apply
	slots  chan struct{}
	marker *marker
	ended  chan struct{} // of capacity 1: a key is free again
	took   time.Duration // by the last read

	mu      sync.Mutex
	holding holding
	busy    map[journal.Key]int  // its part
	reads   uint64               // the number of the present read
	freed   map[journal.Key]bool // keys of which an entry ended since the present read began: what was read of them is out of date
	running sync.WaitGroup
}

// Consume implements queue.Queue. It returns the error of ctx. What is under way then ends first; it is bounded by Config.Timeout.
func (q *Queue) Consume(ctx context.Context, apply queue.Apply, config queue.Config) error {
	config = config.Complete()
	if config.Timeout+config.Lease/4 >= config.Lease {
		config.Timeout = config.Lease / 2 // an attempt never outlives the lease that it began under
	}
	c := &consumer{q: q, config: config, apply: apply, slots: make(chan struct{}, config.Workers), marker: newMarker(q), ended: make(chan struct{}, 1), busy: map[journal.Key]int{}, freed: map[journal.Key]bool{}}
	c.holding = holding{q: q, config: config, mine: map[int]uint64{}}
	chores := make(chan struct{})
	go func() { defer close(chores); c.chores(ctx) }()
	over := make(chan struct{})
	defer close(over)
	go c.marker.loop(func() (context.Context, context.CancelFunc) {
		return context.WithTimeout(context.WithoutCancel(ctx), config.Lease)
	}, over)
	for ctx.Err() == nil {
		woken := q.waking()
		began := time.Now()
		more, err := c.pass(ctx)
		if err != nil && ctx.Err() == nil {
			config.Logger.WarnContext(ctx, "dualgen queue cannot be read", slog.Any("error", err))
		}
		if !more {
			c.pause(ctx, woken)
			c.gather(ctx, time.Since(began))
		}
	}
	<-chores
	c.running.Wait()
	left, cancel := context.WithTimeout(context.WithoutCancel(ctx), config.Timeout)
	defer cancel()
	_ = c.holding.leave(left) // else their lease runs out
	return ctx.Err()
}

// pause returns when an entry was appended here, a key is free again, or it is time to look.
func (c *consumer) pause(ctx context.Context, woken <-chan struct{}) {
	timer := time.NewTimer(c.config.Poll)
	defer timer.Stop()
	select {
	case <-woken:
	case <-c.ended:
	case <-timer.C:
	case <-ctx.Done():
	}
}

// gather waits a little where the last look was a moment ago: entries that come one by one are read together, and reading takes the
// database half of the time at most.
func (c *consumer) gather(ctx context.Context, since time.Duration) {
	if again := min(2*c.took-since, c.config.Poll); again > 0 {
		timer := time.NewTimer(again)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

// chores keeps the parts, and forgets what was applied long ago.
func (c *consumer) chores(ctx context.Context) {
	var forgot time.Time
	for ctx.Err() == nil {
		next := holding{q: c.q, config: c.config}
		if err := next.renew(ctx, c.release); err != nil {
			if ctx.Err() == nil {
				c.config.Logger.WarnContext(ctx, "dualgen queue has no lease", slog.Any("error", err))
			}
		} else {
			c.hold(next)
		}
		if time.Since(forgot) > time.Minute {
			forgot = time.Now()
			_ = c.q.forget(ctx, c.config.Keep) // later
		}
		select {
		case <-time.After(min(c.config.Lease/4, time.Second)):
		case <-ctx.Done():
		}
	}
}

// hold takes note of what is held.
func (c *consumer) hold(next holding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for part := range next.mine {
		since, held := c.holding.mine[part]
		if !held {
			since = c.reads
		}
		next.mine[part] = since
	}
	c.holding = next
}

// forget removes entries that were applied long ago.
func (q *Queue) forget(ctx context.Context, keep time.Duration) error {
	_, err := q.db.ExecContext(ctx, q.text(`DELETE FROM dualgen_queue WHERE seq IN (SELECT seq FROM dualgen_queue
		WHERE queue = ? AND applied IS NOT NULL AND applied < {now} - ? LIMIT 10000)`), q.options.Name, keep.Milliseconds())
	return err
}

// release takes a part from those whose entries are begun here, unless one of them is under way.
func (c *consumer) release(part int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, p := range c.busy {
		if p == part {
			return false
		}
	}
	delete(c.holding.mine, part)
	return true
}

// pass starts what can be applied, and reports whether there may be more.
func (c *consumer) pass(ctx context.Context) (more bool, err error) {
	began := time.Now()
	entries, err := c.read(ctx)
	if err != nil {
		return false, err
	}
	c.took = time.Since(began)
	var keys []journal.Key // in the order of their first entry
	of := map[journal.Key][]queue.Entry{}
	for _, e := range entries {
		if of[e.Key] == nil {
			keys = append(keys, e.Key)
		}
		of[e.Key] = append(of[e.Key], e)
	}
	for _, key := range keys {
		select {
		case c.slots <- struct{}{}:
		case <-ctx.Done():
			return false, nil
		}
		if !c.begin(key) {
			<-c.slots
			continue
		}
		c.running.Go(func() {
			defer func() { c.free(key); <-c.slots }()
			c.run(ctx, of[key])
		})
	}
	return len(entries) == page, nil
}

// begin makes a key busy, unless it is, or what was read of it is out of date.
func (c *consumer) begin(key journal.Key) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, busy := c.busy[key]
	since, held := c.holding.mine[partOf(key)]
	if busy || c.freed[key] || !held || since >= c.reads {
		return false
	}
	c.busy[key] = partOf(key)
	return true
}

func (c *consumer) free(key journal.Key) {
	c.mu.Lock()
	delete(c.busy, key)
	c.freed[key] = true
	c.mu.Unlock()
	select {
	case c.ended <- struct{}{}:
	default:
	}
}

// errLeft: the lease ends too soon for an attempt.
var errLeft = errors.New("dualgen: the lease of the queue's part ends")

// run applies entries of one key, as long as each succeeds and is known to be applied.
func (c *consumer) run(ctx context.Context, entries []queue.Entry) {
	for _, e := range entries {
		if ctx.Err() != nil {
			return
		}
		err := c.attempt(ctx, e)
		answer, answered := queue.AnswerIn(err)
		switch {
		case errors.Is(err, errLeft):
			return
		case answered:
			err = c.answered(ctx, e, answer)
		case err == nil:
			err = c.applied(ctx, e)
		default:
			c.failed(ctx, e, err)
		}
		if err != nil {
			return
		}
	}
}

// attempt makes one write. It ends before the lease of the key's part does, so that whoever takes the part has nothing of it under way
// but what a store still does.
func (c *consumer) attempt(ctx context.Context, e queue.Entry) (err error) {
	c.mu.Lock()
	_, held := c.holding.mine[partOf(e.Key)]
	until := c.holding.until
	c.mu.Unlock()
	if !held || time.Until(until) < c.config.Timeout {
		return errLeft
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.config.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("dualgen: applying entry %d panicked: %v", e.Seq, p)
		}
	}()
	return c.apply(ctx, e)
}

// applied notes that an entry was applied. Where it cannot, the entry is applied once more, before the next one of its key.
func (c *consumer) applied(ctx context.Context, e queue.Entry) error {
	err := c.marker.applied(context.WithoutCancel(ctx), e.Seq)
	if err != nil {
		c.config.Logger.WarnContext(ctx, "dualgen queue cannot note what was applied", slog.Uint64("entry", e.Seq), slog.Any("error", err))
	}
	return err
}

// answered notes how an entry was answered that has changed nothing. Where it cannot, the entry is tried once more, as in applied.
func (c *consumer) answered(ctx context.Context, e queue.Entry, answer *queue.Answer) error {
	c.config.Logger.WarnContext(ctx, "dualgen queue entry changed nothing", slog.Uint64("entry", e.Seq), slog.String("method", e.Method),
		slog.String("kind", e.Key.Kind), slog.String("answer", answer.Text))
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.config.Lease)
	defer cancel()
	_, err := c.q.db.ExecContext(ctx, c.q.text(`UPDATE dualgen_queue SET applied = {now}, retry = 0, parked = false, problem = ? WHERE seq = ?`), answerMark+answer.Text, e.Seq)
	if err != nil {
		c.config.Logger.WarnContext(ctx, "dualgen queue cannot note an answer", slog.Uint64("entry", e.Seq), slog.Any("error", err))
	}
	return err
}

// failed notes that an attempt failed, and when the next one is, if any.
func (c *consumer) failed(ctx context.Context, e queue.Entry, cause error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.config.Lease)
	defer cancel()
	verdict := c.config.Judge(e, cause)
	attempts := e.Attempts
	if verdict.Count {
		attempts++
		c.config.Logger.WarnContext(ctx, "dualgen queue entry failed", slog.Uint64("entry", e.Seq), slog.String("method", e.Method),
			slog.String("kind", e.Key.Kind), slog.Bool("given up", verdict.Park), slog.Any("error", cause))
	}
	_, err := c.q.db.ExecContext(ctx, c.q.text(`UPDATE dualgen_queue SET attempts = ?, parked = ?, retry = {now} + ?, problem = ? WHERE seq = ? AND applied IS NULL`),
		attempts, verdict.Park, max(verdict.After.Milliseconds(), 1), cause.Error(), e.Seq)
	if err == nil {
		return
	}
	// The next attempt may be made too soon after this one, by whoever reads the entry: the key stays busy here meanwhile.
	c.config.Logger.WarnContext(ctx, "dualgen queue cannot note what failed", slog.Uint64("entry", e.Seq), slog.Any("error", err))
	time.Sleep(min(verdict.After, c.config.Settle))
}
