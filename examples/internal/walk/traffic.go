package walk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/examples/internal/debindex"
)

const (
	writers = 4
	readers = 4
	// pause is what a client waits after a call, on average: the machine has other work, too.
	pause = 8 * time.Millisecond
	// hot is the number of packages that get half of the calls, so that writes, copies and reads of one key meet.
	hot = 48
)

// Traffic is the service in use: writers, each with packages of its own, and readers of all.
type Traffic[K, P any] struct {
	subject *Subject[K, P]
	target  Packages[K, P]
	ledger  *Ledger
	records []debindex.Record
	counts  *Counts

	cancel context.CancelFunc
	done   sync.WaitGroup
}

// Counts is what the traffic and the audits counted.
type Counts struct {
	Reads, Writes, Refused, Lost, Diverged atomic.Int64

	mu       sync.Mutex
	examples []string
}

// maxExamples is how many violations are shown.
const maxExamples = 10

// violation keeps the first few violations for the account.
func (c *Counts) violation(counter *atomic.Int64, format string, args ...any) {
	counter.Add(1)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.examples) < maxExamples {
		c.examples = append(c.examples, fmt.Sprintf(format, args...))
	}
}

// Examples returns the first few violations.
func (c *Counts) Examples() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.examples
}

// Start lets the traffic run until Stop.
func (t *Traffic[K, P]) Start(ctx context.Context) {
	ctx, t.cancel = context.WithCancel(ctx)
	for i := range writers {
		t.done.Go(func() { t.write(ctx, i) })
	}
	for range readers {
		t.done.Go(func() { t.read(ctx) })
	}
}

// Stop ends the traffic and waits for the calls in flight.
func (t *Traffic[K, P]) Stop() {
	if t.cancel != nil {
		t.cancel()
	}
	t.done.Wait()
}

func rest(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(rand.N(2 * pause)):
	}
}

// pick chooses a record, half of the time a hot one. With own = i of n it is one of those that writer i alone writes.
func (t *Traffic[K, P]) pick(i, n int) debindex.Record {
	limit := len(t.records)
	if rand.IntN(2) == 0 {
		limit = min(limit, hot)
	}
	at := rand.IntN(limit)
	at -= at % n
	return t.records[min(at+i, len(t.records)-1-(len(t.records)-1-i)%n)]
}

// read checks each package that it gets against the ledger. Lists promise only that they read one store, so of them the
// order and the section are checked.
func (t *Traffic[K, P]) read(ctx context.Context) {
	for ctx.Err() == nil {
		record := t.pick(0, 1)
		if rand.IntN(20) == 0 && t.subject.Route != Unlisted {
			t.page(ctx, record)
		} else {
			t.get(ctx, record)
		}
		rest(ctx)
	}
}

func (t *Traffic[K, P]) get(ctx context.Context, record debindex.Record) {
	floor := t.ledger.Floor(record.Name)
	var got P
	err := served(func() (err error) {
		got, err = t.target.Get(ctx, t.subject.Key(record.Name))
		return err
	})
	absent := errors.Is(err, t.subject.NotFound)
	if err != nil && !absent {
		t.refused(ctx)
		return
	}
	t.counts.Reads.Add(1)
	if !t.ledger.Seen(record.Name, floor, t.subject.matches(record, got, !absent)) {
		t.counts.violation(&t.counts.Lost, "read of %s did not show the acknowledged %+v but %s",
			record.Name, t.ledger.Expected(record.Name), show(got, !absent))
	}
}

func (t *Traffic[K, P]) page(ctx context.Context, record debindex.Record) {
	var page []P
	err := served(func() (err error) {
		page, err = t.target.BySection(ctx, record.Section, record.Name, 10)
		return err
	})
	if err != nil {
		t.refused(ctx)
		return
	}
	t.counts.Reads.Add(1)
	last := record.Name
	for _, p := range page {
		if t.subject.Section(p) != record.Section || t.subject.Name(p) <= last {
			t.counts.violation(&t.counts.Lost, "page of %s after %s: %s stands in the wrong place", record.Section, last, t.subject.Name(p))
		}
		last = t.subject.Name(p)
	}
}

