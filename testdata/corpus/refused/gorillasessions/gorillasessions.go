// Package gorillasessions wraps an interface that cannot be wrapped as it is.
package gorillasessions

import "github.com/gorilla/sessions"

// Store writes cookies into the response.
//
//go:generate go tool dualgen
//dualgen:entity Session key=ID get=none methods=Get,New,Save
type Store interface{ sessions.Store }
