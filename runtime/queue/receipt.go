package queue

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
)

// Receipt is what a caller learns of a write that it queued through a method that returns an error alone.
type Receipt struct {
	seq     atomic.Uint64
	answers atomic.Pointer[[]error] // that the method may give its caller
}

// Seq is the sequence of the last write under the receipt's context; 0 before one.
func (r *Receipt) Seq() uint64 { return r.seq.Load() }

// Wait is WaitApplied of that write. It returns at once where there was none. Where making the write was answered with an error of the
// interface, such as its ErrNotFound, errors.Is finds that.
func (r *Receipt) Wait(ctx context.Context, q Queue) error {
	if r.Seq() == 0 {
		return nil
	}
	err := WaitApplied(ctx, q, r.Seq())
	if answer, ok := AnswerIn(err); ok {
		return answer.as(*r.answers.Load())
	}
	return err
}

type receiptKey struct{}

type idKey struct{}

// WithReceipt returns a context for queued writes, and where their sequence will be.
func WithReceipt(ctx context.Context) (context.Context, *Receipt) {
	r := new(Receipt)
	return context.WithValue(ctx, receiptKey{}, r), r
}

// WithID returns a context for one queued write, which is stored once however often it is made: the caller may repeat it where it does
// not know what became of it.
func WithID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, idKey{}, id)
}

// Write appends a write of generated code: args is a struct of a method's arguments, and answers are the errors that making it may be
// answered with.
func Write[A any](ctx context.Context, q Queue, e Entry, args A, answers ...error) error {
	data, err := Encode(args)
	if err != nil {
		return fmt.Errorf("%s of %v: %w", e.Method, e.Key, err)
	}
	e.Args = data
	e.ID, _ = ctx.Value(idKey{}).(string)
	seq, err := q.Append(ctx, e)
	if err != nil {
		return fmt.Errorf("queue %s of %v: %w", e.Method, e.Key, err)
	}
	if receipt, ok := ctx.Value(receiptKey{}).(*Receipt); ok {
		receipt.answers.Store(&answers)
		receipt.seq.Store(seq)
	}
	return nil
}

// Call makes a write of generated code: do is given the arguments that Write was. An error of do that is one of the answers settles the
// entry: see Answer.
func Call[A any](ctx context.Context, e Entry, do func(ctx context.Context, args A) error, answers ...error) error {
	args, err := Decode[A](e.Args)
	if err != nil {
		return Permanent(fmt.Errorf("%s of %v: %w", e.Method, e.Key, err))
	}
	return answered(do(ctx, args), answers)
}

// Unknown is the error of an entry whose method this build does not have.
func Unknown(e Entry) error {
	return Permanent(fmt.Errorf("dualgen: no method %s is queued in this build", e.Method))
}

// Mux applies the entries of several interfaces, by their names: those that stand before the method's in Entry.Method.
type Mux map[string]Apply

// Apply makes a write by the interface that it belongs to.
func (m Mux) Apply(ctx context.Context, e Entry) error {
	name, _, _ := strings.Cut(e.Method, ".")
	if apply := m[name]; apply != nil {
		return apply(ctx, e)
	}
	return Unknown(e)
}
