// Package ctstore wraps where the certificate transparency log keeps the chains of issuers.
package ctstore

import (
	"github.com/google/certificate-transparency-go/trillian/ctfe/cache"
	"github.com/google/certificate-transparency-go/trillian/ctfe/storage"
)

// Chains keeps chains by their hash: adding one again changes nothing.
//
//go:generate go tool dualgen
//dualgen:entity Chain key=key get=none put=none delete=none
//dualgen:mirror Add replay
type Chains interface {
	storage.IssuanceChainStorage
}

// Cache keeps the chains that were used last.
//
//go:generate go tool dualgen
//dualgen:entity Chain key=key get=none put=none delete=none
type Cache interface{ cache.IssuanceChainCache }
