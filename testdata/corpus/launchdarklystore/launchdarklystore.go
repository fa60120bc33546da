// Package launchdarklystore wraps the stores of feature flags of LaunchDarkly's server SDK.
package launchdarklystore

import "github.com/launchdarkly/go-server-sdk/v7/subsystems"

// Persistent keeps serialized flags.
//
//go:generate go tool dualgen
//dualgen:entity Item key=key get=none put=none delete=none methods=Get,Upsert,Init
//dualgen:write Init
//dualgen:key Init none
//dualgen:mirror Init,Upsert replay
//dualgen:read IsStoreAvailable
type Persistent interface {
	subsystems.PersistentDataStore
}

// Segments finds which segments a context is in.
//
//go:generate go tool dualgen
type Segments interface{ subsystems.BigSegmentStore }

// Flags keeps flags in memory.
//
//go:generate go tool dualgen
//dualgen:entity Item key=key get=none put=none delete=none methods=Get,Upsert,Init
//dualgen:write Init
//dualgen:key Init none
//dualgen:mirror Init,Upsert replay
type Flags interface{ subsystems.DataStore }
