package journal

import (
	"context"
	"sync"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Agreed is an optional part of a Journal: a cheaper Begin for a caller that knows that no live instance may bring the
// other primary. Outside the guarded phases that is so: only adjacent phases are ever live, and the step between the
// guarded phases, in which the direction changes, has guarded phases on both its sides.
type Agreed interface {
	// BeginAgreed is Begin of a key, not of a whole kind, that may leave out whatever decides between two directions, and, of a
	// journal that is Watching, the overlap with a token on the whole kind. It may take no token by itself if the context
	// carries a Joint: it fills that, and the token is taken with the primary's transaction. End then returns ErrTokenLost
	// unless the store asked for the Joint's statement.
	BeginAgreed(ctx context.Context, owner string, key Key, primary phase.Store) (Token, error)
}

// Joint carries a journal's statement to a store that runs it in its own transaction, before the first statement that
// touches data: the token is there if and only if the data is.
type Joint struct {
	mu    sync.Mutex
	query string
	args  []any
	asked bool
}

// Fill puts the journal's statement in.
func (j *Joint) Fill(query string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.query, j.args = query, args
}

// Asked reports whether the store asked for the statement.
func (j *Joint) Asked() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.asked
}

// Filled reports whether the journal left the token to the store.
func (j *Joint) Filled() bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.query != ""
}

type jointKey struct{}

// WithJoint returns a context that carries the joint to the primary's store.
func WithJoint(ctx context.Context, joint *Joint) context.Context {
	return context.WithValue(ctx, jointKey{}, joint)
}

// JointOf returns the joint that the context carries, or nil.
func JointOf(ctx context.Context) *Joint {
	joint, _ := ctx.Value(jointKey{}).(*Joint)
	return joint
}

// Statement is for the methods of a store that joins: the statement to run first in the method's transaction, or in a
// pipelined batch before the data's statement, and its arguments. It returns false where nothing is to be joined. Its
// result, one row, can be ignored; its error must end the transaction.
//
//	batch := &pgx.Batch{}
//	if query, args, ok := journal.Statement(ctx); ok {
//		batch.Queue(query, args...)
//	}
//	batch.Queue(`UPDATE users SET name = $2 WHERE id = $1`, id, name)
//	return pool.SendBatch(ctx, batch).Close()
func Statement(ctx context.Context) (query string, args []any, ok bool) {
	joint := JointOf(ctx)
	if joint == nil {
		return "", nil, false
	}
	joint.mu.Lock()
	defer joint.mu.Unlock()
	if joint.query == "" {
		return "", nil, false
	}
	joint.asked = true
	return joint.query, joint.args, true
}
