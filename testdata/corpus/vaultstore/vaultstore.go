package vaultstore

import (
	"github.com/hashicorp/vault/sdk/logical"
	"github.com/hashicorp/vault/sdk/physical"
)

//go:generate go tool dualgen
type Storage interface{ logical.Storage }

//go:generate go tool dualgen
type Backend interface{ physical.Backend }
