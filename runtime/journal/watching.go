package journal

import (
	"context"

	"github.com/dualgen/dualgen/runtime/phase"
)

// Watching is an optional part of a Journal, and what a journal needs whose BeginAgreed does not look at the key's whole
// kind. It serves a write that lists the keys it may touch: that listing misses the keys which others change until the
// write is done, so that those must turn dirty by themselves.
type Watching interface {
	// BeginWatching is Begin of a whole kind. Its End, if clean, makes each key of the kind dirty that had a token in the
	// meantime, whatever took it, before the kind's token is gone.
	BeginWatching(ctx context.Context, owner string, kind Key, primary phase.Store) (Token, error)
}
