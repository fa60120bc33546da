// Package ethstore wraps the key-value interfaces of the Ethereum client go-ethereum.
package ethstore

import (
	"github.com/ethereum/go-ethereum/ethdb"
	"github.com/ethereum/go-ethereum/signer/storage"
)

// KeyValues is what a KeyValueStore is without batches and iterators.
//
//go:generate go tool dualgen
//dualgen:entity Value key=key get=none put=none delete=none methods=DeleteRange
//dualgen:key DeleteRange none
//dualgen:mirror DeleteRange replay
type KeyValues interface {
	ethdb.KeyValueReader
	ethdb.KeyValueWriter
	ethdb.KeyValueRangeDeleter
}

// Secrets keeps the signer's secrets.
//
//go:generate go tool dualgen
//dualgen:entity Secret key=key get=none put=none delete=none
type Secrets interface{ storage.Storage }
