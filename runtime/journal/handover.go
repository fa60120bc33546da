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

// HandoverMany is Handover for a write that makes several keys of one kind: an optional part of a Journal, too.
type HandoverMany interface {
	// HandoverMany is End of the whole kind's token, clean, and Begin of each key with the token's primary, in one step. The keys are
	// distinct, and of one kind; without any nothing is done. If the kind's token was not there, it returns ErrTokenLost, and takes no
	// token. A journal whose steps span no two keys may take the keys' tokens first: these do not overlap the kind's.
	HandoverMany(ctx context.Context, owner string, kind Token, keys []Key) ([]Token, error)
}
