// Package gobreakerstore wraps the state that circuit breakers of gobreaker share.
package gobreakerstore

import "github.com/sony/gobreaker/v2"

// State keeps the state of each breaker. Its locks are not data.
//
//go:generate go tool dualgen
//dualgen:primary Lock,Unlock
//dualgen:entity Data key=name get=none put=none delete=none
type State interface{ gobreaker.SharedDataStore }
