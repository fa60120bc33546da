package plain

import (
	"github.com/alexedwards/scs/v2"
	"github.com/ethereum/go-ethereum/ethdb"
	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// KeyValues is a key-value store of go-ethereum without its batches.
//
//go:generate go tool dualgen
type KeyValues interface {
	ethdb.KeyValueReader
	ethdb.KeyValueWriter
	ethdb.KeyValueRangeDeleter
}

// Cache is a cache of numbers by names.
//
//go:generate go tool dualgen
type Cache interface {
	simplelru.LRUCache[string, int]
}

// Iterable keeps sessions that can be listed.
//
//go:generate go tool dualgen
type Iterable interface {
	scs.Store
	scs.IterableStore
}

// IterableCtx keeps sessions that can be listed, with contexts.
//
//go:generate go tool dualgen
type IterableCtx interface {
	scs.CtxStore
	scs.IterableCtxStore
}
