package dual

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// While reads fall back (control.Record.FallsBack), the phase's primary may lack entities that the complete store has: those that no
// call has touched since the fleet began to write both. Three rules keep every key linearizable all the same.
//
//  1. A clean key agrees in both stores, or the primary has none of it. So the complete store is right for each clean key, and it
//     alone is asked where the primary finds nothing; an unclean key is answered by its entry's store alone, also where that finds
//     nothing (it may have been deleted) or fails.
//  2. No entry names the primary for its store before the key was brought: the primary was seen to hold it, or the complete store to
//     hold none, or a copy of it was made under a token. That token names the complete store, so that a writer that comes in between
//     follows that one too, and the key stays unclean until both agree.
//  3. What names no single key (a list, a write of a whole kind, a transaction) works on the complete store.

// lookup is a read while reads fall back.
type lookup[R, A, V any] struct {
	call    Call
	stores  *[2]R
	key     Key
	args    A
	reading *Reading[A, V]
	do      func(ctx context.Context, store R, args A) (V, error)
}

// read is what Read does then.
func (l *lookup[R, A, V]) read(ctx context.Context) (V, error) {
	var none V
	call, st := &l.call, l.call.state
	since := call.start()
	store, clean, err := call.routeClean(ctx, l.key)
	if err != nil {
		return none, call.answered(ctx, since, err)
	}
	off := &st.migration.hooks.Off
	tries := (clean || off.NoFallbackGuard) && !l.key.Whole && finds[A, V](st.migration, l.reading, l.key.Kind)
	if tries {
		store = st.primary
	}
	value, err := l.ask(ctx, store)
	if tries && l.reading.Absent(value, err) || off.FallbackOnError && err != nil && store == st.primary {
		if value, err = l.ask(ctx, st.complete); l.reading.classify(outcome[V]{value: value, err: err}) == found {
			call.fellBack(ctx, l.key)
		}
	}
	if lost := call.fenced(); lost != nil {
		return none, call.answered(ctx, since, call.fail(l.key, lost))
	}
	_ = call.answered(ctx, since, absence(l.reading, value, err))
	return value, err
}

// ask asks one store, and tells how long that took.
func (l *lookup[R, A, V]) ask(ctx context.Context, store Store) (V, error) {
	sent := l.call.start()
	value, err := l.do(ctx, l.stores[store], l.args)
	if sent != 0 {
		l.call.tellStore(ctx, sent, store, RolePrimary, absence(l.reading, value, err))
	}
	return value, err
}

// finds reports whether a read returns the entity of its key, and says where there is none. Any other read cannot be trusted to
// notice that the primary lacks the entity.
func finds[A, V any](m *Migration, reading *Reading[A, V], kind string) bool {
	if reading == nil || reading.Absent == nil {
		return false
	}
	c, _ := copierOf(m, kind).(writtenCopier)
	return c != nil && c.copies() && c.isEntity((*V)(nil))
}

// fellBack counts a read that was answered by the complete store, and has the entity brought where that is wanted.
func (c Call) fellBack(ctx context.Context, key Key) {
	c.method.fellBack.Add(1)
	if c.state.settings.Fallback == phase.FallbackSave {
		c.saveLater(context.WithoutCancel(ctx), key)
	}
}

// saveLater has the entity of a key brought by a worker, if one is free or will be.
func (c Call) saveLater(ctx context.Context, key Key) {
	c.hold()
	accepted := c.state.migration.mirrors.submit(func() {
		defer c.End()
		_ = c.copyUnderToken(ctx, key) // the caller has its answer, and what fails is dirty
	})
	if !accepted {
		c.End()
		c.method.mirrorDropped.Add(1)
	}
}

// wholeStore is the store that decides for calls that name no single key.
func (c *Call) wholeStore() Store {
	if c.state.fallsBack && !c.state.migration.hooks.Off.NoComplete {
		return c.state.complete
	}
	return c.store()
}

// bringAll sees to rule 2 for the keys of a write, and chooses the primary that they get where they are clean.
func bringAll(ctx context.Context, a *attempt) error {
	m := a.call.state.migration
	if a.inTx || a.whole() {
		a.primary = a.call.wholeStore()
		return nil
	}
	for _, key := range a.all() {
		if c, _ := copierOf(m, key.Kind).(writtenCopier); c == nil || !c.copies() {
			a.primary = a.call.state.complete // nothing can bring it
			return nil
		}
	}
	if m.hooks.Off.NoBring {
		return nil
	}
	for _, key := range a.all() {
		if _, err := a.call.bring(ctx, key); err != nil {
			return err
		}
	}
	return nil
}

