package journal

import (
	"context"
	"time"
)

// Claims is an optional part of a Journal: what BeginCopy does, for many keys in one call.
type Claims interface {
	// BeginCopies is BeginCopy of each key, of which none is a whole kind, and none is there twice. tokens[i] belongs to keys[i];
	// it is the zero Token where BeginCopy would return false. Each key's claim is a step of its own.
	BeginCopies(ctx context.Context, owner string, keys []Key, idle time.Duration) ([]Token, error)
}
