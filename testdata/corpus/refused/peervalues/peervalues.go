// Package peervalues wraps an interface that cannot be wrapped as it is.
package peervalues

import "github.com/libp2p/go-libp2p/core/routing"

// Values sends what it finds through a channel.
//
//go:generate go tool dualgen
//dualgen:entity Value key=s get=none put=none delete=none methods=PutValue,GetValue
//dualgen:key PutValue,GetValue s
type Values interface{ routing.ValueStore }
