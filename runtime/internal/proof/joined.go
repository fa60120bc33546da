package proof

import (
	"context"
	"errors"
	"time"

	"github.com/dualgen/dualgen/runtime/internal/explore"
	"github.com/dualgen/dualgen/runtime/journal"
	"github.com/dualgen/dualgen/runtime/phase"
)

// Joints are the tokens that stores take in their own transactions, by the numbers that calls know them by: a journal of
// sqlcontrol names a token before it is in the table.
type Joints struct {
	s      *explore.Scheduler
	memory *journal.Memory
	open   []*joint
}

// firstJoint keeps the numbers of joints apart from the journal's own tokens.
const firstJoint = 1 << 40

// joint is one of them.
type joint struct {
	call  *journal.Joint
	key   journal.Key
	named journal.Token // as the call knows it
	taken journal.Token // the journal's own, once the store's transaction was committed
	over  bool          // the call has ended it
}

// joinStatement stands for the statement that a store runs.
const joinStatement = "take the token"

// errOtherWay ends a store's transaction on a key that is unclean in the other direction.
var errOtherWay = errors.New("the key is unclean with the other store for its primary")

// Joining is a Journal that joins the primary's transaction, as sqlcontrol does on Postgres.
type Joining struct {
	*Journal
	joints *Joints
}

var _ journal.Agreed = Joining{}

// BeginAgreed implements journal.Agreed.
func (j Joining) BeginAgreed(ctx context.Context, owner string, key journal.Key, primary phase.Store) (journal.Token, error) {
	call := journal.JointOf(ctx)
	if call == nil {
		return j.Begin(ctx, owner, key, primary)
	}
	n := len(j.joints.open)
	token := journal.Token{ID: firstJoint + uint64(n), Owner: owner, Primary: primary}
	j.joints.open = append(j.joints.open, &joint{call: call, key: key, named: token})
	call.Fill(joinStatement, n)
	return token, nil
}

// take is the statement: what the store's transaction does to the journal's table.
func (s *Joints) take(n int) error {
	t := s.open[n]
	ctx := context.Background()
	if entry, unclean, _ := s.memory.Lookup(ctx, t.key); unclean && entry.Primary != t.named.Primary { // in memory: never fails
		return errOtherWay
	}
	token, err := s.memory.Begin(ctx, t.named.Owner, t.key, t.named.Primary)
	t.taken = token
	return err
}

// End implements journal.Journal. A token that is not there because its transaction did not commit is not missed by a
// call that failed.
func (j Joining) End(ctx context.Context, key journal.Key, token journal.Token, clean bool) error {
	if token.ID < firstJoint {
		return j.Journal.End(ctx, key, token, clean)
	}
	t := j.joints.open[token.ID-firstJoint]
	effect, failed := strike(j.s, j.name("End joint", key), journalKey(key, true), j.faults)
	if !effect {
		return failed
	}
	t.over = true
	if t.taken == (journal.Token{}) && t.call.Asked() && !clean {
		return failed
	}
	err := j.inner.End(ctx, key, t.taken, clean)
	t.taken = journal.Token{}
	if failed != nil {
		return failed
	}
	return err
}

// EndMany implements journal.Journal: retries end tokens by it.
func (j Joining) EndMany(ctx context.Context, keys []journal.Key, tokens []journal.Token, clean bool) error {
	var errs []error
	for i, key := range keys {
		errs = append(errs, j.End(ctx, key, tokens[i], clean))
	}
	return errors.Join(errs...)
}

// Renew implements journal.Journal. It also ends the strays: tokens of transactions that committed after their calls had
// given up.
func (j Joining) Renew(ctx context.Context, owner string, ttl time.Duration) error {
	if err := j.Journal.Renew(ctx, owner, ttl); err != nil {
		return err
	}
	for _, t := range j.joints.open {
		if t.over && t.named.Owner == owner && t.taken != (journal.Token{}) {
			j.s.Touch(journalKey(t.key, true))
			_ = j.inner.End(ctx, t.key, t.taken, false) // lost, if it was ended before
			t.taken = journal.Token{}
		}
	}
	return nil
}

// joined is a change of one row by a store that may join the journal.
func (r *Store) joined(ctx context.Context, what string, f explore.Footprint, effect func()) error {
	n, ok := r.joints.statement(ctx)
	if !ok {
		return r.write(what, f, effect)
	}
	token := journalKey(r.joints.open[n].key, true)
	if r.apart {
		if err := r.write(what, f, effect); err != nil {
			return err
		}
		return r.write(what+": the journal's statement, later", token, func() { _ = r.joints.take(n) })
	}
	f.Reads |= token.Reads
	f.Writes |= token.Writes
	var refused error
	err := r.write(what+" with the journal's statement", f, func() {
		if refused = r.joints.take(n); refused == nil {
			effect()
		}
	})
	return errors.Join(refused, err)
}

// statement returns the number of the joint whose statement the call is to run.
func (s *Joints) statement(ctx context.Context) (int, bool) {
	if s == nil {
		return 0, false
	}
	_, args, ok := journal.Statement(ctx)
	if !ok {
		return 0, false
	}
	return args[0].(int), true
}
