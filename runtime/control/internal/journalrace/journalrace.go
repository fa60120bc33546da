// Package journalrace lets several processes' worth of writers and copiers race over a journal and two stores in memory,
// with mirror writes that fail and writers that die, and finds out whether the stores come together without losing a write.
package journalrace

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Options say who races.
type Options struct {
	// Journals are the same journal as seen by several processes.
	Journals []journal.Journal
	Writers  int // a process
	Writes   int // a writer
	Keys     int
	// Guarded lets the processes be in the two guarded phases, so that they bring different directions. Else they are in
	// the phases before, where the journal's fast path is used; every second writer takes the plain one.
	Guarded bool
	// Makes is the share of writes whose key the primary makes.
	Makes float64
	// Sweeps is the share of writes that delete every entity with a low value, and list them before.
	Sweeps float64
	// Lease is what is left of the leases of writers that die, with their tokens held. 0: none dies.
	Lease time.Duration
}

// write is an acknowledged write.
type write struct {
	value       int64
	start, ends time.Time
	made        bool // its key, by the primary
}

type race struct {
	options Options
	clock   atomic.Int64 // values
	made    atomic.Int64 // keys

	mu     sync.Mutex
	stores [2]map[string]int64
	acked  map[string][]write
}

// Run races, lets the copiers finish, and returns what went wrong.
func Run(ctx context.Context, options Options) error {
	r := &race{options: options, stores: [2]map[string]int64{{}, {}}, acked: map[string][]write{}}
	copying, stop := context.WithCancel(ctx)
	defer stop()
	var writers, copiers sync.WaitGroup
	errs := make(chan error, 1000)
	for i, j := range options.Journals {
		copiers.Go(func() { r.copy(copying, j, fmt.Sprint("copier ", i)) })
		for w := range options.Writers {
			writers.Go(func() {
				if err := r.write(ctx, j, i, w); err != nil {
					errs <- err
				}
			})
		}
	}
	writers.Wait()
	err := r.settle(ctx, options.Journals[0])
	stop()
	copiers.Wait()
	close(errs)
	for e := range errs {
		err = errors.Join(err, e)
	}
	return errors.Join(err, r.check())
}

// sleep lets others come between.
func sleep() { time.Sleep(rand.N(2 * time.Millisecond)) }

func (r *race) put(store phase.Store, key string, value int64) {
	sleep()
	r.mu.Lock()
	r.stores[store][key] = value
	r.mu.Unlock()
	sleep()
}

// write makes the writes of one writer.
func (r *race) write(ctx context.Context, j journal.Journal, process, writer int) error {
	agreed, _ := j.(journal.Agreed)
	for i := range r.options.Writes {
		owner := fmt.Sprintf("writer %d.%d", process, writer)
		dies := r.options.Lease > 0 && rand.IntN(20) == 0
		if dies { // an owner of its own, whose lease is not renewed
			owner = fmt.Sprintf("%s dies in write %d", owner, i)
			if err := j.Renew(ctx, owner, time.Hour); err != nil { // until it has written what it writes, on a slow machine too
				return err
			}
		}
		begin := j.Begin
		primary := phase.Old
		switch {
		case r.options.Guarded:
			primary = phase.Store(process % 2)
		case agreed != nil && writer%2 == 0:
			begin = agreed.BeginAgreed
		}
		one := r.one
		if rand.Float64() < r.options.Makes {
			begin, one = j.Begin, r.make
		} else if rand.Float64() < r.options.Sweeps {
			begin, one = watching(j), r.sweep
		}
		if err := one(ctx, j, begin, owner, primary, dies); err != nil {
			return err
		}
	}
	return nil
}

type begin = func(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error)

func (r *race) one(ctx context.Context, j journal.Journal, begin begin, owner string, primary phase.Store, dies bool) error {
	key := journal.Key{Kind: "User", ID: fmt.Sprint(rand.IntN(r.options.Keys))}
	start := time.Now()
	token, err := begin(ctx, owner, key, primary)
	if err != nil {
		return err
	}
	value := r.clock.Add(1)
	r.put(token.Primary, key.ID, value)
	if dies {
		return j.Renew(ctx, owner, r.options.Lease)
	}
	return r.mirror(ctx, j, key, token, write{value: value, start: start})
}

// mirror writes the mirror, or fails, and ends the write. What was made is copied, as the runtime does: a sweep that had listed its keys
// before may have deleted it.
func (r *race) mirror(ctx context.Context, j journal.Journal, key journal.Key, token journal.Token, w write) error {
	clean := rand.IntN(10) > 0
	if clean && w.made {
		r.copyValue(key, token)
	} else if clean {
		r.put(token.Primary.Other(), key.ID, w.value)
	}
	if err := end(ctx, j, key, token, clean); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	w.ends = time.Now()
	r.mu.Lock()
	r.acked[key.ID] = append(r.acked[key.ID], w)
	r.mu.Unlock()
	return nil
}

