// Package limiterstore wraps the counters of the rate limiter limiter.
package limiterstore

import "github.com/ulule/limiter/v3"

// Store counts requests. Get counts one; Peek only looks.
//
//go:generate go tool dualgen
//dualgen:entity Counter key=key get=none put=none delete=none methods=Get,Peek,Reset,Increment
//dualgen:write Get
//dualgen:mirror Get,Reset,Increment replay
type Store interface{ limiter.Store }
