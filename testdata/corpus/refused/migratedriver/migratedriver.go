// Package migratedriver wraps an interface that cannot be wrapped as it is.
package migratedriver

import "github.com/golang-migrate/migrate/v4/database"

// Driver opens another of its own.
//
//go:generate go tool dualgen
//dualgen:read Version
//dualgen:primary Lock,Unlock
//dualgen:write Run
//dualgen:entity Database key=none get=none put=none delete=none methods=Run,SetVersion,Drop
//dualgen:mirror Run,SetVersion,Drop replay
type Driver interface{ database.Driver }
