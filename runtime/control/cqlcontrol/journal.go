package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/gocql/gocql"

	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Journal is a journal.Journal in Cassandra. See the package comment for its layout.
//
// A key and its whole kind are in two partitions, and no transaction spans them. Whoever begins writes his own first and
// looks at the other then, so that of two at least one sees the other. A Begin of a whole kind is pending until it has
// looked at the kind's keys; a Begin of a key waits until that is decided.
type Journal struct {
	*Backend
	process  *process
	logs     convoy[logging]
	removals convoy[removal]
}

func newJournal(b *Backend) *Journal {
	j := &Journal{Backend: b, process: newProcess()}
	j.logs = convoy[logging]{serve: j.serveLogs, lanes: 2, size: 64}
	j.removals = convoy[removal]{serve: j.serveRemovals, lanes: 8, size: 1}
	return j
}

var (
	_ journal.Journal = (*Journal)(nil)
	_ journal.Agreed  = (*Journal)(nil)
)

// wholeOf is the key of the whole kind.
func wholeOf(key journal.Key) journal.Key { return journal.Key{Kind: key.Kind, Whole: true} }

// newToken returns a token of the slow path; the lowest bit says so.
func newToken(owner string) journal.Token { return journal.Token{ID: rand.Uint64() &^ 1, Owner: owner} }

// errAgain: what the key was decided on has changed meanwhile.
var errAgain = errors.New("cqlcontrol: the whole kind turned unclean meanwhile")

// Begin implements journal.Journal.
func (j *Journal) Begin(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	key = canonical(key)
	token := newToken(owner)
	err := j.begin(ctx, key, &token, primary)
	return token, err
}

// begin takes a token on a key or a kind.
func (j *Journal) begin(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store) error {
	if err := j.enter(ctx, key, token.ID); err != nil {
		return err
	}
	var err error
	if key.Whole {
		err = j.beginWhole(ctx, key, token, primary, true)
	} else {
		err = j.beginKey(ctx, key, token, primary)
	}
	switch {
	case err == nil:
		return nil
	case errors.Is(err, journal.ErrConflict):
		j.process.drop(token.ID)
	default:
		j.process.owe(key, *token) // it may be there
	}
	*token = journal.Token{}
	return err
}

// enter logs the key of a call that is to take that token.
func (j *Journal) enter(ctx context.Context, key journal.Key, id uint64) error {
	n, err := j.number(ctx, key)
	if err != nil {
		return err
	}
	if err := j.log(ctx, n, key); err != nil {
		j.process.done(n)
		return err
	}
	j.process.hold(id, holding{n: n})
	return nil
}

// beginKey takes a token on one key.
func (j *Journal) beginKey(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store) error {
	for attempt := 0; ; attempt++ {
		err := j.tryKey(ctx, key, token, primary)
		if !errors.Is(err, errAgain) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return fmt.Errorf("cqlcontrol: begin: %w", err)
		}
	}
}

func (j *Journal) tryKey(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store) error {
	whole, err := j.decided(ctx, wholeOf(key))
	if err != nil {
		return err
	}
	fresh := false
	e, err := j.change(ctx, "begin", key, func(e *entry) error {
		if e.holds(token.ID) {
			return errKeep // an attempt without an answer was applied
		}
		fresh = !e.unclean()
		e.adopt(whole, primary)
		if e.active() > 0 || whole.active() > 0 {
			e.body.Dirty = true
		}
		e.put(held{ID: token.ID, Owner: token.Owner}, j.process.sequence())
		return nil
	})
	if err != nil {
		return err
	}
	token.Primary = e.body.Primary
	if whole, err = j.decided(ctx, wholeOf(key)); err != nil {
		return err
	}
	if fresh && whole.unclean() && whole.primary() != token.Primary {
		return orElse(j.remove(ctx, key, token.ID), errAgain)
	}
	now, err := j.read(ctx, key)
	if err != nil || now.body.Dirty || whole.active() == 0 && now.active() <= 1 {
		return err
	}
	return j.markOverlap(ctx, key)
}

// holds reports whether the body has that token.
func (e *entry) holds(id uint64) bool {
	return slices.ContainsFunc(e.body.Tokens, func(h held) bool { return h.ID == id })
}

// adopt sets the body's primary: the entry's, else the whole kind's, else the wanted one.
func (e *entry) adopt(whole entry, wanted phase.Store) {
	switch {
	case e.unclean():
		e.body.Primary = e.primary()
	case whole.unclean():
		e.body.Primary = whole.primary()
	default:
		e.body.Primary = wanted
	}
}

