// Package whatsappevents wraps an interface that cannot be wrapped as it is.
package whatsappevents

import "go.mau.fi/whatsmeow/store"

// Events keeps messages until they are handled, which is done in a transaction in the context.
//
//go:generate go tool dualgen
//dualgen:entity Event key=ciphertextHash get=none put=none delete=none methods=GetBufferedEvent,PutBufferedEvent,ClearBufferedEventPlaintext,DeleteOldBufferedHashes
//dualgen:key DeleteOldBufferedHashes none
//dualgen:mirror DeleteOldBufferedHashes,ClearBufferedEventPlaintext replay
type Events interface{ store.EventBuffer }
