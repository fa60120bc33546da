// Package trillianadmin wraps an interface that cannot be wrapped as it is.
package trillianadmin

import "github.com/google/trillian/storage"

// Admin runs a function over another interface in a transaction.
//
//go:generate go tool dualgen
//dualgen:read Snapshot
//dualgen:write ReadWriteTransaction
//dualgen:entity Trees key=none get=none put=none delete=none methods=ReadWriteTransaction
//dualgen:lifecycle CheckDatabaseAccessible
type Admin interface{ storage.AdminStorage }
