package dual

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/dualgen/dualgen/runtime/journal"
)

// attempt is one write on its way: its tokens, and what is still to be done.
type attempt struct {
	call    Call
	keys    []Key // of several; nil for one
	tokens  []journal.Token
	key     Key
	token   journal.Token
	joint   *journal.Joint // nil: the token was taken before the primary's call
	primary Store
	how     mirroring
	open    bool // tokens are held
	unclean bool // whatever the mirror says, the key stays dirty: it names a whole kind
	inTx    bool // it is one of a transaction's: no joint, and no waiting here
	listed  bool // the keys of the kind are listed: those that other calls touch meanwhile must turn dirty
	void    bool // the journal could not be reached, and the write goes on without

	onMirror bool // the mirror is being written by the caller itself
}

// mirroring is how a write's mirror runs.
type mirroring uint8

const (
	mirrorNone     mirroring = iota // primary only
	mirrorInline                    // replayed after the primary
	mirrorParallel                  // replayed beside the primary
	mirrorAsync                     // replayed after the caller was answered
	mirrorCopy                      // copied after the primary
	mirrorCopyLate                  // copied after the caller was answered
	mirrorQueued                    // left to the reconciler
)

// conflictPatience bounds the wait for keys that are unclean in opposite directions, beyond the settle window: so long the
// reconciler leaves them alone.
const conflictPatience = 5 * time.Second

// begin takes the token of a write on one key. Call and key are set already: copied once more, they are a tenth of an
// inline write's cost.
func (a *attempt) begin(ctx context.Context) error {
	a.primary = a.call.storeOf(a.key)
	if !a.call.journaled() {
		return nil
	}
	if err := a.ready(ctx); err != nil {
		return err
	}
	token, err := a.take(ctx)
	if err != nil {
		if errors.Is(err, journal.ErrConflict) && !a.inTx {
			token, err = a.insist(ctx)
		}
		if err != nil {
			return a.unjournaled(ctx, err)
		}
	}
	a.token, a.primary, a.open = token, token.Primary, true
	a.plan(a.key.Whole)
	if a.call.state.lease == nil {
		return nil
	}
	return a.admitted()
}

// ready brings the write's keys where reads fall back, and lets the copies of them pass that are held for one. A transaction does not
// wait: it holds the primary's locks.
func (a *attempt) ready(ctx context.Context) error {
	if a.call.state.fallsBack {
		if err := bringAll(ctx, a); err != nil {
			return err
		}
	}
	turns := a.call.state.migration.turns
	if turns.held.Load() == nil || a.inTx {
		return nil
	}
	if err := turns.wait(ctx, a.all()...); err != nil {
		return a.call.fail(a.key, err)
	}
	return nil
}

// beginMany takes the tokens of a write on several keys.
func (a *attempt) beginMany(ctx context.Context, c Call, keys []Key) error {
	a.call, a.primary = c, c.storeOfAll(keys)
	if !c.journaled() || len(keys) == 0 {
		return nil // a write on no keys changes nothing
	}
	keys = distinct(keys)
	a.keys, a.key = keys, Key{Kind: keys[0].Kind} // the key is for messages
	if err := a.ready(ctx); err != nil {
		return err
	}
	var tokens []journal.Token
	begin := func() (err error) {
		tokens, err = beginAll(ctx, a)
		return err
	}
	err := begin()
	if errors.Is(err, journal.ErrConflict) && !a.inTx {
		err = c.patiently(ctx, begin)
	}
	if err != nil {
		return a.unjournaled(ctx, err)
	}
	a.tokens, a.primary, a.open = tokens, tokens[0].Primary, true
	a.plan(a.whole())
	return a.admitted()
}

// admitted refuses a write whose instance lost its lease while it took the token: the token may be gone already, and
// then nobody would know of what the primary is sent now.
func (a *attempt) admitted() error {
	lost := a.call.fenced()
	if lost == nil {
		return nil
	}
	_ = a.end(true) // no store was touched
	return a.call.fail(a.key, lost)
}

