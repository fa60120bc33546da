// Package gooseversions wraps an interface that cannot be wrapped as it is.
package gooseversions

import "github.com/pressly/goose/v3/database"

// Store is given a connection with each call.
//
//go:generate go tool dualgen
//dualgen:read Tablename
//dualgen:key CreateVersionTable,Insert none
//dualgen:entity Migration key=version get=none put=none delete=none methods=CreateVersionTable
type Store interface{ database.Store }
