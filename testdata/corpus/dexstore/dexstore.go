// Package dexstore wraps the storage of the identity service dex: seven kinds of entities in one interface.
package dexstore

import (
	"errors"

	"github.com/dexidp/dex/storage"
)

// Storage keeps what dex knows of clients, logins and tokens.
//
//go:generate go tool dualgen
//dualgen:entity AuthCode key=ID put=putAuthCode
//dualgen:entity RefreshToken key=ID put=UpdateRefreshToken,CreateRefresh methods=GetRefresh,DeleteRefresh
//dualgen:entity Keys key=none get=GetKeys put=UpdateKeys delete=none
//dualgen:entity AuthRequest methods=GarbageCollect
//dualgen:key DeleteAuthCode code
//dualgen:key GarbageCollect none
//dualgen:mirror GarbageCollect replay
type Storage interface{ storage.Storage }

// putAuthCode replaces a code: codes are created and used up, never changed.
func putAuthCode(store Storage, code storage.AuthCode) error {
	if err := store.DeleteAuthCode(code.ID); err != nil && !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	return store.CreateAuthCode(code)
}
