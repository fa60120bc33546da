// Package dtlsstore wraps the session store of the DTLS implementation pion.
package dtlsstore

import "github.com/pion/dtls/v3"

// Sessions keeps sessions: a server by their identifiers, a client by the server's address. So the key is not the field ID.
//
//go:generate go tool dualgen
//dualgen:entity Resumption key=key get=none put=none delete=none methods=Set,Get,Del
type Sessions interface{ dtls.SessionStore }