// put adds a token.
func (e *entry) put(h held, seq uint64) {
	e.body.Tokens = append(e.body.Tokens, h)
	e.touch(seq)
}

func (e *entry) touch(seq uint64) { e.body.Seq = max(e.body.Seq+1, seq) }

// dirty makes an entry dirty that exists.
func (e *entry) dirty() {
	e.body.Primary = e.primary()
	e.body.Dirty = true
}

// decided reads a whole kind's entry, once no Begin of it is pending.
func (j *Journal) decided(ctx context.Context, whole journal.Key) (entry, error) {
	for attempt := 0; ; attempt++ {
		e, err := j.read(ctx, whole)
		if err != nil || !e.pending() {
			return e, err
		}
		if err := pause(ctx, attempt); err != nil {
			return e, fmt.Errorf("cqlcontrol: wait for a call on %v to begin: %w", whole, err)
		}
	}
}

// markOverlap makes a key dirty while a token is active on it.
func (j *Journal) markOverlap(ctx context.Context, key journal.Key) error {
	_, err := j.change(ctx, "mark an overlap", key, func(e *entry) error {
		if e.active() == 0 || e.body.Dirty {
			return errKeep
		}
		e.dirty()
		return nil
	})
	return err
}

// remove takes a token back that did nothing.
func (j *Journal) remove(ctx context.Context, key journal.Key, id uint64) error {
	_, err := j.change(ctx, "take a token back", key, func(e *entry) error {
		if _, ok := e.body.remove(id); !ok {
			return errKeep
		}
		return nil
	})
	return err
}

// beginWhole takes a token on a whole kind. Its keys must not be unclean with the other primary; those that are active
// overlap, if it is to mark them.
func (j *Journal) beginWhole(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store, overlaps bool) error {
	e, err := j.change(ctx, "begin", key, func(e *entry) error {
		if e.holds(token.ID) {
			return errKeep
		}
		e.adopt(entry{}, primary)
		e.put(held{ID: token.ID, Owner: token.Owner, Pending: true}, j.process.sequence())
		return nil
	})
	if err != nil {
		return err
	}
	token.Primary = e.body.Primary
	keys, err := j.list(ctx, key.Kind)
	if err != nil {
		return err
	}
	for _, k := range keys {
		if !k.key.Whole && k.primary() != token.Primary {
			return orElse(j.remove(ctx, key, token.ID), journal.ErrConflict)
		}
	}
	if overlaps {
		if err := j.markActive(ctx, keys); err != nil {
			return err
		}
	}
	_, err = j.change(ctx, "begin", key, func(e *entry) error {
		for i := range e.body.Tokens {
			if h := &e.body.Tokens[i]; h.ID == token.ID && h.Pending {
				h.Pending = false
				return nil
			}
		}
		return errKeep
	})
	return err
}

// markActive makes the keys dirty that have a token.
func (j *Journal) markActive(ctx context.Context, keys []entry) error {
	return together(len(keys), func(i int) error {
		if e := keys[i]; !e.key.Whole && e.active() > 0 && !e.body.Dirty {
			return j.markOverlap(ctx, e.key)
		}
		return nil
	})
}

// End implements journal.Journal.
func (j *Journal) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	key = canonical(key)
	if token.ID&1 == 1 {
		return j.endFast(ctx, key, token, clean)
	}
	return j.giveUp(ctx, "end", key, token.ID, func(e *entry, h held) {
		if !clean {
			e.dirty()
		} else if h.Copies {
			e.body.Attempts, e.body.Cause = 0, ""
		}
	})
}

// giveUp removes a token and lets settle alter the entry. If the token is not there, the entry turns dirty if there is
// one, and giveUp returns ErrTokenLost.
func (j *Journal) giveUp(ctx context.Context, what string, key journal.Key, id uint64, settle func(e *entry, h held)) error {
	lost := false
	_, err := j.change(ctx, what, key, func(e *entry) error {
		primary := e.primary()
		h, ok := e.body.remove(id)
		lost = !ok
		switch {
		case ok:
			e.body.Primary = primary
			settle(e, h)
		case e.unclean():
			e.dirty()
		default:
			return errKeep
		}
		e.touch(j.process.sequence())
		return nil
	})
	if err != nil {
		return err
	}
	j.process.drop(id)
	if lost {
		return journal.ErrTokenLost
	}
	return nil
}