// served makes a call as a server does: a panic fails the request, not the process.
func served(call func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return call()
}

// refused counts a call that failed, unless it did because the traffic ends.
func (t *Traffic[K, P]) refused(ctx context.Context) {
	if ctx.Err() == nil {
		t.counts.Refused.Add(1)
	}
}

func (t *Traffic[K, P]) write(ctx context.Context, i int) {
	for ctx.Err() == nil {
		if err := t.Write(ctx, t.pick(i, writers)); err != nil {
			t.counts.violation(&t.counts.Lost, "ledger: %v", err)
			return
		}
		rest(ctx)
	}
}

// Write makes one change to a package and enters it in the ledger. A call that fails is repeated until it succeeds or
// ctx ends: nobody knows whether it had its effect. The error is the ledger's.
func (t *Traffic[K, P]) Write(ctx context.Context, record debindex.Record) error {
	change := choose(t.ledger.Last(record.Name))
	number, err := t.ledger.Begin(record.Name, change.state)
	if err != nil {
		return err
	}
	for attempt := 1; ctx.Err() == nil; attempt++ {
		// The call may outlive the traffic: a client that hangs up does not stop what it asked for.
		err := served(func() error { return t.apply(context.WithoutCancel(ctx), record, change) })
		missing := errors.Is(err, t.subject.NotFound)
		if err == nil || missing && change.verb == remove && attempt > 1 { // the attempt before may have done it
			t.counts.Writes.Add(1)
			return t.ledger.Done(record.Name, number)
		}
		if missing {
			t.counts.violation(&t.counts.Lost, "write of %s did not find it, though it was acknowledged", record.Name)
			return nil
		}
		t.refused(ctx)
		rest(ctx)
	}
	return nil
}

// change is a write: what it does, and the state it leaves.
type change struct {
	verb  verb
	state State
}

type verb uint8

const (
	save verb = iota
	hand
	remove
)

// choose decides on the next change to a package. After a write whose outcome nobody knows it must be a whole save.
func choose(last State, known bool) change {
	next := last
	switch dice := rand.IntN(10); {
	case !last.Present || !known || dice < 5:
		next.Present = true
		next.Saves++
		return change{save, next}
	case dice < 9:
		next.Hands++
		return change{hand, next}
	default:
		next.Present = false
		return change{remove, next}
	}
}

func (t *Traffic[K, P]) apply(ctx context.Context, record debindex.Record, c change) error {
	key := t.subject.Key(record.Name)
	switch c.verb {
	case hand:
		return t.target.SetMaintainer(ctx, key, t.subject.hand(record, c.state))
	case remove:
		return t.target.Delete(ctx, key)
	}
	p, err := t.subject.Build(record, c.state)
	if err != nil {
		return err
	}
	return t.target.Save(ctx, p)
}

// matches returns whether a state is the one that a read showed.
func (s *Subject[K, P]) matches(record debindex.Record, got P, present bool) func(State) bool {
	return func(state State) bool {
		if !state.Present || !present {
			return state.Present == present
		}
		want, err := s.Build(record, state)
		return err == nil && s.Equal(want, got)
	}
}

func show(p any, present bool) string {
	if !present {
		return "nothing"
	}
	return fmt.Sprintf("%+v", p)
}

// Maintainer is the maintainer of a package in a state.
func Maintainer(record debindex.Record, state State) string {
	if state.Hands == 0 {
		return record.Maintainer
	}
	return fmt.Sprintf("Zoë Owner %d <owner%d@example.org>", state.Hands, state.Hands)
}

// Version is the version of a package in a state.
func Version(record debindex.Record, state State) string {
	if state.Saves == 0 {
		return record.Version
	}
	return fmt.Sprintf("%s+save%d", record.Version, state.Saves)
}

// Updated is the time of a package's last save in a state, in whole milliseconds.
func Updated(state State) time.Time {
	return time.UnixMilli(1_783_764_997_123 + int64(state.Saves)).UTC()
}
