// Package scsstore wraps the session stores of scs.
package scsstore

import "github.com/alexedwards/scs/v2"

// Store keeps sessions by their token.
//
//go:generate go tool dualgen
//dualgen:entity Session key=token get=none put=none delete=none
//dualgen:mirror Commit replay
type Store interface{ scs.Store }

// CtxStore has every method twice, with and without a context.
//
//go:generate go tool dualgen
//dualgen:entity Session key=token get=none put=none delete=none
//dualgen:mirror Commit,CommitCtx replay
type CtxStore interface{ scs.CtxStore }

// Iterable lists its sessions.
//
//go:generate go tool dualgen
//dualgen:entity Session key=token get=none put=none delete=none
//dualgen:mirror Commit replay
type Iterable interface {
	scs.Store
	scs.IterableStore
}

// IterableCtx lists its sessions, with and without a context.
//
//go:generate go tool dualgen
//dualgen:entity Session key=token get=none put=none delete=none
//dualgen:mirror Commit,CommitCtx replay
type IterableCtx interface {
	scs.CtxStore
	scs.IterableCtxStore
}
