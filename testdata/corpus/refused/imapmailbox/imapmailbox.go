// Package imapmailbox wraps an interface that cannot be wrapped as it is.
package imapmailbox

import "github.com/emersion/go-imap/backend"

// Mailbox sends messages into a channel that it is given.
//
//go:generate go tool dualgen
//dualgen:read Name,Info,Status
//dualgen:entity Messages key=none get=none put=none delete=none methods=CreateMessage,UpdateMessagesFlags,CopyMessages,Expunge,SetSubscribed,Check,ListMessages,SearchMessages
//dualgen:write Check,CopyMessages,Expunge
//dualgen:mirror UpdateMessagesFlags,CopyMessages,Expunge,SetSubscribed,Check replay
type Mailbox interface{ backend.Mailbox }
