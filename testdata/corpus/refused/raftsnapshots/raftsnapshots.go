// Package raftsnapshots wraps an interface that cannot be wrapped as it is.
package raftsnapshots

import "github.com/hashicorp/raft"

// Snapshots hands out a sink that a snapshot is written to.
//
//go:generate go tool dualgen
//dualgen:entity Snapshots key=none get=none put=none delete=none methods=Create
//dualgen:read Open
type Snapshots interface{ raft.SnapshotStore }
