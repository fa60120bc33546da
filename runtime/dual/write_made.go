package dual

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"

	"github.com/dualgen/dualgen/runtime/journal"
)

// WriteMade runs a write whose key the primary makes: a serial number, an id that it fills in. keyOf finds the key in the
// results, or in the arguments where the primary put it. The mirror is a copy under that key.
//
// The whole kind is unclean until the key is known. If the primary fails, an entity may exist under a key that nobody
// knows, so that the kind stays unclean until a verify pass repaired it, unless the method's NoEffect knows better. So it does
// where the key is a zero value afterwards, and the primary holds nothing under it, or what it held before: the store did not tell
// which key it made.
func WriteMade[R, A, V any](ctx context.Context, call Call, stores *[2]R, kind string, args A, keyOf func(V, A) Key,
	do func(ctx context.Context, store R, args A) (V, error),
) (V, error) {
	if tx := call.state.tx; tx != nil {
		return writeMadeInside(ctx, tx, call, stores, kind, args, keyOf, do)
	}
	whole := attempt{call: call, key: Key{Kind: kind, Whole: true}, primary: call.wholeStore()}
	since := call.start()
	if !call.state.migration.hooks.Off.NoMadeToken {
		if err := whole.begin(ctx); err != nil {
			var none V
			return none, call.answered(ctx, since, err)
		}
	}
	defer whole.abandon()
	whole.unclean = false
	telling := lookBefore(ctx, &whole, args, func(none V) []Key { return []Key{keyOf(none, args)} })
	sent := call.start()
	value, err := do(ctx, stores[whole.primary], args)
	call.took(ctx, sent, whole.primary, RolePrimary, err)
	if err := whole.decided(ctx, err); err != nil {
		return value, call.answered(ctx, since, err)
	}
	if !call.journaled() {
		return value, call.answered(ctx, since, nil)
	}
	return value, call.answered(ctx, since, whole.made(ctx, telling, keyOf(value, args)))
}

// made hands the whole kind's token over to the key that was made, and copies the entity.
func (a *attempt) made(ctx context.Context, telling telling, key Key) error {
	c := a.call
	if a.void {
		return a.copyMade(ctx, &attempt{call: c, key: key, primary: a.primary, how: mirrorCopy})
	}
	if telling.untold(ctx, a, key) {
		return a.end(false) // a verify pass will find the new entity
	}
	one, err := a.handOver(ctx, key)
	if err != nil {
		return a.notHandedOver(ctx, err)
	}
	defer one.abandon()
	if err := a.end(true); err != nil { // where the two tokens overlap
		return errors.Join(err, one.end(false))
	}
	return a.copyMade(ctx, &one)
}

// handOver takes the token of the key that was made. A journal with Handover gives the whole kind's up in the same step.
func (a *attempt) handOver(ctx context.Context, key Key) (attempt, error) {
	st := a.call.state
	m := st.migration
	ctx = m.deadlines.detach(ctx)
	one := attempt{call: a.call, key: key, how: mirrorCopy, inTx: a.inTx}
	var err error
	if m.hands != nil && a.open {
		one.token, err = m.hands.Handover(ctx, st.owner, a.token, key)
		a.open = err != nil
	} else {
		one.token, err = m.journal.Begin(ctx, st.owner, key, a.primary)
	}
	if err == nil {
		one.primary, one.open = one.token.Primary, true
	}
	return one, err
}

// notHandedOver ends a write whose key got no token: the kind stays unclean, and a verify pass will find the new entity.
func (a *attempt) notHandedOver(ctx context.Context, err error) error {
	m := a.call.state.migration
	if errors.Is(err, journal.ErrTokenLost) {
		a.open = false
		return a.endFailed(ctx, false, err)
	}
	m.follower.changeOwner(a.call.state.owner)
	m.journalFault(ctx, a.call.method, err)
	return a.end(false)
}

func (a *attempt) copyMade(ctx context.Context, one *attempt) error {
	if a.call.state.queued {
		one.how = mirrorQueued
	} else if a.call.state.async {
		one.how = mirrorCopyLate
	}
	return one.copied(ctx)
}

// telling is what is known before a write of whether its store will tell the key that it makes. The zero telling knows nothing.
type telling struct {
	foreseen []Key            // the keys that look untold, as they are if the store fills in none
	held     map[Key]standing // what the primary held of these; nil where nobody looked
	given    any              // the write's arguments
	inTx     bool             // a transaction made it, and nobody could look before
}

