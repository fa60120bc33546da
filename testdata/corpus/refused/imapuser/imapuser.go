// Package imapuser wraps an interface that cannot be wrapped as it is.
package imapuser

import "github.com/emersion/go-imap/backend"

// User hands out mailboxes that are written to.
//
//go:generate go tool dualgen
//dualgen:read Username
//dualgen:lifecycle Logout
//dualgen:entity Mailboxes key=none get=none put=none delete=none methods=CreateMailbox,DeleteMailbox,RenameMailbox
type User interface{ backend.User }
