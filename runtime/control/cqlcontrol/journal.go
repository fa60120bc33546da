package cqlcontrol

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

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
	table
	process    *process
	logs       convoy
	teller     teller
	ended      func() // tells the others, some time later
	dispersing atomic.Bool
	chores     chores
	gone       gone
	silent     silent
	behind     sync.WaitGroup
	turns      turns
}

func newJournal(b *Backend) *Journal {
	j := &Journal{Backend: b, process: newProcess(), turns: turns{together: together, pause: pause, wait: pause}}
	j.table = cqlTable{j}
	j.logs = convoy{serve: j.serveLogs, lanes: 2, size: 64}
	j.teller = teller{tell: func(ctx context.Context) error { return j.tell(ctx, j.process.position()) }, stop: make(chan struct{})}
	j.ended = j.teller.ended
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
	if err := j.holds(key); err != nil {
		return journal.Token{}, err
	}
	token := newToken(owner)
	err := j.begin(ctx, key, &token, primary)
	return token, err
}

// begin takes a token on a key or a kind.
func (j *Journal) begin(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store) error {
	if err := j.enter(ctx, key, *token); err != nil {
		return err
	}
	var err error
	if key.Whole {
		err = j.beginWhole(ctx, key, token, primary, true)
	} else {
		err = j.beginKey(ctx, key, token, primary, 0)
	}
	return j.begun(ctx, key, token, err)
}

// begun takes note of what became of a token that a call was to take.
func (j *Journal) begun(ctx context.Context, key journal.Key, token *journal.Token, err error) error {
	if err == nil {
		err = j.taken(ctx, token.Owner)
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

// taken is called once a token is taken, and before its call knows. The lease may have run out meanwhile, and the process may have
// been taken for silent, whose calls nobody looks for.
func (j *Journal) taken(ctx context.Context, owner string) error {
	if err := j.admit(ctx, owner); err != nil || j.process.lists.alive() {
		return err
	}
	return j.tellAll(ctx)
}

// enter logs the key of a call that is to take that token.
func (j *Journal) enter(ctx context.Context, key journal.Key, token journal.Token) error {
	n, err := j.number(ctx, key)
	if err != nil {
		return err
	}
	if err := j.log(ctx, n, key); err != nil {
		j.process.done(n)
		return err
	}
	j.process.hold(token.ID, holding{n: n, owner: token.Owner})
	if err := j.admit(ctx, token.Owner); err != nil {
		j.process.drop(token.ID)
		return err
	}
	return nil
}

// held is how a token of this process stands in a body.
func (j *Journal) held(token journal.Token, h held) held {
	h.ID, h.Owner, h.Process = token.ID, token.Owner, j.process.id
	return h
}

// beginKey takes a token on one key. The token own of its whole kind, if any, is the call's own, and does not overlap it.
func (j *Journal) beginKey(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store, own uint64) error {
	for attempt := 0; ; attempt++ {
		err := j.tryKey(ctx, key, token, primary, own)
		if !errors.Is(err, errAgain) {
			return err
		}
		if err := j.turns.pause(ctx, attempt); err != nil {
			return fmt.Errorf("cqlcontrol: begin: %w", err)
		}
	}
}

func (j *Journal) tryKey(ctx context.Context, key journal.Key, token *journal.Token, primary phase.Store, own uint64) error {
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
		if e.active() > 0 || whole.others(own) > 0 {
			e.body.Dirty = true
		}
		e.put(j.held(*token, held{}), j.process.sequence())
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
	if err != nil || now.body.Dirty || whole.others(own) == 0 && now.active() <= 1 {
		return err
	}
	return j.markOverlap(ctx, key)
}

// holds reports whether the body has that token.
func (e *entry) holds(id uint64) bool {
	return slices.ContainsFunc(e.body.Tokens, func(h held) bool { return h.ID == id })
}

// others counts the active tokens but that one.
func (e *entry) others(id uint64) int {
	if e.holds(id) {
		return e.active() - 1
	}
	return e.active()
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
	e.calm = true
	e.body.Tokens = append(e.body.Tokens, h)
	e.touch(seq)
}

func (e *entry) touch(seq uint64) { e.body.Seq = max(e.body.Seq+1, seq) }

// dirty makes an entry dirty that exists.
func (e *entry) dirty() {
	e.body.Primary = e.primary()
	e.body.Dirty = true
}

// markOverlap makes a key dirty while a token is active on it.
func (j *Journal) markOverlap(ctx context.Context, key journal.Key) error {
	_, err := j.change(ctx, "mark an overlap", key, func(e *entry) error {
		if e.active() == 0 || e.body.Dirty {
			return errKeep
		}
		e.dirty()
		e.calm = true
		return nil
	})
	return err
}

// Lookup implements journal.Journal.
func (j *Journal) Lookup(ctx context.Context, key journal.Key) (journal.Entry, bool, error) {
	key = canonical(key)
	// The kind first, and the key then: whoever makes the kind clean has marked its keys before, or has a token on the key
	// that he wrote.
	whole, err := j.read(ctx, wholeOf(key))
	if err != nil || key.Whole || j.tooLong(key) { // what the tables cannot hold has no entry of its own
		return whole.found(err)
	}
	e, err := j.read(ctx, key)
	if err == nil && !e.unclean() {
		e = whole
	}
	return e.found(err)
}

// found is the result of a Lookup.
func (e *entry) found(err error) (journal.Entry, bool, error) {
	if err != nil || !e.unclean() {
		return journal.Entry{}, false, err
	}
	return e.export(), true, nil
}

// Incarnation implements journal.Journal.
func (j *Journal) Incarnation(ctx context.Context) (string, error) {
	var incarnation gocql.UUID
	if err := j.readMeta(ctx, "incarnation", &incarnation); err != nil {
		return "", fmt.Errorf("cqlcontrol: read the incarnation: %w", err)
	}
	return incarnation.String(), nil
}

// readMeta reads a column of the migration's row, which it adds if the tables were made by hand.
func (j *Journal) readMeta(ctx context.Context, column string, dest any) error {
	read := func() error {
		return patiently(ctx, func() error {
			return j.serialRead(ctx, `SELECT `+column+` FROM {meta} WHERE migration = ?`, j.options.Migration).Scan(dest)
		})
	}
	err := read()
	if !errors.Is(err, gocql.ErrNotFound) {
		return err
	}
	if err := j.addMeta(ctx); err != nil {
		return err
	}
	return read()
}

// orElse returns err, or the other if there is none.
func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
