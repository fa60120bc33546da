// Package gluonstore wraps where the mail server gluon keeps messages.
package gluonstore

import (
	"bytes"
	"errors"
	"io/fs"

	"github.com/ProtonMail/gluon/imap"
	"github.com/ProtonMail/gluon/store"
)

// Message is a message with its content.
type Message struct {
	ID   string
	Data []byte
}

// Messages keeps messages by their identifiers, which are structs: their text is the key. A message is given as a stream,
// which one store uses up: it is copied.
//
//go:generate go tool dualgen
//dualgen:entity Message key=ID get=get put=set delete=remove methods=Get,Set,Delete
//dualgen:key Get,Set messageID.String
//dualgen:key Delete none
//dualgen:mirror Delete replay
type Messages interface{ store.Store }

func get(messages Messages, id string) (Message, bool, error) {
	messageID, err := imap.InternalMessageIDFromString(id)
	if err != nil {
		return Message{}, false, err
	}
	data, err := messages.Get(messageID)
	if errors.Is(err, fs.ErrNotExist) {
		return Message{}, false, nil
	}
	return Message{id, data}, err == nil, err
}

func set(messages Messages, message Message) error {
	id, err := imap.InternalMessageIDFromString(message.ID)
	if err != nil {
		return err
	}
	return messages.Set(id, bytes.NewReader(message.Data))
}

func remove(messages Messages, id string) error {
	messageID, err := imap.InternalMessageIDFromString(id)
	if err != nil {
		return err
	}
	if err := messages.Delete(messageID); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
