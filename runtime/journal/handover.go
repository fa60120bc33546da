package journal

import "context"

// Handover is an optional part of a Journal, for a write whose key is known only once it was made: it begins under a token
// on the whole kind, and goes on under one on the key. With two calls, Begin of the key and End of the kind, the write's own two
// tokens overlap, so that the key turns dirty and is copied once more than it need be.
type Handover interface {
	// Handover is End of the whole kind's token, clean, and Begin of a key of that kind with the token's primary, in one
	// step. If the kind's token was not there, it returns ErrTokenLost as End does, and takes no token on the key.
	Handover(ctx context.Context, owner string, kind Token, key Key) (Token, error)
}