// bring makes sure that a key agrees in both stores whenever it is clean from now on, or that it is unclean now and will. A store that
// fails is asked again by the copy, which leaves the key to the complete store. It reports whether a copy was called for.
func (c *Call) bring(ctx context.Context, key Key) (lacked bool, err error) {
	st := c.state
	copier := copierOf(st.migration, key.Kind)
	if _, there, err := copier.Row(ctx, st.primary, key); err == nil && there {
		return false, nil
	}
	if _, there, err := copier.Row(ctx, st.complete, key); err == nil && !there {
		return false, nil
	}
	err = c.copyUnderToken(ctx, key)
	if errors.Is(err, ErrUnknown) { // of the copy; the write was not made
		return false, c.fail(key, ErrBusy, journal.ErrTokenLost)
	}
	return true, err
}

// copyUnderToken copies one entity from the complete store as a write would that changes nothing there. Whoever writes the key
// meanwhile follows the complete store, and leaves the key dirty. A failed copy does too: the reconciler makes it. Nothing is copied
// where the entry names the primary for its store: the key was brought before.
func (c *Call) copyUnderToken(ctx context.Context, key Key) error {
	st := c.state
	m := st.migration
	a := attempt{call: *c, key: key, primary: st.complete, how: mirrorCopy}
	if m.hooks.Off.SaveUnclaimed {
		return a.copy(a.detach(ctx))
	}
	token, err := m.journal.Begin(ctx, st.owner, key, st.complete)
	if err != nil {
		return a.unjournaled(ctx, err)
	}
	a.token, a.primary, a.open = token, token.Primary, true
	defer a.abandon()
	if err := a.admitted(); err != nil {
		return err
	}
	if a.primary != st.complete {
		return a.end(true)
	}
	if err = a.copy(a.detach(ctx)); err == nil {
		c.method.brought.Add(1)
	}
	return a.mirrored(ctx, err)
}

// beginAll takes the tokens of a write on several keys. Those that follow the complete store, as all do in the guarded phase of that
// store, may meet one that follows the other.
func beginAll(ctx context.Context, a *attempt) ([]journal.Token, error) {
	st := a.call.state
	if st.filling && a.primary == st.complete && !st.migration.hooks.Off.NoBeginEach {
		return beginEach(ctx, a)
	}
	return st.migration.journal.BeginMany(ctx, st.owner, a.keys, a.primary)
}

// beginEach takes the tokens of keys that must all follow the complete store. One by one: taken at once, a key that was not brought
// would get the direction of one that follows the primary.
func beginEach(ctx context.Context, a *attempt) ([]journal.Token, error) {
	st := a.call.state
	j := st.migration.journal
	tokens := make([]journal.Token, 0, len(a.keys))
	for _, key := range a.keys {
		token, err := j.Begin(ctx, st.owner, key, st.complete)
		if err == nil {
			tokens = append(tokens, token)
		}
		if err == nil && token.Primary != st.complete {
			err = journal.ErrConflict
		}
		if err != nil {
			giveBack(ctx, a, tokens)
			return nil, err
		}
	}
	return tokens, nil
}

// giveBack ends the tokens of the first keys of a write, under which nothing was done: now, or later where the journal fails. A token
// that is gone needs no end.
func giveBack(ctx context.Context, a *attempt, tokens []journal.Token) {
	if len(tokens) == 0 {
		return
	}
	m := a.call.state.migration
	part := *a
	part.keys, part.tokens = a.keys[:len(tokens)], tokens
	err := m.journal.EndMany(m.deadlines.latest(), part.keys, tokens, true)
	if err != nil && !errors.Is(err, journal.ErrTokenLost) {
		m.journalFault(ctx, a.call.method, err)
		m.retries.add(&part, true)
	}
}

// ErrNotFallingBack: the phase's primary is complete, so that there is nothing to bring. Nothing was done.
var ErrNotFallingBack = errors.New("dualgen: reads do not fall back")

// Bring copies one entity to the phase's primary from the store that is complete, as a write of its key would before it begins; see
// Settings.Fallback. It reports whether the primary lacked it. Package fallback brings all. A freeze
// does not keep it from that.
func Bring(ctx context.Context, m *Migration, key Key) (lacked bool, err error) {
	m.bringer.Do(func() {
		m.bringing = m.Method(MethodInfo{Name: "dual.Bring", Kind: KindWrite, Mirror: Copy, Timed: true})
		m.bringing.copies = true
	})
	call, err := m.Begin(m.bringing)
	if err != nil {
		return false, err
	}
	defer call.End()
	c, _ := copierOf(m, key.Kind).(writtenCopier)
	switch {
	case !call.state.fallsBack:
		return false, call.fail(key, ErrNotFallingBack)
	case c == nil || !c.copies():
		return false, call.fail(key, ErrCannotCopy)
	}
	return call.bring(ctx, key)
}
