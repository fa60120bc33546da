// Package notarystore wraps the stores of the content signer notary.
package notarystore

import (
	"github.com/theupdateframework/notary/server/storage"
	client "github.com/theupdateframework/notary/storage"
	"github.com/theupdateframework/notary/trustmanager"
)

// Keys keeps private keys.
//
//go:generate go tool dualgen
//dualgen:entity Key key=keyID get=none put=none delete=none methods=AddKey,GetKey,GetKeyInfo
//dualgen:key AddKey privKey.ID
//dualgen:mirror AddKey replay
type Keys interface{ trustmanager.KeyStore }

// Files keeps files.
//
//go:generate go tool dualgen
//dualgen:entity File key=fileName get=none put=none delete=none
type Files interface{ trustmanager.Storage }

// Meta keeps the signed metadata of repositories, version by version.
//
//go:generate go tool dualgen
//dualgen:entity Repository key=gun get=none put=none delete=none methods=UpdateCurrent,UpdateMany,GetCurrent,GetChecksum,GetVersion,Delete
//dualgen:mirror UpdateCurrent,UpdateMany replay
type Meta interface{ storage.MetaStore }

// ServerKeys keeps the public keys of roles.
//
//go:generate go tool dualgen
//dualgen:entity Key key=gun,role get=none put=none delete=none
type ServerKeys interface{ storage.KeyStore }

// Blobs keeps signed metadata on a client.
//
//go:generate go tool dualgen
//dualgen:entity Blob key=name get=none put=none delete=none methods=GetSized,Set,SetMulti,Remove,RemoveAll
//dualgen:key SetMulti,RemoveAll none
//dualgen:mirror SetMulti,RemoveAll replay
type Blobs interface{ client.MetadataStore }
