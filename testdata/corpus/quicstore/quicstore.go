// Package quicstore wraps the token store of quic-go.
package quicstore

import "github.com/quic-go/quic-go"

// Tokens keeps address validation tokens. Each is used once.
//
//go:generate go tool dualgen
//dualgen:entity Token key=key get=none put=none delete=none methods=Put,Pop
//dualgen:mirror Pop replay
type Tokens interface{ quic.TokenStore }