// insist begins again while the key conflicts with its kind.
func (a *attempt) insist(ctx context.Context) (token journal.Token, err error) {
	err = a.call.patiently(ctx, func() (err error) {
		token, err = a.takePlain(ctx)
		return err
	})
	return token, err
}

// whole reports whether the write names a whole kind.
func (a *attempt) whole() bool {
	return a.key.Whole || slices.ContainsFunc(a.keys, func(key Key) bool { return key.Whole })
}

// journaled reports whether the call needs a token.
func (c *Call) journaled() bool { return c.state.mirrored && c.method.class == classWrite }

// patiently repeats begin while it conflicts: the reconciler is at work.
func (c *Call) patiently(ctx context.Context, begin func() error) error {
	m := c.state.migration
	until := m.hooks.Now().Add(m.Settle() + conflictPatience)
	for wait := 5 * time.Millisecond; m.hooks.Now().Before(until); wait = min(2*wait, 200*time.Millisecond) {
		if err := m.hooks.Sleep(ctx, m.hooks.Jitter(wait)); err != nil {
			return err
		}
		if err := begin(); !errors.Is(err, journal.ErrConflict) {
			return err
		}
	}
	return journal.ErrConflict
}

// unjournaled decides about a write whose Begin failed: nil lets it go on.
func (a *attempt) unjournaled(ctx context.Context, err error) error {
	c := &a.call
	if errors.Is(err, journal.ErrConflict) {
		return c.fail(a.key, ErrBusy, err)
	}
	if errors.Is(err, journal.ErrKeyTooLong) {
		return c.fail(a.key, err) // the caller's fault, not the journal's
	}
	m := c.state.migration
	// Begin may have had its effect: a token that nobody knows of is left behind with its owner.
	m.follower.changeOwner(c.state.owner)
	if ctxErr := ctx.Err(); ctxErr != nil {
		return c.fail(a.key, ErrJournalUnavailable, err)
	}
	m.journalFault(ctx, c.method, err)
	if c.state.guarded {
		return c.fail(a.key, ErrJournalUnavailable, err)
	}
	a.void = true
	c.method.unjournaled.Add(1)
	m.follower.voidParity()
	a.plan(a.whole())
	return nil
}

// plan decides how the mirror runs.
func (a *attempt) plan(whole bool) {
	st, copies := a.call.state, a.call.method.info.Mirror == Copy
	a.unclean = whole && !st.migration.hooks.Off.NoKindMark
	switch {
	case copies && whole && !a.namesSome():
		a.how = mirrorNone
	case st.queued && !whole:
		a.how = mirrorQueued
	case copies && st.async:
		a.how = mirrorCopyLate
	case copies:
		a.how = mirrorCopy
	case st.async:
		a.how = mirrorAsync
	case st.parallel && (a.primary == st.primary || st.guarded):
		a.how = mirrorParallel
	default:
		a.how = mirrorInline
	}
}

// decided takes the primary's answer. It returns the error that ends the call, or nil if the mirror is to be written.
func (a *attempt) decided(ctx context.Context, err error) error {
	if err == nil && a.joint == nil && a.call.state.lease == nil {
		return nil // in line with the caller
	}
	return a.judge(ctx, err)
}

// judge is the part of decided that not every write needs.
func (a *attempt) judge(ctx context.Context, err error) error {
	if err != nil {
		a.primaryFailed(ctx, err)
		return err
	}
	if a.joint != nil {
		a.checkJoint()
	}
	if a.call.state.lease == nil {
		return nil
	}
	if lost := a.call.fenced(); lost != nil {
		a.call.method.unknown.Add(1)
		_ = a.end(false) // the outcome is unknown in any case
		return a.call.fail(a.key, ErrUnknown, lost)
	}
	return nil
}

