package dual

import (
	"context"
	"errors"

	"github.com/dualgen/dualgen/runtime/journal"
)

// errNotJoined: a store that is said to join the journal did not ask for its statement, so that the write was not
// journaled.
var errNotJoined = errors.New("dualgen: the store is in Config.Joins, and its method did not run journal.Statement")

// take asks the journal for the token of a write on one key. Outside the guarded phases no live instance brings the other
// primary, which a journal may make use of; and the token may be taken by the primary's own transaction.
func (a *attempt) take(ctx context.Context) (journal.Token, error) {
	st := a.call.state
	m := st.migration
	if m.agreed == nil || st.guarded || a.key.Whole {
		return a.takePlain(ctx)
	}
	if m.config.Joins[st.primary] && !st.parallel && !a.inTx { // beside the primary, the mirror could be written without a token
		a.joint = new(journal.Joint)
		ctx = journal.WithJoint(ctx, a.joint)
	}
	return m.agreed.BeginAgreed(ctx, st.owner, a.key, st.primary)
}

// takePlain is take without what only some phases allow.
func (a *attempt) takePlain(ctx context.Context) (journal.Token, error) {
	st := a.call.state
	m := st.migration
	if a.listed && m.watches != nil {
		return m.watches.BeginWatching(ctx, st.owner, a.key, a.primary)
	}
	return m.journal.Begin(ctx, st.owner, a.key, a.primary)
}

// withJoint returns the context of the primary's call.
func (a *attempt) withJoint(ctx context.Context) context.Context {
	if a.joint == nil {
		return ctx
	}
	return journal.WithJoint(ctx, a.joint)
}

// checkJoint takes note of a primary that was written without the journal's statement: parity is void.
func (a *attempt) checkJoint() {
	if a.joint == nil || a.joint.Asked() || !a.joint.Filled() {
		return
	}
	m := a.call.state.migration
	m.journalFault(m.deadlines.shared(), a.call.method, errNotJoined)
	a.call.method.unjournaled.Add(1)
	m.follower.voidParity()
}
