package dualtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/dualgen/dualgen/runtime/dual"
)

// Transaction is a method of a repository that runs a function in a transaction.
type Transaction[R any] struct {
	info dual.MethodInfo
	draw func(t *T) begin[R]
}

// begin runs a function in a transaction of a repository.
type begin[R any] = func(ctx context.Context, store R, f func(context.Context, R) error) error

// Transacting describes a method that runs a function in a transaction: draw chooses its other arguments and returns the call.
func Transacting[R any](info dual.MethodInfo, draw func(t *T) func(context.Context, R, func(context.Context, R) error) error) Transaction[R] {
	return Transaction[R]{info, draw}
}

// method is the method's name without its interface's.
func (x Transaction[R]) method() string { return methodOf(x.info) }

// errUndone makes a transaction roll back.
var errUndone = errors.New("dualtest: this transaction is to be rolled back")

// transacted is one transaction that was drawn. It can be run on several stores.
type transacted[R any] struct {
	of    Transaction[R]
	args  *T
	begin begin[R]
	calls []remembered[R]
	undo  bool
}

// inside is what came of one run of a transaction's function.
type inside struct {
	outs []outcome // of the calls that were made
	err  error     // the function's own
	ran  bool
}

// drawTransaction draws a transaction of a few calls.
func drawTransaction[R any](t *rapid.T, x Transaction[R], steps []Step[R]) *transacted[R] {
	d := &transacted[R]{of: x, args: &T{T: t}}
	d.begin = x.draw(d.args)
	for range rapid.IntRange(1, 3).Draw(t, "calls") {
		step := steps[rapid.IntRange(0, len(steps)-1).Draw(t, "call")]
		call, text := drawCall(t, step)
		d.calls = append(d.calls, remembered[R]{step: step, call: call, text: text})
	}
	d.undo = rapid.Bool().Draw(t, "roll back")
	return d
}

// run runs the transaction. Its function ends with the first write that fails, as a caller's would; at its end it calls last. A store
// may run the function again.
func (d *transacted[R]) run(ctx context.Context, store R, last func(ctx context.Context, view R)) (in inside, err error) {
	err = d.begin(ctx, store, func(ctx context.Context, view R) error {
		in = inside{ran: true}
		for _, call := range d.calls {
			out := call.call(ctx, view)
			in.outs = append(in.outs, out)
			if out.err != nil && call.step.info.Kind != dual.KindRead {
				in.err = out.err
				return in.err
			}
		}
		if last != nil {
			last(ctx, view)
		}
		if d.undo {
			in.err = errUndone
		}
		return in.err
	})
	return in, err
}

// text tells of the transaction, a call on each line.
func (d *transacted[R]) text() string {
	lines := []string{fmt.Sprintf("%s(%s) {", d.of.method(), d.args)}
	for _, call := range d.calls {
		lines = append(lines, "  "+call.text())
	}
	end := "}"
	if d.undo {
		end = "} rolled back"
	}
	return strings.Join(append(lines, end), "\n  ")
}

// short names the transaction in a sentence.
func (d *transacted[R]) short() string {
	texts := make([]string, len(d.calls))
	for i, call := range d.calls {
		texts[i] = call.text()
	}
	return d.of.method() + " of " + strings.Join(texts, ", ")
}

// writes reports whether a call of the transaction that succeeded was a write.
func (d *transacted[R]) writes(in inside) bool {
	for i, out := range in.outs {
		if out.err == nil && d.calls[i].step.info.Kind != dual.KindRead {
			return true
		}
	}
	return false
}

// transact runs a transaction on both stores and on the given wrapper. Where its mirror is down, what is unclean is expected.
func (q *sequence[R]) transact(t *rapid.T, x Transaction[R], wrapper R, down bool) {
	ctx := context.Background()
	d := drawTransaction(t, x, q.suite.comparableSteps())
	note := ""
	if down {
		note = ", the mirror failing"
	}
	q.did("%s in %v%s", lazily(d.text), q.ground.migration.Phase(), note)
	q.ground.journal.forget()
	both, err := d.run(ctx, wrapper, nil)
	q.wrote(d.short, q.ground.journal.touched(), down)
	if !q.apart {
		old, oldErr := d.run(ctx, q.old, nil)
		new, newErr := d.run(ctx, q.new, nil)
		q.agreeInside(t, d, ofStores, old, new)
		q.agreeEnd(t, d, ofStores, oldErr, newErr)
		q.agreeInside(t, d, ofWrapper, old, both)
		q.agreeEnd(t, d, ofWrapper, oldErr, err)
	}
	if !down {
		q.clean(t, err != nil || overlap(q.ground.journal.touched()), false)
	}
}

// overlap reports whether a whole kind is among the keys of one transaction, and a key of that kind. Their tokens are held until the
// transaction ends, so that the journal takes the two for writes that ran at once, and has the key copied.
func overlap(touched []dual.Key) bool {
	return slices.ContainsFunc(touched, func(kind dual.Key) bool {
		return kind.Whole && slices.ContainsFunc(touched, func(key dual.Key) bool { return !key.Whole && key.Kind == kind.Kind })
	})
}

// agreeInside demands equal outcomes of the calls inside a transaction.
func (q *sequence[R]) agreeInside(t *rapid.T, d *transacted[R], of whose, a, b inside) {
	for i := range min(len(a.outs), len(b.outs)) {
		if q.apart || !q.agree(t, d.calls[i].step, of, a.outs[i], b.outs[i]) {
			return
		}
	}
}

// agreeEnd demands that a transaction ended alike.
func (q *sequence[R]) agreeEnd(t *rapid.T, d *transacted[R], of whose, a, b error) {
	if q.apart {
		return
	}
	law, who := errorsAlike, "the old and the new store"
	if of == ofWrapper {
		law, who = wrapperAlike, "the old store and the wrapper"
	}
	same := func(any) []dual.Difference { return nil }
	if _, difference := q.suite.disagree(outcome{err: a, differ: same}, outcome{err: b, differ: same}, of); difference != "" {
		q.fail(t, law, who, "they end "+d.of.method()+" otherwise: "+difference)
	}
	q.book.count(law, d.of.method())
}