// primaryFailed ends the token of a write whose primary returned an error, which may hide an effect.
func (a *attempt) primaryFailed(ctx context.Context, err error) {
	noEffect := a.call.method.info.NoEffect
	// A joint's token is not there after a rollback, and is not missed by an End that is not clean.
	clean := noEffect != nil && noEffect(err) && !a.unclean && a.joint == nil
	if clean || !a.settleRefused(ctx, err) {
		_ = a.end(clean) // the caller gets the primary's error
	}
}

// mirrored takes the mirror's answer and ends the call.
func (a *attempt) mirrored(ctx context.Context, err error) error {
	a.onMirror = false
	a.count(ctx, err)
	clean := err == nil || a.overlapped(ctx, err)
	if clean && a.unclean && a.namesSome() {
		return errors.Join(a.endNamed(), a.end(false))
	}
	return a.end(clean && !a.unclean)
}

// namesSome reports whether a write on several kinds names keys beside whole kinds.
func (a *attempt) namesSome() bool {
	return slices.ContainsFunc(a.keys, func(key Key) bool { return !key.Whole })
}

// endNamed ends the tokens of the keys that a write names: they agree, whatever is unknown of the whole kinds that it touched too. The
// tokens of those are left.
func (a *attempt) endNamed() error {
	named, whole := *a, *a
	named.keys, named.tokens, whole.keys, whole.tokens = nil, nil, nil, nil
	for i, key := range a.keys {
		to := &named
		if key.Whole {
			to = &whole
		}
		to.keys = append(to.keys, key)
		if a.open {
			to.tokens = append(to.tokens, a.tokens[i])
		}
	}
	err := named.end(true)
	a.keys, a.tokens = whole.keys, whole.tokens
	return err
}

// count counts and logs what became of the mirror.
func (a *attempt) count(ctx context.Context, err error) {
	if a.how == mirrorNone {
		return
	}
	if err == nil {
		a.call.slot.mirrored.Add(1)
		return
	}
	a.call.method.mirrorFailed.Add(1)
	a.call.state.migration.logMirror(ctx, a, err)
}

// absent reports whether a mirror's error means that a delete found nothing to delete.
func (a *attempt) absent(err error) bool {
	info := &a.call.method.info
	return info.Kind == KindDelete && info.Absent != nil && info.Absent(err)
}

// settle ends what did not come to its end: a panic of the mirror is a failure of the mirror, and any other passes on. It
// is deferred itself, as recover demands.
func (a *attempt) settle(ctx context.Context, err *error) {
	if a.onMirror {
		if value := recover(); value != nil {
			*err = a.mirrored(ctx, panicked(value))
			return
		}
	}
	a.abandon()
}

// abandon ends the token of a write that never came to its end: a panic, or the goroutine's exit.
func (a *attempt) abandon() {
	if a.open {
		_ = a.end(false) // nobody is left to hear of it
	}
	if a.void {
		a.call.state.migration.follower.voidParity()
	}
}

// end gives the tokens up. It returns ErrUnknown if one of them had been taken away.
func (a *attempt) end(clean bool) error {
	if !a.open {
		return nil
	}
	a.open = false
	m := a.call.state.migration
	ctx := m.deadlines.latest()
	var err error
	if a.keys == nil {
		err = m.journal.End(ctx, a.key, a.token, clean)
	} else {
		err = m.journal.EndMany(ctx, a.keys, a.tokens, clean)
	}
	if err == nil {
		return nil
	}
	return a.endFailed(ctx, clean, err)
}

func (a *attempt) endFailed(ctx context.Context, clean bool, err error) error {
	m := a.call.state.migration
	if !errors.Is(err, journal.ErrTokenLost) {
		m.journalFault(ctx, a.call.method, err)
		m.retries.add(a, clean)
		return nil
	}
	m.follower.markLater(a.all())
	a.call.method.unknown.Add(1)
	return a.call.fail(a.key, ErrUnknown, err)
}

// all returns the keys of the write.
func (a *attempt) all() []Key {
	if a.keys == nil {
		return []Key{a.key}
	}
	return a.keys
}