// standing is what a primary held of a key.
type standing struct {
	row   Row
	found bool
	err   error
}

// lookBefore looks what the primary holds of the keys that a write has if its store tells none: an INSERT without RETURNING leaves the ID at
// 0. What stands under that key already was not made by the write. A store that was seen to tell its keys is not looked at.
func lookBefore[V any](ctx context.Context, a *attempt, args any, keys func(none V) []Key) telling {
	m := a.call.state.migration
	if !a.call.journaled() || m.hooks.Off.NoUntold {
		return telling{}
	}
	t := telling{foreseen: foresee(keys), given: args}
	if len(t.foreseen) == 0 || a.call.method.tells[a.primary].Load() {
		return t
	}
	t.held = map[Key]standing{}
	for _, key := range t.foreseen {
		t.held[key] = stands(a.detach(ctx), m, key, a.primary)
	}
	return t
}

// foresee returns the keys of a write that look untold before it was made. None are known where they are read from a result behind a pointer.
func foresee[V any](keys func(none V) []Key) (all []Key) {
	defer func() {
		if recover() != nil {
			all = nil
		}
	}()
	var none V
	return slices.DeleteFunc(keys(none), func(key Key) bool { return !looksUntold(key) })
}

// untold reports, and logs, that a store did not say which key it made, or that nobody can tell whether it did. A copy under that key would
// find nothing, or another entity, and what was acknowledged would stay in one store. But an entity may rightly stand under the key 0. So the
// primary is asked, before and after.
func (t telling) untold(ctx context.Context, a *attempt, keys ...Key) bool {
	m := a.call.state.migration
	if m.hooks.Off.NoUntold {
		return false
	}
	doubtful := slices.DeleteFunc(slices.Clone(keys), func(key Key) bool { return !looksUntold(key) || t.told(key) })
	if len(doubtful) == 0 && len(t.foreseen) > 0 {
		a.call.method.tells[a.primary].Store(true)
	}
	if !slices.ContainsFunc(doubtful, func(key Key) bool { return !t.made(a.detach(ctx), a, key) }) {
		return false
	}
	if suppressed, ok := a.call.method.mayLog(m.hooks.Now()); ok {
		m.config.Logger.LogAttrs(ctx, slog.LevelError, eventUntold, slog.String("method", a.call.method.info.Name), slog.String("kind", a.key.Kind),
			slog.String("what", "the store made an entity and did not say under which key: the kind stays unclean until verify --repair has found it"),
			slog.Int64("suppressed", suppressed))
	}
	return true
}

// told reports whether a key is another than the one that a store leaves where it tells none.
func (t telling) told(key Key) bool { return len(t.foreseen) > 0 && !slices.Contains(t.foreseen, key) }

// made reports whether the primary holds what the write made under a key that looks untold, or nobody can look, so that the copy fails.
func (t telling) made(ctx context.Context, a *attempt, key Key) bool {
	m := a.call.state.migration
	c := copierOf(m, key.Kind)
	if c == nil || !c.(writtenCopier).copies() {
		return true
	}
	after := stands(ctx, m, key, a.primary)
	switch before, looked := t.held[key]; {
	case !after.found || after.err != nil:
		return false // a get that fails has found none
	case !looked && t.inTx: // most parts of a key are the caller's, and so is what is stored over another
		return strings.Contains(key.ID, "/") || a.call.method.info.Mirror == Replay
	case !looked:
		return len(t.foreseen) == 0 // a store that tells keys has told none
	case before.err != nil:
		return false
	case !before.found:
		return true
	case a.call.method.info.Mirror != Replay:
		return false // a create stores over nothing
	default:
		return !c.Same(before.row, after.row) || c.(writtenCopier).isGiven(t.given, after.row)
	}
}

// looksUntold reports whether a part of a key is a zero value: "", 0, a UUID of zeros.
func looksUntold(key Key) bool {
	return !key.Whole && slices.ContainsFunc(strings.Split(key.ID, "/"), func(part string) bool { return strings.Trim(part, "0-") == "" })
}

// stands reads an entity of a key in a store. Nothing stands where nobody can look.
func stands(ctx context.Context, m *Migration, key Key, store Store) (s standing) {
	c := copierOf(m, key.Kind)
	if c == nil || !c.(writtenCopier).copies() {
		return s
	}
	defer recoverTo(&s.err)
	s.row, s.found, s.err = c.Row(ctx, store, key)
	return s
}