// Fail implements journal.Journal.
func (j *Journal) Fail(ctx context.Context, key journal.Key, token journal.Token, cause string, quarantineAfter int) error {
	return j.giveUp(ctx, "count a failed copy", canonical(key), token.ID, func(e *entry, _ held) {
		e.body.Dirty = true
		e.body.Attempts++
		e.body.Cause = cause
		e.body.Quarantined = quarantineAfter > 0 && e.body.Attempts >= quarantineAfter
	})
}

// BeginCopy implements journal.Journal.
func (j *Journal) BeginCopy(ctx context.Context, owner string, key journal.Key, idle time.Duration) (journal.Token, bool, error) {
	key = canonical(key)
	e, err := j.read(ctx, key)
	if err != nil || !e.copyable(idle) {
		return journal.Token{}, false, err
	}
	token := newToken(owner)
	if err := j.enter(ctx, key, token.ID); err != nil {
		return journal.Token{}, false, err
	}
	ok, err := j.beginCopy(ctx, key, &token, idle)
	switch {
	case err != nil:
		j.process.owe(key, token)
	case !ok:
		j.process.drop(token.ID)
	default:
		return token, true, nil
	}
	return journal.Token{}, false, err
}

func (e *entry) copyable(idle time.Duration) bool {
	return e.body.Dirty && e.active() == 0 && !e.body.Quarantined && e.idle() >= idle
}

func (j *Journal) beginCopy(ctx context.Context, key journal.Key, token *journal.Token, idle time.Duration) (bool, error) {
	if busy, err := j.kindBusy(ctx, key); err != nil || busy {
		return false, err
	}
	e, err := j.change(ctx, "begin a copy", key, func(e *entry) error {
		if e.holds(token.ID) || !e.copyable(idle) {
			return errKeep
		}
		e.body.Dirty = false
		e.put(held{ID: token.ID, Owner: token.Owner, Copies: true}, j.process.sequence())
		return nil
	})
	if err != nil || !e.holds(token.ID) {
		return false, err
	}
	token.Primary = e.body.Primary
	if key.Whole {
		keys, err := j.list(ctx, key.Kind)
		if err != nil {
			return false, err
		}
		return true, j.markActive(ctx, keys)
	}
	// Who began meanwhile without a lightweight transaction may not have seen this copy.
	now, err := j.read(ctx, key)
	if err != nil {
		return false, err
	}
	busy, err := j.kindBusy(ctx, key)
	if err != nil || !busy && len(now.fast) == 0 {
		return err == nil, err
	}
	return false, ignoreLost(j.giveUp(ctx, "give a copy up", key, token.ID, func(e *entry, _ held) { e.body.Dirty = true }))
}

// kindBusy reports whether a token is active on the key's whole kind.
func (j *Journal) kindBusy(ctx context.Context, key journal.Key) (bool, error) {
	if key.Whole {
		return false, nil
	}
	whole, err := j.decided(ctx, wholeOf(key))
	return whole.active() > 0, err
}

// Lookup implements journal.Journal.
func (j *Journal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	key = canonical(key)
	found := make([]entry, 2)
	keys := []journal.Key{key, wholeOf(key)}
	err := together(2, func(i int) (err error) {
		found[i], err = j.read(ctx, keys[i])
		return err
	})
	if err != nil {
		return journal.Entry{}, false, err
	}
	for _, e := range found {
		if e.unclean() {
			return e.export(), true, nil
		}
	}
	return journal.Entry{}, false, nil
}

// Incarnation implements journal.Journal.
func (j *Journal) Incarnation(ctx context.Context) (string, error) {
	var incarnation gocql.UUID
	err := j.serialRead(ctx, `SELECT incarnation FROM {meta} WHERE migration = ?`, j.options.Migration).Scan(&incarnation)
	if errors.Is(err, gocql.ErrNotFound) {
		return "", fmt.Errorf("cqlcontrol: read the incarnation: %w (run Migrate first)", err)
	}
	if err != nil {
		return "", fmt.Errorf("cqlcontrol: read the incarnation: %w", err)
	}
	return incarnation.String(), nil
}

// orElse returns err, or the other if there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func ignoreLost(err error) error {
	if errors.Is(err, journal.ErrTokenLost) {
		return nil
	}
	return err
}
