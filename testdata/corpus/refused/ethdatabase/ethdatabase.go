// Package ethdatabase wraps an interface that cannot be wrapped as it is.
package ethdatabase

import "github.com/ethereum/go-ethereum/ethdb"

// KeyValues hands out batches.
//
//go:generate go tool dualgen
//dualgen:write Compact,NewBatch
//dualgen:key DeleteRange,Compact,SyncKeyValue,NewBatch,NewBatchWithSize none
//dualgen:read NewIterator
//dualgen:entity Value key=key get=none put=none delete=none methods=Put,Delete,DeleteRange,Compact,SyncKeyValue,NewBatch,NewBatchWithSize
type KeyValues interface{ ethdb.KeyValueStore }
