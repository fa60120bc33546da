package dual

import (
	"context"
	"log/slog"
)

// Reading is what the runtime needs to know of a read's results. The zero Reading is never compared.
type Reading[A, V any] struct {
	// Diff returns the fields in which two results differ. nil: the method is not compared.
	Diff func(primary, mirror V) []Difference
	// Absent says that a result means that there is no such entity. nil: none does.
	Absent func(V, error) bool
	// CloneArgs deep-copies the arguments, which the caller may change once it has its answer. nil: nothing is mutable.
	CloneArgs func(A) A
	// Clone deep-copies a result, for the same reason. nil: nothing is mutable.
	Clone func(V) V
}

// outcome is one store's answer.
type outcome[V any] struct {
	value V
	err   error
}

// answer is what an outcome amounts to.
type answer uint8

const (
	found answer = iota
	absent
	failed
)

func (r *Reading[A, V]) classify(o outcome[V]) answer {
	switch {
	case r.Absent != nil && r.Absent(o.value, o.err):
		return absent
	case o.err != nil:
		return failed
	}
	return found
}

// differences compares two answers. Failures are not compared.
func (r *Reading[A, V]) differences(primary, mirror outcome[V]) []Difference {
	p, m := r.classify(primary), r.classify(mirror)
	switch {
	case p == failed || m == failed || p == absent && m == absent:
		return nil
	case p == absent:
		return []Difference{{Old: nil, New: "present"}}
	case m == absent:
		return []Difference{{Old: "present", New: nil}}
	}
	return r.Diff(primary.value, mirror.value)
}

// comparison is one read that is repeated on the other store.
type comparison[R, A, V any] struct {
	call    Call
	stores  *[2]R
	key     Key
	args    A
	reading *Reading[A, V]
	do      func(ctx context.Context, store R, args A) (V, error)
	primary Store
	other   Store // the mirror; the primary again in an A/A test
}

// compareLater leaves the comparison to a worker. Without a free one it is dropped.
func compareLater[R, A, V any](ctx context.Context, call Call, stores *[2]R, key Key, args A, reading *Reading[A, V],
	do func(ctx context.Context, store R, args A) (V, error), primary Store, first outcome[V],
) {
	if reading == nil || reading.Diff == nil {
		return
	}
	c := &comparison[R, A, V]{call: call, stores: stores, key: key, args: args, reading: reading, do: do, primary: primary}
	c.other = primary.Other()
	if call.state.settings.CompareSelf {
		c.other = primary
	}
	var cloneErr error
	func() {
		defer recoverTo(&cloneErr)
		if reading.CloneArgs != nil {
			c.args = reading.CloneArgs(args)
		}
		if reading.Clone != nil && first.err == nil {
			first.value = reading.Clone(first.value)
		}
	}()
	if cloneErr != nil {
		call.method.compareFailed.Add(1)
		return
	}
	m := call.state.migration
	ctx = context.WithoutCancel(ctx)
	if !m.comparisons.submit(func() { c.run(ctx, first) }) {
		call.method.compareDropped.Add(1)
	}
}

// run compares, and confirms what differs. A panic in the user's code counts as a failure.
func (c *comparison[R, A, V]) run(ctx context.Context, first outcome[V]) {
	var err error
	defer func() {
		if err != nil {
			c.call.method.compareFailed.Add(1)
		}
	}()
	defer recoverTo(&err)
	c.call.method.compared.Add(1)
	sent := c.call.start()
	second := c.read(ctx, c.other)
	c.call.took(ctx, sent, c.other, RoleMirror, absence(c.reading, second.value, second.err))
	if c.reading.classify(first) == failed || c.reading.classify(second) == failed {
		c.call.method.compareFailed.Add(1)
		return
	}
	if len(c.reading.differences(first, second)) == 0 {
		return
	}
	if differences := c.confirm(ctx, first, second); len(differences) > 0 {
		c.report(ctx, differences)
		return
	}
	c.call.method.compareSkipped.Add(1)
}

// confirm reads both sides again after the settle window. A difference stands only if the key was clean all along, and
// neither side changed.
func (c *comparison[R, A, V]) confirm(ctx context.Context, first, second outcome[V]) []Difference {
	m := c.call.state.migration
	if !c.clean(ctx) || m.hooks.Sleep(m.follower.context(), m.Settle()) != nil || !c.clean(ctx) {
		return nil
	}
	again, otherAgain := c.read(ctx, c.primary), c.read(ctx, c.other)
	if !c.same(first, again) || !c.same(second, otherAgain) || !c.clean(ctx) {
		return nil
	}
	return c.reading.differences(again, otherAgain)
}

func (c *comparison[R, A, V]) read(ctx context.Context, store Store) outcome[V] {
	value, err := c.do(c.call.state.migration.deadlines.detach(ctx), c.stores[store], c.args)
	return outcome[V]{value: value, err: err}
}

// same reports whether two answers of one store are equal. Failures never are.
func (c *comparison[R, A, V]) same(a, b outcome[V]) bool {
	return c.reading.classify(a) != failed && c.reading.classify(b) != failed && len(c.reading.differences(a, b)) == 0
}

// clean reports whether the key, or every key of its kind for a read of many, agrees in both stores.
func (c *comparison[R, A, V]) clean(ctx context.Context) bool {
	m := c.call.state.migration
	ctx = m.deadlines.detach(ctx)
	if c.key.Whole {
		counts, err := m.journal.Counts(ctx, c.key.Kind)
		return err == nil && counts.Unclean() == 0
	}
	_, unclean, err := m.journal.Lookup(ctx, c.key)
	return err == nil && !unclean
}

// report counts a confirmed difference, shows it, and has the key repaired.
func (c *comparison[R, A, V]) report(ctx context.Context, differences []Difference) {
	m := c.call.state.migration
	c.call.method.mismatched.Add(1)
	mismatch := Mismatch{Method: c.call.method.info.Name, Key: c.key, Differences: m.masker.positions(c.primary, differences)}
	paths := make([]string, len(differences))
	for i, d := range differences {
		paths[i] = d.Path
	}
	m.config.Logger.LogAttrs(ctx, slog.LevelWarn, eventMismatch, slog.String("method", mismatch.Method),
		slog.String("kind", c.key.Kind), slog.Any("paths", paths))
	if c.other != c.primary && !c.key.Whole {
		c.markDirty(ctx)
		m.follower.refute(c.key.Kind)
	}
	if m.config.OnMismatch != nil {
		m.config.OnMismatch(mismatch)
	}
}

// markDirty has the reconciler copy the key. The mark counts as a call under the comparison's own state: once that is
// past, which store is right may have changed, and the mark is left out.
func (c *comparison[R, A, V]) markDirty(ctx context.Context) {
	m := c.call.state.migration
	call := c.call
	call.hold()
	defer call.End()
	if m.state.Load() != call.state {
		return
	}
	if err := m.journal.MarkDirty(m.deadlines.detach(ctx), []Key{c.key}, call.storeOf(c.key)); err != nil {
		m.journalFault(ctx, call.method, err)
	}
}