// make is a write whose key the primary makes: under a token on the kind first, then under one on the key.
func (r *race) make(ctx context.Context, j journal.Journal, begin begin, owner string, primary phase.Store, dies bool) error {
	start := time.Now()
	token, err := begin(ctx, owner, whole, primary)
	if errors.Is(err, journal.ErrConflict) {
		return nil // the runtime waits, and refuses the call in the end
	}
	if err != nil {
		return err
	}
	w := write{value: r.clock.Add(1), start: start, made: true}
	key := journal.Key{Kind: whole.Kind, ID: fmt.Sprint("made ", r.made.Add(1))}
	r.put(token.Primary, key.ID, w.value)
	if dies {
		return j.Renew(ctx, owner, r.options.Lease)
	}
	token, err = j.(journal.Handover).Handover(ctx, owner, token, key)
	if err != nil {
		return fmt.Errorf("handover: %w", err)
	}
	return r.mirror(ctx, j, key, token, w)
}

// whole is the kind of all keys.
var whole = journal.Key{Kind: "User", Whole: true}

// end tries again where it does not know, as the runtime does. A token that is gone then was given up by the first try,
// or the key is dirty.
func end(ctx context.Context, j journal.Journal, key journal.Key, token journal.Token, clean bool) error {
	err := j.End(ctx, key, token, clean)
	for try := 0; err != nil && !errors.Is(err, journal.ErrTokenLost) && try < 5; try++ {
		if err = j.End(ctx, key, token, clean); errors.Is(err, journal.ErrTokenLost) {
			return nil
		}
	}
	return err
}

// copy is a reconciler.
func (r *race) copy(ctx context.Context, j journal.Journal, owner string) {
	for ctx.Err() == nil {
		_ = j.Renew(ctx, owner, time.Hour) // what fails is done again
		_, _ = j.Expire(ctx)
		entries, _ := j.Unclean(ctx, journal.Query{Copyable: true})
		if claims, ok := j.(journal.Claims); ok && rand.IntN(2) == 0 {
			r.copyKeys(ctx, j, claims, owner, entries)
			entries = nil
		}
		for _, e := range entries {
			r.copyKey(ctx, j, owner, e.Key)
		}
		sleep()
	}
}

// copyKeys copies keys that it claims together.
func (r *race) copyKeys(ctx context.Context, j journal.Journal, claims journal.Claims, owner string, entries []journal.Entry) {
	var keys []journal.Key
	for _, e := range entries {
		if e.Key.Whole {
			r.copyKey(ctx, j, owner, e.Key)
		} else {
			keys = append(keys, e.Key)
		}
	}
	tokens, err := claims.BeginCopies(ctx, owner, keys, 0)
	if err != nil {
		return
	}
	var claimed []journal.Key
	var ending []journal.Token
	for i, token := range tokens {
		if token != (journal.Token{}) {
			r.copyValue(keys[i], token)
			claimed, ending = append(claimed, keys[i]), append(ending, token)
		}
	}
	if len(claimed) > 0 {
		err = j.EndMany(context.WithoutCancel(ctx), claimed, ending, true)
		for try := 0; err != nil && !errors.Is(err, journal.ErrTokenLost) && try < 5; try++ {
			err = j.EndMany(context.WithoutCancel(ctx), claimed, ending, true) // or the keys stay unclean, which settle reports
		}
	}
}

// copyValue copies what a key's primary holds.
func (r *race) copyValue(key journal.Key, token journal.Token) {
	r.mu.Lock()
	value := r.stores[token.Primary][key.ID]
	r.mu.Unlock()
	r.put(token.Primary.Other(), key.ID, value)
}

func (r *race) copyKey(ctx context.Context, j journal.Journal, owner string, key journal.Key) {
	token, ok, err := j.BeginCopy(ctx, owner, key, 0)
	if err != nil || !ok {
		return
	}
	if key.Whole {
		err = j.MarkDirty(ctx, r.keys(), token.Primary) // what a verify pass with repair would find
	} else {
		r.copyValue(key, token)
	}
	_ = end(context.WithoutCancel(ctx), j, key, token, err == nil) // or the key stays unclean, which settle reports
}

// keys are all that were written.
func (r *race) keys() (keys []journal.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key := range union(r.stores[phase.Old], r.stores[phase.New]) {
		keys = append(keys, journal.Key{Kind: whole.Kind, ID: key})
	}
	return keys
}

// settle waits until no key is unclean.
func (r *race) settle(ctx context.Context, j journal.Journal) error {
	var counts journal.Counts
	for range 3_600 { // minutes: how long it takes is not the question
		var err error
		if counts, err = j.Counts(ctx, ""); err != nil {
			return err
		}
		if counts.Unclean() == 0 {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	return fmt.Errorf("keys stay unclean: %+v", counts)
}

// check compares the stores, and what they hold with what was acknowledged.
func (r *race) check() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var errs []error
	for key := range union(r.stores[phase.Old], r.stores[phase.New]) {
		value, other := r.stores[phase.Old][key], r.stores[phase.New][key]
		if other != value {
			errs = append(errs, fmt.Errorf("key %s is %d in the old store and %d in the new one", key, value, other))
		}
		if w, lost := superseded(r.acked[key], value); lost {
			errs = append(errs, fmt.Errorf("key %s is %d; the later write %d is lost", key, value, w.value))
		}
	}
	return errors.Join(errs...)
}

// superseded returns an acknowledged write that began after the one with the value had ended.
func superseded(acked []write, value int64) (write, bool) {
	for _, held := range acked {
		if held.value != value {
			continue
		}
		for _, w := range acked {
			if w.start.After(held.ends) {
				return w, true
			}
		}
	}
	return write{}, false
}
