// Package storjstore wraps the revocations of the peer certificates of storj.
package storjstore

import "storj.io/common/peertls/extensions"

// Revocations keeps the newest revocation of each chain: an older one is ignored. What a chain is kept under is the
// store's affair: to us all revocations are one.
//
//go:generate go tool dualgen
//dualgen:entity Revocations key=none get=none put=none delete=none methods=Get,Put,List
type Revocations interface{ extensions.RevocationDB }
