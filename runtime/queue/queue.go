// Package queue holds writes that are answered before they are made: a call is appended to a durable queue, and a worker makes it in the
// stores, in order for each key. See docs/queued.md; generated code (dualgen -queued) is what uses it.
//
// # What is promised
//
// An append that returned no error is applied, unless somebody drops it. The entries of a key are applied in the order in which they were
// appended, one at a time: an entry begins once the one before it is known to be applied. An entry may be applied more than once, where a
// worker dies or a store's answer is lost; nothing of its key is applied in between, so that an entry which means the same twice in a
// row (a whole entity that is put, a delete) does no harm. Generated code queues no other.
//
// All writes of a key go through the queue: one that does not may be overtaken by an older one that waits there.
package queue

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// Entry is one write.
type Entry struct {
	// Seq is where the entry stands in the queue. Append sets it.
	Seq uint64
	// Key names the one entity that the write touches.
	Key journal.Key
	// Method is the method that makes it, with its interface's name: "Packages.Save".
	Method string
	// Args are its arguments, encoded: see Encode.
	Args []byte
	// ID tells entries apart: one that is appended again under the ID of another is not stored. Append sets an empty one to something
	// random.
	ID string
	// Attempts is how often applying it has failed. Consume sets it.
	Attempts int
}

// Apply makes one write in the stores. It is called again where it failed, or where nobody knows what became of it.
type Apply func(ctx context.Context, e Entry) error

// Queue holds the entries. It is safe for concurrent use, by any number of processes.
type Queue interface {
	// Append stores an entry before it returns, as durably as the queue is, and returns its sequence.
	Append(ctx context.Context, e Entry) (seq uint64, err error)
	// Consume applies entries until ctx ends. Processes that consume one queue share its keys.
	Consume(ctx context.Context, apply Apply, config Config) error
	// Applied reports whether the entry of a sequence was applied. The error is ErrBlocked where it waits for an entry of its key that
	// somebody must retry or drop, or is that entry; and an Answer where making the write was answered with that error.
	Applied(ctx context.Context, seq uint64) (bool, error)
	// Status says how much waits.
	Status(ctx context.Context) (Status, error)
	// Parked lists entries that were given up, the oldest first, at most limit.
	Parked(ctx context.Context, limit int) ([]Parked, error)
	// Retry has an entry that was given up applied again.
	Retry(ctx context.Context, seq uint64) error
	// Drop leaves an entry out that was given up. What it was to write is lost, and those after it go on.
	Drop(ctx context.Context, seq uint64) error
}

// Status is how much waits.
type Status struct {
	Pending int64         // entries that are not applied, those of blocked keys included
	Oldest  time.Duration // for how long the oldest of them has waited
	Parked  int64         // entries that were given up: each blocks its key
}

// Parked is an entry that was given up.
type Parked struct {
	Entry
	Problem string        // what it failed with last
	Waited  time.Duration // since it was appended
}

// Errors that callers tell apart.
var (
	// ErrBlocked: the entry, or one before it of its key, was given up.
	ErrBlocked = errors.New("dualgen: the queue's key is blocked by an entry that cannot be applied")
	// ErrOther: another entry was appended under the same ID.
	ErrOther = errors.New("dualgen: another write was queued under the same ID")
	// ErrNoEntry: no entry of that sequence was given up.
	ErrNoEntry = errors.New("dualgen: no entry of this sequence was given up")
	// ErrLost: encoding would not keep the arguments as they are.
	ErrLost = errors.New("dualgen: the arguments cannot be queued as they are")
)

// Permanent marks an error of an Apply that no retry mends: the entry is given up at once.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

type permanent struct{ error }

// Unwrap returns the error that was marked.
func (p permanent) Unwrap() error { return p.error }

// IsPermanent reports whether an error was marked by Permanent.
func IsPermanent(err error) bool {
	_, is := errors.AsType[permanent](err)
	return is
}

// NewID is the ID of an entry that its caller gave none.
func NewID() string { return rand.Text() }

// WaitApplied returns once the entry of a sequence was applied: what it wrote is read from then on. Its error is an Answer where it wrote
// nothing, ErrBlocked where it is not applied before somebody decides, or that of ctx.
func WaitApplied(ctx context.Context, q Queue, seq uint64) error {
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		switch applied, err := q.Applied(ctx, seq); {
		case err != nil:
			return fmt.Errorf("wait for entry %d: %w", seq, err)
		case applied:
			return nil
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return fmt.Errorf("wait for entry %d: %w", seq, ctx.Err())
		}
	}
}
