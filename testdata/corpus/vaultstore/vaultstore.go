package vaultstore

import (
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
)

//go:generate go tool dualgen
type Storage interface{ logical.Storage }

//go:generate go tool dualgen
type Backend interface{ physical.Backend }

// Transactional also changes several entries at once.
//
//go:generate go tool dualgen
//dualgen:entity Entry methods=Delete,Transaction
//dualgen:write Transaction
//dualgen:key Transaction none
//dualgen:mirror Transaction replay
type Transactional interface {
	physical.TransactionalBackend
}
