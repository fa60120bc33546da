// Package casbintransactions wraps an interface that cannot be wrapped as it is.
package casbintransactions

import "github.com/casbin/casbin/v2/persist"

// Adapter begins transactions that outlive the call.
//
//go:generate go tool dualgen
//dualgen:read LoadPolicy
//dualgen:write BeginTransaction
//dualgen:key BeginTransaction none
//dualgen:mirror AddPolicy,RemovePolicy,RemoveFilteredPolicy,SavePolicy,BeginTransaction replay
//dualgen:entity Policy key=none get=none put=none delete=none methods=BeginTransaction,RemoveFilteredPolicy
type Adapter interface{ persist.TransactionalAdapter }
